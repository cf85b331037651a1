import { type Chunk, diff3, type Range, type Three } from '../align/diff3.ts';
import { alignRarest } from '../align/histogram.ts';
import type { Versions } from '../merge.ts';
import { linesOf } from '../text/shape.ts';
import { bare, keyer } from '../text/tokens.ts';
import { type Shift, shifted, shiftOf } from './indent.ts';

/** What stands where both sides changed the same stretch. Null gives up. */
export type Settle = (stretch: Versions) => string | null;

type Lines = Three<readonly string[]>;

/**
 * Three texts line by line, blanks aside: changes that only touch are taken side by side. A line that nobody but its
 * blanks changed gets the new blanks, and a line that one side added or changed moves with the neighbours that the
 * other side moved.
 */
export const weaveLines = (versions: Versions, settle: Settle): string | null => {
  const lines = {
    base: linesOf(versions.base),
    ours: linesOf(versions.ours),
    theirs: linesOf(versions.theirs),
  };
  let text = '';
  const chunks = alignedLines(lines);
  for (const [index, chunk] of chunks.entries()) {
    const [base, ours, theirs] = [
      slice(lines.base, chunk.base),
      slice(lines.ours, chunk.ours),
      slice(lines.theirs, chunk.theirs),
    ];
    switch (chunk.by) {
      case 'nobody':
        text += ours.map((line, at) => (line === base[at] ? theirs[at]! : line)).join('');
        break;
      case 'both alike':
        text += ours.join('');
        break;
      case 'ours':
        text += ours
          .map((line) => shifted(line, shiftAround(lines, chunks, { index, side: 'theirs' })))
          .join('');
        break;
      case 'theirs':
        text += theirs
          .map((line) => shifted(line, shiftAround(lines, chunks, { index, side: 'ours' })))
          .join('');
        break;
      case 'both': {
        const settled = settle({ base: base.join(''), ours: ours.join(''), theirs: theirs.join('') });
        if (settled === null) return null;
        text += settled;
      }
    }
  }
  return text;
};

const alignedLines = (lines: Lines): readonly Chunk[] => {
  const key = keyer();
  const keys = (list: readonly string[]): readonly number[] => list.map((line) => key(bare(line)));
  const keyed = { base: keys(lines.base), ours: keys(lines.ours), theirs: keys(lines.theirs) };
  return diff3(keyed, { align: alignRarest, touching: 'apart' });
};

const slice = (lines: readonly string[], { start, end }: Range): readonly string[] => lines.slice(start, end);

/** How a side moved the nearest line that nobody changed: above, else below. */
const shiftAround = (
  lines: Lines,
  chunks: readonly Chunk[],
  { index, side }: { readonly index: number; readonly side: 'ours' | 'theirs' },
): Shift | null => {
  const above = chunks.slice(0, index).findLast(({ by }) => by === 'nobody');
  if (above !== undefined) return shiftOf(lines.base[above.base.end - 1]!, lines[side][above[side].end - 1]!);
  const below = chunks.slice(index).find(({ by }) => by === 'nobody');
  return below === undefined ? null : shiftOf(lines.base[below.base.start]!, lines[side][below[side].start]!);
};
