/** Elements `a..a+length` of one sequence equal elements `b..b+length` of the other. 0-based. */
export type Run = { readonly a: number; readonly b: number; readonly length: number };
export type Region = { readonly a: number; readonly aEnd: number; readonly b: number; readonly bEnd: number };

type Keys = readonly number[];

/** Past this many edits the square cost of the shortest script shows, and its script says little. */
const maxEdits = 1500;

/** The equal ends go to the runs; what lies between them is the answer. */
export const trim = (a: Keys, b: Keys, region: Region, runs: Run[]): Region => {
  let { a: aStart, b: bStart, aEnd, bEnd } = region;
  while (aStart < aEnd && bStart < bEnd && a[aStart] === b[bStart]) {
    aStart += 1;
    bStart += 1;
  }
  while (aStart < aEnd && bStart < bEnd && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd -= 1;
    bEnd -= 1;
  }
  if (aStart > region.a) runs.push({ a: region.a, b: region.b, length: aStart - region.a });
  if (aEnd < region.aEnd) runs.push({ a: aEnd, b: bEnd, length: region.aEnd - aEnd });
  return { a: aStart, aEnd, b: bStart, bEnd };
};

/** What two sequences have in common by the fewest edits (Myers, greedy). Null where that would be too many. */
export const shortest = (a: Keys, b: Keys, region: Region): readonly Run[] | null => {
  const n = region.aEnd - region.a;
  const m = region.bEnd - region.b;
  const limit = Math.min(n + m, maxEdits);
  const middle = limit + 1;
  const furthest = new Int32Array(2 * limit + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= limit; edits += 1) {
    trace.push(furthest.slice(middle - edits - 1, middle + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && furthest[middle + k - 1]! < furthest[middle + k + 1]!);
      let x = down ? furthest[middle + k + 1]! : furthest[middle + k - 1]! + 1;
      while (x < n && x - k < m && a[region.a + x] === b[region.b + x - k]) x += 1;
      furthest[middle + k] = x;
      if (x >= n && x - k >= m) return walkBack(trace, region, edits);
    }
  }
  return null;
};

const walkBack = (trace: readonly Int32Array[], region: Region, edits: number): readonly Run[] => {
  const runs: Run[] = [];
  let x = region.aEnd - region.a;
  let y = region.bEnd - region.b;
  for (let step = edits; step >= 0; step -= 1) {
    const row = trace[step]!;
    const read = (k: number): number => row[k + step + 1]!;
    const k = x - y;
    const down = k === -step || (k !== step && read(k - 1) < read(k + 1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = step === 0 ? 0 : read(fromK);
    const startX = step === 0 ? 0 : down ? fromX : fromX + 1;
    if (x > startX) runs.push({ a: region.a + startX, b: region.b + startX - k, length: x - startX });
    x = fromX;
    y = fromX - fromK;
  }
  return runs.reverse();
};
