import type { Run } from './shortest.ts';

type Keys = readonly number[];
type Change = { readonly a: number; readonly aEnd: number; readonly b: number; readonly bEnd: number };

/**
 * Moves what was only added or only removed to where people expect it: together with a change that it can reach, else
 * as far down as equal lines allow. Two sides that add at one place then agree on the place.
 */
export const slide = (a: Keys, b: Keys, runs: readonly Run[]): readonly Run[] => {
  const changes = between(runs, a.length, b.length);
  const done: Change[] = [];
  for (let at = 0; at < changes.length; at += 1) {
    const change = changes[at]!;
    const floor = done.at(-1) ?? { a: 0, aEnd: 0, b: 0, bEnd: 0 };
    const next = changes[at + 1];
    const isFirst = done.length === 0;
    const up = reach(a, b, change, -1, change.a - floor.aEnd);
    if (!isFirst && up === change.a - floor.aEnd && up > 0 && isPure(change)) {
      done[done.length - 1] = { a: floor.a, aEnd: change.aEnd - up, b: floor.b, bEnd: change.bEnd - up };
      changes[at] = done.pop()!;
      at -= 1;
      continue;
    }
    const room = (next?.a ?? a.length) - change.aEnd;
    const down = reach(a, b, change, 1, room);
    const moved = shifted(change, down);
    if (next !== undefined && down === room && down > 0) {
      changes[at + 1] = { a: moved.a, aEnd: next.aEnd, b: moved.b, bEnd: next.bEnd };
      continue;
    }
    done.push(moved);
  }
  return complement(done, a.length, b.length);
};

const isPure = (change: Change): boolean => change.a === change.aEnd || change.b === change.bEnd;

const shifted = (change: Change, by: number): Change => ({
  a: change.a + by,
  aEnd: change.aEnd + by,
  b: change.b + by,
  bEnd: change.bEnd + by,
});

/** How many lines an addition or a removal can move without changing what the texts are. */
const reach = (a: Keys, b: Keys, change: Change, step: 1 | -1, room: number): number => {
  if (!isPure(change)) return 0;
  const [keys, start, end] =
    change.a === change.aEnd ? [b, change.b, change.bEnd] : [a, change.a, change.aEnd];
  let moved = 0;
  if (step === 1) while (moved < room && keys[start + moved] === keys[end + moved]) moved += 1;
  else while (moved < room && keys[start - moved - 1] === keys[end - moved - 1]) moved += 1;
  return moved;
};

const between = (runs: readonly Run[], aLength: number, bLength: number): Change[] => {
  const changes: Change[] = [];
  let a = 0;
  let b = 0;
  for (const run of [...runs, { a: aLength, b: bLength, length: 0 }]) {
    if (run.a > a || run.b > b) changes.push({ a, aEnd: run.a, b, bEnd: run.b });
    a = run.a + run.length;
    b = run.b + run.length;
  }
  return changes;
};

const complement = (changes: readonly Change[], aLength: number, bLength: number): readonly Run[] => {
  const runs: Run[] = [];
  let a = 0;
  let b = 0;
  for (const change of [...changes, { a: aLength, aEnd: aLength, b: bLength, bEnd: bLength }]) {
    if (change.a > a) runs.push({ a, b, length: change.a - a });
    a = change.aEnd;
    b = change.bEnd;
  }
  return runs;
};
