import type { Run } from './shortest.ts';

/** Half-open. */
export type Range = { readonly start: number; readonly end: number };
export type Three<T> = { readonly base: T; readonly ours: T; readonly theirs: T };
export type Keys = readonly number[];

/** A stretch of three sequences and who changed it. Where both did, alike or not. */
export type Chunk = Three<Range> & { readonly by: 'nobody' | 'ours' | 'theirs' | 'both alike' | 'both' };

type Change = { readonly base: Range; readonly side: Range };

export type Diff3Options = {
  readonly align: (a: Keys, b: Keys) => readonly Run[];
  /** Changes that touch without overlapping: one stretch, as in every line merge, or two. */
  readonly touching: 'together' | 'apart';
};

/** Three sequences cut into stretches. Nothing lies between two of them. */
export const diff3 = (keys: Three<Keys>, { align, touching }: Diff3Options): readonly Chunk[] => {
  const ours = changesOf(align(keys.base, keys.ours), keys.base.length, keys.ours.length);
  const theirs = changesOf(align(keys.base, keys.theirs), keys.base.length, keys.theirs.length);
  const chunks: Chunk[] = [];
  const at = { base: 0, ours: 0, theirs: 0 };
  const advance = (by: Chunk['by'], to: Three<number>): void => {
    const range = (side: keyof typeof at): Range => ({ start: at[side], end: to[side] });
    const chunk = { base: range('base'), ours: range('ours'), theirs: range('theirs') };
    chunks.push({ by: by === 'both' && isAlike(keys, chunk) ? 'both alike' : by, ...chunk });
    Object.assign(at, to);
  };
  const keep = (until: number): void => {
    const length = until - at.base;
    if (length > 0) advance('nobody', { base: until, ours: at.ours + length, theirs: at.theirs + length });
  };
  for (let next = { o: 0, t: 0 }; next.o < ours.length || next.t < theirs.length; ) {
    const group = nextGroup({ ours, theirs, from: next, touching });
    keep(group.start);
    const [last, lastOther] = [ours[group.o - 1], theirs[group.t - 1]];
    const [byOurs, byTheirs] = [group.o > next.o, group.t > next.t];
    advance(byOurs ? (byTheirs ? 'both' : 'ours') : 'theirs', {
      base: group.end,
      ours: byOurs ? last!.side.end + group.end - last!.base.end : at.ours + group.end - group.start,
      theirs: byTheirs
        ? lastOther!.side.end + group.end - lastOther!.base.end
        : at.theirs + group.end - group.start,
    });
    next = { o: group.o, t: group.t };
  }
  keep(keys.base.length);
  return chunks;
};

type Group = Range & { readonly o: number; readonly t: number };

/** The next change, with all that it meets on the other side and what those meet in turn. */
const nextGroup = ({
  ours,
  theirs,
  from,
  touching,
}: {
  readonly ours: readonly Change[];
  readonly theirs: readonly Change[];
  readonly from: { readonly o: number; readonly t: number };
  readonly touching: Diff3Options['touching'];
}): Group => {
  let { o, t } = from;
  const [mine, other] = [ours[o]?.base, theirs[t]?.base];
  const isOurs = other === undefined || (mine !== undefined && comesFirst(mine, other));
  let { start, end } = (isOurs ? mine : other)!;
  if (isOurs) o += 1;
  else t += 1;
  const meets = (change: Change | undefined): change is Change =>
    change !== undefined && meet(change.base, { start, end }, touching);
  for (let grown = true; grown; ) {
    grown = false;
    for (; meets(ours[o]); o += 1) {
      end = Math.max(end, ours[o]!.base.end);
      grown = true;
    }
    for (; meets(theirs[t]); t += 1) {
      end = Math.max(end, theirs[t]!.base.end);
      grown = true;
    }
  }
  return { start, end, o, t };
};

const comesFirst = (a: Range, b: Range): boolean =>
  a.start < b.start || (a.start === b.start && a.end <= b.end);

const meet = (a: Range, b: Range, touching: Diff3Options['touching']): boolean => {
  if (touching === 'together') return a.start <= b.end && a.end >= b.start;
  if (a.start === a.end && b.start === b.end) return a.start === b.start;
  return a.start < b.end && b.start < a.end;
};

const isAlike = ({ ours, theirs }: Three<Keys>, chunk: Three<Range>): boolean => {
  const length = chunk.ours.end - chunk.ours.start;
  if (length !== chunk.theirs.end - chunk.theirs.start) return false;
  for (let step = 0; step < length; step += 1)
    if (ours[chunk.ours.start + step] !== theirs[chunk.theirs.start + step]) return false;
  return true;
};

const changesOf = (runs: readonly Run[], baseLength: number, sideLength: number): readonly Change[] => {
  const found: Change[] = [];
  let base = 0;
  let side = 0;
  for (const run of [...runs, { a: baseLength, b: sideLength, length: 0 }]) {
    if (run.a > base || run.b > side)
      found.push({ base: { start: base, end: run.a }, side: { start: side, end: run.b } });
    base = run.a + run.length;
    side = run.b + run.length;
  }
  return found;
};
