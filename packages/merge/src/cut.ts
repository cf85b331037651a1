import { alignLines } from './align/align-lines.ts';
import { diff3 } from './align/diff3.ts';
import type { Hunk, Versions } from './merge.ts';
import { linesOf } from './text/shape.ts';
import { keyer } from './text/tokens.ts';

/** The text of a line merge: what nobody disputes, and the hunks between. */
export type Cut =
  | { readonly type: 'text'; readonly text: string; readonly by: 'nobody' | 'ours' | 'theirs' | 'both alike' }
  | { readonly type: 'hunk'; readonly hunk: Hunk };

/** Lines that are kept around a hunk. */
const shown = 12;

/** A line merge as git's: changes that overlap or touch are a hunk. */
export const cutAtHunks = (versions: Versions): readonly Cut[] => {
  const lines = {
    base: linesOf(versions.base),
    ours: linesOf(versions.ours),
    theirs: linesOf(versions.theirs),
  };
  const key = keyer();
  const keys = { base: lines.base.map(key), ours: lines.ours.map(key), theirs: lines.theirs.map(key) };
  const cuts = diff3(keys, { align: alignLines, touching: 'together' }).map((chunk): Cut => {
    const text = (side: keyof Versions): string =>
      lines[side].slice(chunk[side].start, chunk[side].end).join('');
    const { by } = chunk;
    if (by !== 'both') return { type: 'text', text: text(by === 'theirs' ? 'theirs' : 'ours'), by };
    const hunk = { base: text('base'), ours: text('ours'), theirs: text('theirs'), before: '', after: '' };
    return { type: 'hunk', hunk };
  });
  return cuts.map((cut, index) =>
    cut.type === 'text' ? cut : { ...cut, hunk: { ...cut.hunk, ...around(cuts, index) } },
  );
};

export const hunksOf = (cuts: readonly Cut[]): readonly Hunk[] =>
  cuts.flatMap((cut) => (cut.type === 'hunk' ? [cut.hunk] : []));

/** Undisputed lines, with a gap for each hunk between them. */
export type Frame = readonly (string | null)[];

export const frameOf = (cuts: readonly Cut[]): Frame =>
  cuts.flatMap((cut): readonly (string | null)[] => (cut.type === 'text' ? linesOf(cut.text) : [null]));

const around = (cuts: readonly Cut[], index: number): Pick<Hunk, 'before' | 'after'> => {
  const until = (list: readonly Cut[]): string => {
    const end = list.findIndex(({ type }) => type === 'hunk');
    return (end === -1 ? list : list.slice(0, end))
      .map((cut) => (cut.type === 'text' ? cut.text : ''))
      .join('');
  };
  const backwards = cuts.slice(0, index).toReversed();
  const end = backwards.findIndex(({ type }) => type === 'hunk');
  const above = (end === -1 ? backwards : backwards.slice(0, end)).toReversed();
  return {
    before: linesOf(until(above)).slice(-shown).join(''),
    after: linesOf(until(cuts.slice(index + 1)))
      .slice(0, shown)
      .join(''),
  };
};
