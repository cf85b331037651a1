import type { Settled, Versions } from '../merge.ts';
import { joinPieces, type Markers, markerSize, type Piece, readMarked } from './pieces.ts';

/** A text that both sides changed, with what is settled of it so far. */
export type Unsettled = {
  readonly path: string;
  readonly versions: Versions;
  readonly markers: Markers;
  readonly pieces: readonly Piece[];
  /** What the structural merge settled; its texts are in the pieces. */
  readonly settled: readonly Settled[];
  /** A person has written the whole of it. */
  readonly edited?: true;
};

/** All in question, between the lines that both begin with and those that both end with. */
export const unsettled = (path: string, versions: Versions, labels: Markers['labels']): Unsettled => {
  const [left, right] = [linesOf(versions.ours), linesOf(versions.theirs)];
  const shortest = Math.min(left.length, right.length);
  let start = 0;
  while (start < shortest && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shortest - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const cut = (lines: readonly string[]): string => lines.slice(start, lines.length - end).join('');
  const [before, after] = [left.slice(0, start).join(''), left.slice(left.length - end).join('')];
  const hunk = { base: versions.base, ours: cut(left), theirs: cut(right), before, after };
  const text = (value: string): readonly Piece[] => (value === '' ? [] : [{ type: 'text', text: value }]);
  const pieces: readonly Piece[] = [...text(before), { type: 'open', hunk }, ...text(after)];
  return { path, versions, markers: { size: markerSize(versions), labels }, pieces, settled: [] };
};

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** With markers where it is open. A text between markers ends its lines; the last one of a file may not. */
export const textOf = ({ pieces, markers, versions }: Unsettled): string => {
  const { text } = joinPieces(pieces, markers);
  const last = pieces.at(-1);
  const isAnswer = last?.type === 'taken' && last.how !== 'rerere';
  return isAnswer && !endsClosed(versions) ? text.replace(/\r?\n$/, '') : text;
};

const endsClosed = ({ base, ours, theirs }: Versions): boolean => {
  const [before, left, right] = [base, ours, theirs].map((text) => text.endsWith('\n'));
  return (left === before ? right : left) ?? true;
};

/** The same with a text for each open hunk that `choose` has one for; `index` counts the open ones. */
export const answer = (
  merge: Unsettled,
  by: string,
  choose: (hunk: Extract<Piece, { type: 'open' }>['hunk'], index: number) => string | undefined,
): Unsettled => {
  let index = -1;
  const pieces = merge.pieces.map((piece): Piece => {
    if (piece.type !== 'open') return piece;
    index += 1;
    const text = choose(piece.hunk, index);
    return text === undefined ? piece : { ...piece, type: 'taken', text, how: 'person', by };
  });
  return { ...merge, pieces };
};

/** The whole text as git remembers it; null when it is not settled there either. */
export const remembered = (merge: Unsettled, text: string): Unsettled | null => {
  if (readMarked(text, merge.markers.size)?.some(({ type }) => type === 'open') !== false) return null;
  const hunk = { ...merge.versions, before: '', after: '' };
  return { ...merge, settled: [], pieces: [{ type: 'taken', hunk, text, how: 'rerere', by: 'rr-cache' }] };
};

/** The whole text as a person edited it, open where markers are left; null where these are not whole. */
export const edited = (merge: Unsettled, text: string): Unsettled | null => {
  const pieces = readMarked(text, merge.markers.size);
  return pieces === null ? null : { ...merge, pieces, settled: [], edited: true };
};

/** How one hunk was settled: `line` in the merged text, 1-based. */
export type SettledHunk = Pick<Settled, 'how' | 'by'> & { readonly path: string; readonly line: number };

/** Where each hunk that is not open was settled, in the text as it is now. */
export const settledHunks = (merge: Unsettled): readonly SettledHunk[] => {
  const { path } = merge;
  const joined = joinPieces(merge.pieces, merge.markers);
  const taken = merge.pieces.flatMap((piece, index): SettledHunk[] =>
    piece.type === 'taken' ? [{ path, line: joined.lines[index] ?? 1, how: piece.how, by: piece.by }] : [],
  );
  if (merge.edited) taken.unshift({ path, line: 1, how: 'person', by: 'edited' });
  const text = plain(joined.text);
  let from = 0;
  const structural = merge.settled.map(({ hunk, text: settled, how, by }): SettledHunk => {
    const [before, chosen, after] = [plain(hunk.before), plain(settled), plain(hunk.after)];
    const inPlace = text.indexOf(before + chosen + after, from);
    const at = inPlace === -1 ? text.indexOf(chosen, from) : inPlace + before.length;
    from = Math.max(from, at);
    return { path, line: text.slice(0, from).split('\n').length, how, by };
  });
  return [...taken, ...structural].sort((a, b) => a.line - b.line);
};

/** Line ends say nothing of where a line is. */
const plain = (text: string): string => text.replaceAll('\r\n', '\n');
