import type { TestRun } from '@tandem/protocol';

type Tests = NonNullable<TestRun['tests']>;

/** Names kept of one run; more would fill the log, and then only the exit code is compared. */
const maxNames = 5_000;
const maxName = 200;

const ansi: RegExp = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
/** How long it took, and how many there were, differ from run to run. */
const tail = /\s+(?:\(?\d+(?:\.\d+)?\s?m?s\)?|\(\d+ tests?(?: \|[^)]*)?\))(?=\s|$)/g;

/** A line of a runner's output that names a test; group 1 is the name, or the outcome where group 2 is the name. */
const passes: readonly RegExp[] = [
  /^\s*ok \d+ -? ?(.+?)$/, // TAP
  /^\s*[✔✓√] (.+)$/, // node, vitest, jest, mocha
  /^(\S+::.+?) PASSED\b/, // pytest -v
  /^PASSED (\S+::.+)$/, // pytest -rA
  /^(\w+ \([\w.]+\)).*\.\.\. ok$/, // unittest -v
  /^\s*--- PASS: (\S+)/, // go
  /^test (\S+) \.\.\. ok$/, // cargo
];
const fails: readonly RegExp[] = [
  /^\s*not ok \d+ -? ?(.+?)$/,
  /^\s*[✖✕×✗] (.+)$/,
  /^(\S+::.+?) (?:FAILED|ERROR)\b/,
  /^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$/,
  /^(\w+ \([\w.]+\)).*\.\.\. (?:FAIL|ERROR)$/,
  /^(?:FAIL|ERROR): (\w+ \([\w.]+\))/,
  /^\s*--- FAIL: (\S+)/,
  /^test (\S+) \.\.\. FAILED$/,
];
/** Heads of lists of failures, which look like tests. */
const heading = /^(failing tests:|failed tests)/i;

/** The tests that an output names, by outcome; null where it names none, or too many to keep. */
export const testsIn = (output: string): Tests | null => {
  const passed = new Set<string>();
  const failed = new Set<string>();
  for (const line of output.replace(ansi, '').split('\n')) {
    const clean = line.trimEnd();
    const good = nameIn(clean, passes);
    const bad = good === null ? nameIn(clean, fails) : null;
    if (good !== null) passed.add(good);
    if (bad !== null) failed.add(bad);
  }
  for (const name of failed) passed.delete(name);
  const count = passed.size + failed.size;
  return count === 0 || count > maxNames ? null : { passed: [...passed], failed: [...failed] };
};

const nameIn = (line: string, patterns: readonly RegExp[]): string | null => {
  for (const pattern of patterns) {
    const name = pattern.exec(line)?.[1];
    if (name === undefined || heading.test(name) || /#\s*(?:SKIP|TODO)\b/i.test(name)) continue;
    return name.replace(tail, '').trim().slice(0, maxName);
  }
  return null;
};

/**
 * What passed in the first run and does not in the second: each test by name where both outputs name them, one that is
 * gone included; else the command as a whole.
 */
export const regressionsOf = (before: TestRun | null, after: TestRun | null): readonly string[] => {
  if (before === null || after === null) return [];
  const named = before.tests === null || after.tests === null ? [] : lost(before.tests, after.tests);
  if (named.length > 0 || before.exit !== 0 || after.exit === 0) return named;
  return [`${after.command} (exit ${after.exit})`];
};

const lost = (before: Tests, after: Tests): readonly string[] => {
  // A runner that names only what fails says nothing of what passed: then all that did not fail is taken to have.
  const passedBefore = (name: string): boolean =>
    before.passed.length > 0 ? before.passed.includes(name) : !before.failed.includes(name);
  const seen = new Set([...after.passed, ...after.failed]);
  const gone = after.passed.length === 0 ? [] : before.passed.filter((name) => !seen.has(name));
  return [...after.failed.filter(passedBefore), ...gone.map((name) => `${name} (gone)`)];
};
