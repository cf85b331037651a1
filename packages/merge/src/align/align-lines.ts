import { alignRarest } from './histogram.ts';
import { type Run, shortest, trim } from './shortest.ts';
import { slide } from './slide.ts';

/** As `git merge-file` aligns lines: the fewest edits, each where people expect it. */
export const alignLines = (a: readonly number[], b: readonly number[]): readonly Run[] => {
  const ends: Run[] = [];
  const inner = trim(a, b, { a: 0, aEnd: a.length, b: 0, bEnd: b.length }, ends);
  const within = shortest(a, b, inner);
  const runs = within === null ? alignRarest(a, b) : [...ends, ...within];
  return slide(
    a,
    b,
    runs.toSorted((left, right) => left.a - right.a),
  );
};
