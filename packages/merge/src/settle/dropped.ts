import type { Dropped, Versions } from '../merge.ts';

/** Lines that one side added to the base and that the text has fewer of. */
export const droppedLines = ({ base, ours, theirs }: Versions, text: string): readonly Dropped[] => {
  const before = countLines(base);
  const after = countLines(text);
  const of = (side: Dropped['side'], lines: readonly string[]): readonly Dropped[] => {
    const seen = new Map<string, number>();
    return lines.flatMap((line, index) => {
      const key = line.trim();
      const nth = (seen.get(key) ?? 0) + 1;
      seen.set(key, nth);
      const isAdded = key !== '' && nth > (before.get(key) ?? 0);
      return isAdded && nth > (after.get(key) ?? 0) ? [{ side, line: index + 1, text: line }] : [];
    });
  };
  return [...of('ours', ours.split('\n')), ...of('theirs', theirs.split('\n'))];
};

const countLines = (text: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) counts.set(line.trim(), (counts.get(line.trim()) ?? 0) + 1);
  return counts;
};
