import type { Versions } from '../merge.ts';
import { linesOf } from '../text/shape.ts';
import { bare } from '../text/tokens.ts';

/** What is left of lines that both sides keep in order and added to or took from. Null where they are in no order. */
export const sortLines = (versions: Versions): string | null => {
  const [base, ours, theirs] = [linesOf(versions.base), linesOf(versions.ours), linesOf(versions.theirs)];
  const isList = (lines: readonly string[]): boolean =>
    lines.length > 0 && isSorted(lines) && lines.every((line) => line.trim() !== '');
  if (!isList(ours) || !isList(theirs)) return null;
  const kept = ours.filter((line) => theirs.includes(line) || !base.includes(line));
  const added = theirs.filter((line) => !ours.includes(line) && !base.includes(line));
  return [...kept, ...added].sort(compare).join('');
};

/** In the order of their words, capitals aside. */
export const isSorted = (lines: readonly string[]): boolean =>
  lines.every((line, index) => index === 0 || compare(lines[index - 1]!, line) <= 0);

const compare = (a: string, b: string): number => {
  const [left, right] = [bare(a).toLowerCase(), bare(b).toLowerCase()];
  return left < right ? -1 : Number(left > right);
};
