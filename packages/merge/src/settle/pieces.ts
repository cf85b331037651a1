import type { Hunk, Merged, Versions } from '../merge.ts';

/** A merged text cut at its conflicts. What was taken for a hunk stays with it. */
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'open'; readonly hunk: Hunk }
  | {
      readonly type: 'taken';
      readonly hunk: Hunk;
      readonly text: string;
      readonly how: 'rerere' | 'model' | 'person';
      readonly by: string;
    };

export type Markers = {
  readonly size: number;
  readonly labels: { readonly ours: string; readonly base: string; readonly theirs: string };
};

/** Characters of a marker that no line of these texts begins with: markers are then never mistaken for text. */
export const markerSize = ({ base, ours, theirs }: Versions): number => {
  const runs = [base, ours, theirs].flatMap((text) => text.match(/^(?:<+|\|+|=+|>+)/gm) ?? []);
  return runs.reduce((size, run) => Math.max(size, run.length + 1), 7);
};

/**
 * The pieces of a merged text whose markers have a size that occurs in none of its versions. Hunks have the line ends of the
 * text, and around them what the merge knows. Null where the markers are not those of the open hunks.
 */
export const cutAtMarkers = (
  merged: Pick<Merged, 'text' | 'open'>,
  size: number,
): readonly Piece[] | null => {
  const open = [...merged.open];
  const pieces = readMarked(merged.text, size)?.map((piece): Piece => {
    const known = piece.type === 'open' ? open.shift() : undefined;
    if (piece.type !== 'open' || known === undefined) return piece;
    return { type: 'open', hunk: { ...piece.hunk, before: known.before, after: known.after } };
  });
  const isWhole =
    open.length === 0 && pieces?.filter(({ type }) => type === 'open').length === merged.open.length;
  return isWhole ? (pieces ?? null) : null;
};

/** Cuts a text at its markers; a part for the base may be missing. Null where they make no sense. */
export const readMarked = (text: string, size: number): readonly Piece[] | null => {
  const pieces: Piece[] = [];
  const mark = text.startsWith('\u{feff}') ? '\u{feff}' : '';
  const parts = { before: mark, ours: '', base: '', theirs: '' };
  let part: keyof typeof parts = 'before';
  const next: Readonly<Record<string, readonly [string, keyof typeof parts]>> = {
    before: ['<', 'ours'],
    ours: ['|=', 'base'],
    base: ['=', 'theirs'],
    theirs: ['>', 'before'],
  };
  for (const line of text.slice(mark.length).match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const sign = ['<', '|', '=', '>'].find((one) => isMarker(line, one, size));
    if (sign === undefined) {
      parts[part] += line;
      continue;
    }
    const [wanted, then]: readonly [string, keyof typeof parts] = next[part] ?? ['', part];
    if (!wanted.includes(sign)) return null;
    if (sign === '<' && parts.before !== '') pieces.push({ type: 'text', text: parts.before });
    if (sign === '>') {
      const { base, ours, theirs } = parts;
      pieces.push({ type: 'open', hunk: { base, ours, theirs, before: '', after: '' } });
      Object.assign(parts, { before: '', ours: '', base: '', theirs: '' });
    }
    part = sign === '=' ? 'theirs' : then;
  }
  if (part !== 'before') return null;
  if (parts.before !== '') pieces.push({ type: 'text', text: parts.before });
  return pieces.map((piece, index) =>
    piece.type === 'open'
      ? { ...piece, hunk: around(piece.hunk, pieces[index - 1], pieces[index + 1]) }
      : piece,
  );
};

/** Lines that are shown around a hunk. */
const shown = 12;

const around = (hunk: Hunk, before: Piece | undefined, after: Piece | undefined): Hunk => {
  const lines = (piece: Piece | undefined): readonly string[] =>
    piece?.type === 'text' ? (piece.text.match(/[^\n]*\n|[^\n]+$/g) ?? []) : [];
  return {
    ...hunk,
    before: lines(before).slice(-shown).join(''),
    after: lines(after).slice(0, shown).join(''),
  };
};

const isMarker = (line: string, sign: string, size: number): boolean =>
  line.startsWith(sign.repeat(size)) && /^(?: |\r*\n|$)/.test(line.slice(size));

/** The text with markers where it is open, and the 1-based line that each piece begins at. */
export const joinPieces = (
  pieces: readonly Piece[],
  markers: Markers,
): { readonly text: string; readonly lines: readonly number[] } => {
  let text = '';
  let line = 1;
  const lines: number[] = [];
  for (const piece of pieces) {
    const added = piece.type === 'open' ? marked(piece.hunk, markers) : piece.text;
    lines.push(line);
    text += added;
    line += added.split('\n').length - 1;
  }
  return { text, lines };
};

const marked = (hunk: Hunk, { size, labels }: Markers): string => {
  const end = /\r\n/.test(hunk.ours + hunk.theirs + hunk.before) ? '\r\n' : '\n';
  const part = (sign: string, label: string, text: string): string =>
    `${sign.repeat(size)}${label === '' ? '' : ` ${label}`}${end}${text}${text === '' || text.endsWith('\n') ? '' : end}`;
  return [
    part('<', labels.ours, hunk.ours),
    part('|', labels.base, hunk.base),
    part('=', '', hunk.theirs),
    part('>', labels.theirs, ''),
  ].join('');
};
