import { soundChoices } from './check/sound.ts';
import { type Choice, chooseTexts } from './choose/choose.ts';
import { cutAtHunks } from './cut.ts';
import type { Hunk, Merged, MergeInput, Versions } from './merge.ts';
import { droppedLines } from './settle/dropped.ts';
import { joinPieces, type Piece } from './settle/pieces.ts';
import { linesOf, shapeOf } from './text/shape.ts';

/** A stretch of the merge: undisputed, settled or open. */
type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'hunk'; readonly hunk: Hunk; readonly choice: Choice | null };

/** A file with more hunks was written anew on both sides: weighing them all takes seconds and settles little. */
const maxHunks = 100;

/**
 * Merges three texts line by line and settles those hunks where recorded merges leave little doubt what people would
 * take; all else stays open between markers. Outside of hunks the text is that of the line merge. What both sides added
 * is in the text or in `dropped`.
 */
export const mergeTexts = async (input: MergeInput): Promise<Merged> => {
  const { versions, restore } = shapeOf(input);
  const parts = await partsOf(input.path, versions);
  const pieces = parts.flatMap(piecesOf);
  const labels = input.labels ?? { ours: 'ours', base: 'base', theirs: 'theirs' };
  const { text } = joinPieces(pieces, { size: input.markerSize ?? 7, labels });
  return {
    text: restore(text, pieces.at(-1)?.type === 'open'),
    open: pieces.flatMap((piece) => (piece.type === 'open' ? [piece.hunk] : [])),
    settled: parts.flatMap((part) => {
      if (part.type === 'text' || part.choice === null) return [];
      const { by, hunk, text: chosen } = part.choice;
      return [{ how: 'structure', by, hunk, text: chosen }];
    }),
    dropped: droppedLines(versions, text),
  };
};

const partsOf = async (path: string, versions: Versions): Promise<readonly Part[]> => {
  const cuts = cutAtHunks(versions);
  const hunks = cuts.filter(({ type }) => type === 'hunk').length;
  const choices = hunks === 0 || hunks > maxHunks ? [] : await likelyChoices(path, versions, cuts);
  let index = 0;
  return cuts.map((cut): Part => {
    if (cut.type === 'text') return cut;
    const choice = choices[index] ?? null;
    index += 1;
    return { ...cut, choice };
  });
};

const likelyChoices = async (
  path: string,
  versions: Versions,
  cuts: ReturnType<typeof cutAtHunks>,
): Promise<readonly (Choice | null)[]> => {
  const choices = await chooseTexts(path, versions, cuts);
  const likely = choices.map((choice) => (choice.isSure ? choice : null));
  return await soundChoices(path, versions, { cuts, choices: likely });
};

const piecesOf = (part: Part): readonly Piece[] => {
  if (part.type === 'text') return [part];
  return part.choice === null ? openPieces(part.hunk) : [{ type: 'text', text: part.choice.text }];
};

/** What both sides begin or end with is not in question. */
const openPieces = (hunk: Hunk): readonly Piece[] => {
  const [ours, theirs] = [linesOf(hunk.ours), linesOf(hunk.theirs)];
  const least = Math.min(ours.length, theirs.length);
  let start = 0;
  while (start < least && ours[start] === theirs[start]) start += 1;
  let end = 0;
  while (end < least - start && ours.at(-1 - end) === theirs.at(-1 - end)) end += 1;
  const [above, below] = [ours.slice(0, start).join(''), ours.slice(ours.length - end).join('')];
  const core = (lines: readonly string[]): string => lines.slice(start, lines.length - end).join('');
  return [
    { type: 'text', text: above },
    {
      type: 'open',
      hunk: {
        base: hunk.base,
        ours: core(ours),
        theirs: core(theirs),
        before: hunk.before + above,
        after: below + hunk.after,
      },
    },
    { type: 'text', text: below },
  ];
};
