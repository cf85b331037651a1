import { cellWidth, clean, fit } from './cells.ts';
import type { Style, Theme } from './style.ts';

export type Span = { readonly text: string; readonly style: Style };

/** One line of the screen. Made by `line` and `wrap` alone, so that its text is clean. */
export type Line = readonly Span[];

export const span = (text: string, style: Style = 'plain'): Span => ({ text, style });

/** Pieces of text, one line; newlines count as spaces. */
export const line = (...pieces: readonly (string | Span)[]): Line =>
  pieces
    .map((piece) => (typeof piece === 'string' ? span(piece) : piece))
    .map(({ text, style }) => span(clean(text.replaceAll('\n', ' ')), style))
    .filter(({ text }) => text !== '');

export const emptyLine: Line = [];

export const lineWidth = (of: Line): number => of.reduce((sum, { text }) => sum + cellWidth(text), 0);

/** The text alone, as a person who cannot see styles reads it. */
export const textOf = (of: Line): string => of.map(({ text }) => text).join('');

/** The line as the terminal takes it. Whatever it holds, only the theme's own sequences come out. */
export const draw = (of: Line, theme: Theme): string => {
  let drawn = '';
  let held = '';
  for (const { text, style } of of) {
    const safe = clean(text);
    if (safe === '') continue;
    const sgr = theme[style];
    if (sgr !== held) drawn += (held === '' ? '' : reset) + (sgr === '' ? '' : `\x1b[${sgr}m`);
    held = sgr;
    drawn += safe;
  }
  return held === '' ? drawn : drawn + reset;
};

const reset = '\x1b[0m';

/** Cut to a width; what is cut off ends in an ellipsis. */
export const truncate = (of: Line, width: number): Line => {
  if (lineWidth(of) <= width) return of;
  const kept: Span[] = [];
  let left = Math.max(0, width - 1);
  for (const { text, style } of of) {
    const taken = fit(text, left);
    if (taken.text !== '') kept.push({ text: taken.text, style });
    left -= taken.width;
    if (taken.text.length < text.length) break;
  }
  return width < 1 ? [] : [...kept, span('…', 'dim')];
};

/** Filled with spaces to a width, so that what is right of it stands in a column. */
export const pad = (of: Line, width: number): Line => {
  const missing = width - lineWidth(of);
  return missing <= 0 ? of : [...of, span(' '.repeat(missing))];
};

/** The left part, and the right part at the right edge when both fit; else the left alone, cut. */
export const spread = (left: Line, right: Line, width: number): Line => {
  const room = width - lineWidth(left) - lineWidth(right);
  if (room < 1) return truncate(left, width);
  return [...left, span(' '.repeat(room)), ...right];
};

export const indent = (lines: readonly Line[], first: Span, rest: Span): readonly Line[] =>
  lines.map((one, index) => [index === 0 ? first : rest, ...one]);
