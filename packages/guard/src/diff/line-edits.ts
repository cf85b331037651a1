/** A stretch of lines that was replaced by another; one of the two may be empty. Ends are exclusive, 0-based. */
export type Block = {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
};

/** Past this many differing lines an exact answer costs quadratic time, and is no easier to read than a rough one. */
const maxDistance = 600;

/** The shortest way from one list of lines to the other (Myers); blanks at the ends of lines do not count. */
export const lineEdits = (before: readonly string[], after: readonly string[]): readonly Block[] => {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let beforeEnd = before.length;
  let afterEnd = after.length;
  while (beforeEnd > start && afterEnd > start && before[beforeEnd - 1] === after[afterEnd - 1]) {
    beforeEnd -= 1;
    afterEnd -= 1;
  }
  const left = before.slice(start, beforeEnd);
  const right = after.slice(start, afterEnd);
  const kept = commonLines(left, right);
  const blocks: Block[] = [];
  let x = 0;
  let y = 0;
  for (const [nextX, nextY] of [...kept, [left.length, right.length] as const]) {
    if (nextX > x || nextY > y) {
      blocks.push({
        beforeStart: start + x,
        beforeEnd: start + nextX,
        afterStart: start + y,
        afterEnd: start + nextY,
      });
    }
    x = nextX + 1;
    y = nextY + 1;
  }
  return blocks;
};

/** Pairs of places of the lines that stay, in order. */
const commonLines = (
  left: readonly string[],
  right: readonly string[],
): readonly (readonly [number, number])[] => {
  if (left.length === 0 || right.length === 0) return [];
  const size = left.length + right.length;
  const limit = Math.min(size, maxDistance);
  const furthest = new Int32Array(2 * limit + 3);
  const middle = limit + 1;
  const trail: Int32Array[] = [];
  for (let distance = 0; distance <= limit; distance += 1) {
    trail.push(furthest.slice(middle - distance - 1, middle + distance + 2));
    for (let k = -distance; k <= distance; k += 2) {
      const down =
        k === -distance || (k !== distance && furthest[middle + k - 1]! < furthest[middle + k + 1]!);
      let x = down ? furthest[middle + k + 1]! : furthest[middle + k - 1]! + 1;
      while (x < left.length && x - k < right.length && left[x] === right[x - k]) x += 1;
      furthest[middle + k] = x;
      if (x >= left.length && x - k >= right.length) return walkBack(trail, left.length, right.length);
    }
  }
  return [];
};

const walkBack = (
  trail: readonly Int32Array[],
  width: number,
  height: number,
): readonly (readonly [number, number])[] => {
  const pairs: (readonly [number, number])[] = [];
  let x = width;
  let y = height;
  for (let distance = trail.length - 1; distance >= 0; distance -= 1) {
    const row = trail[distance]!;
    const middle = distance + 1;
    const k = x - y;
    const down = k === -distance || (k !== distance && row[middle + k - 1]! < row[middle + k + 1]!);
    const previousK = down ? k + 1 : k - 1;
    const previousX = distance === 0 ? 0 : row[middle + previousK]!;
    const previousY = distance === 0 ? 0 : previousX - previousK;
    while (x > previousX && y > previousY) pairs.push([--x, --y]);
    x = previousX;
    y = previousY;
  }
  return pairs.reverse();
};
