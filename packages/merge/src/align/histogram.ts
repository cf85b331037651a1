import { type Region, type Run, shortest, trim } from './shortest.ts';

type Keys = readonly number[];

/** What occurs more often than this is a brace or a blank: it says nothing about what belongs together. */
const maxOccurrences = 64;

/**
 * What two sequences have in common, in order: the rarest common stretch first, then left and right of it; where
 * everything is frequent, the shortest edit script.
 */
export const alignRarest = (a: Keys, b: Keys): readonly Run[] => {
  const runs: Run[] = [];
  const todo: Region[] = [{ a: 0, aEnd: a.length, b: 0, bEnd: b.length }];
  for (let region = todo.pop(); region !== undefined; region = todo.pop()) {
    const inner = trim(a, b, region, runs);
    if (inner.a === inner.aEnd || inner.b === inner.bEnd) continue;
    const anchor = rarest(a, b, inner);
    if (anchor === 'nothing in common') continue;
    if (anchor === 'too frequent') {
      runs.push(...(shortest(a, b, inner) ?? []));
      continue;
    }
    runs.push(anchor);
    todo.push({ a: inner.a, aEnd: anchor.a, b: inner.b, bEnd: anchor.b });
    todo.push({
      a: anchor.a + anchor.length,
      aEnd: inner.aEnd,
      b: anchor.b + anchor.length,
      bEnd: inner.bEnd,
    });
  }
  return joined(runs.sort((left, right) => left.a - right.a));
};

const rarest = (a: Keys, b: Keys, region: Region): Run | 'nothing in common' | 'too frequent' => {
  const places = placesOf(a, region);
  let best: Run | null = null;
  let fewest = maxOccurrences + 1;
  let common = false;
  for (let at = region.b; at < region.bEnd; ) {
    let next = at + 1;
    const found = places.get(b[at]!) ?? [];
    common ||= found.length > 0;
    for (const place of found.length <= fewest ? found : []) {
      const run = extend(a, b, region, { a: place, b: at });
      next = Math.max(next, run.b + run.length);
      let count = found.length;
      for (let step = 0; step < run.length; step += 1)
        count = Math.min(count, places.get(a[run.a + step]!)!.length);
      if (best === null || count < fewest || (count === fewest && run.length > best.length)) {
        best = run;
        fewest = count;
      }
    }
    at = next;
  }
  return best ?? (common ? 'too frequent' : 'nothing in common');
};

const placesOf = (a: Keys, region: Region): ReadonlyMap<number, readonly number[]> => {
  const places = new Map<number, number[]>();
  for (let at = region.a; at < region.aEnd; at += 1) {
    const known = places.get(a[at]!);
    if (known === undefined) places.set(a[at]!, [at]);
    else known.push(at);
  }
  return places;
};

const extend = (a: Keys, b: Keys, region: Region, at: { readonly a: number; readonly b: number }): Run => {
  let before = 0;
  while (
    at.a - before > region.a &&
    at.b - before > region.b &&
    a[at.a - before - 1] === b[at.b - before - 1]
  )
    before += 1;
  let after = 1;
  while (at.a + after < region.aEnd && at.b + after < region.bEnd && a[at.a + after] === b[at.b + after])
    after += 1;
  return { a: at.a - before, b: at.b - before, length: before + after };
};

const joined = (runs: readonly Run[]): readonly Run[] => {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (last !== undefined && last.a + last.length === run.a && last.b + last.length === run.b)
      result[result.length - 1] = { ...last, length: last.length + run.length };
    else result.push(run);
  }
  return result;
};
