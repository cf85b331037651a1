/**
 * The share of the tests that passed, as common runners sum it up (pytest, unittest, Jest, Vitest, Mocha, node:test, TAP,
 * Cargo); null where the output says nothing of it. What a program prints may look alike: for ranking failures only.
 */
export const shareOfTests = (output: string): number | null => {
  const ran = lastNumber(output, /^Ran (\d+) tests? in /gm);
  if (ran !== null && ran > 0) {
    const lost = ['failures', 'errors'].map(
      (what) => lastNumber(output, new RegExp(`^FAILED \\(.*\\b${what}=(\\d+)`, 'gm')) ?? 0,
    );
    return Math.max(0, ran - lost.reduce((sum, count) => sum + count, 0)) / ran;
  }
  const passed = lastNumber(output, /\b(\d+) (?:passed|passing)\b|^[#ℹ] pass (\d+)$/gm);
  const failed = lastNumber(output, /\b(\d+) (?:failed|failing)\b|^[#ℹ] fail (\d+)$/gm);
  if (passed === null && failed === null) return null;
  const all = (passed ?? 0) + (failed ?? 0);
  return all === 0 ? null : (passed ?? 0) / all;
};

const lastNumber = (text: string, pattern: RegExp): number | null => {
  const match = [...text.matchAll(pattern)].at(-1);
  const digits = match?.slice(1).find((group) => group !== undefined);
  return digits === undefined ? null : Number(digits);
};
