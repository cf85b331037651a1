import { cellWidth, fit } from './cells.ts';
import type { Line, Span } from './line.ts';
import type { Style } from './style.ts';

type Word = { readonly spans: readonly Span[]; readonly width: number; readonly blank: boolean };

/**
 * Breaks a line at blanks to a width; a word that is longer than a line is cut. Blanks at a break go. With `exact`, as code
 * needs it, lines are cut where they end and no blank is lost.
 */
export const wrap = (of: Line, width: number, { exact = false } = {}): readonly Line[] => {
  const room = Math.max(1, width);
  if (exact) return cut(of, room);
  const lines: Span[][] = [[]];
  let used = 0;
  for (const word of wordsOf(of)) {
    if (used + word.width <= room) {
      if (word.blank && used === 0 && lines.length > 1) continue;
      lines.at(-1)!.push(...word.spans);
      used += word.width;
      continue;
    }
    if (word.blank) {
      lines.push([]);
      used = 0;
      continue;
    }
    if (used > 0) lines.push([]);
    used = 0;
    for (const [index, piece] of cut(word.spans, room).entries()) {
      if (index > 0) lines.push([]);
      lines.at(-1)!.push(...piece);
      used = piece.reduce((sum, { text }) => sum + cellWidth(text), 0);
    }
  }
  if (lines.length > 1 && lines.at(-1)!.length === 0) lines.pop();
  return lines.map(trimEnd);
};

const trimEnd = (spans: readonly Span[]): Line => {
  const kept = [...spans];
  for (let last = kept.at(-1); last !== undefined; last = kept.at(-1)) {
    const text = last.text.trimEnd();
    if (text === last.text) break;
    kept.pop();
    if (text !== '') kept.push({ ...last, text });
  }
  return kept;
};

/** Runs of blanks and of anything else; a word may change its style in the middle. */
const wordsOf = (of: Line): readonly Word[] => {
  const words: Word[] = [];
  let open: Span[] = [];
  const close = (): void => {
    if (open.length > 0) words.push(wordOf(open, false));
    open = [];
  };
  for (const { text, style } of of) {
    for (const piece of text.match(/ +|[^ ]+/g) ?? []) {
      if (!piece.startsWith(' ')) {
        open.push({ text: piece, style });
        continue;
      }
      close();
      words.push(wordOf([{ text: piece, style }], true));
    }
  }
  close();
  return words;
};

const wordOf = (spans: readonly Span[], blank: boolean): Word => ({
  spans,
  blank,
  width: spans.reduce((sum, { text }) => sum + cellWidth(text), 0),
});

const cut = (of: readonly Span[], width: number): readonly Line[] => {
  const lines: Span[][] = [[]];
  let left = width;
  for (const { text, style } of of) {
    let rest = text;
    while (rest !== '') {
      const taken = takeOf(rest, left, width);
      if (taken.text !== '')
        lines.at(-1)!.push({ text: taken.text, style } satisfies { style: Style; text: string });
      left -= taken.width;
      rest = rest.slice(taken.text.length);
      if (rest === '') break;
      lines.push([]);
      left = width;
    }
  }
  return lines;
};

/** At least one character where a whole line cannot hold it: a wide one in one column. */
const takeOf = (
  text: string,
  left: number,
  width: number,
): { readonly text: string; readonly width: number } => {
  const taken = fit(text, left);
  if (taken.text !== '' || left < width) return taken;
  const [first = ''] = text;
  return { text: first, width: left };
};
