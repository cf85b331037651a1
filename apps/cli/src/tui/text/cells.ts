import { eastAsianWidth } from 'get-east-asian-width';

/**
 * What every terminal draws alike. Control sequences go, because text from a model, a file or a command must not speak to
 * the terminal; joiners, selectors and skin tones go, because terminals do not agree on the width of what they join;
 * marks that turn the direction of text become visible, because they make code read differently than it runs.
 */
export const clean = (text: string): string => {
  if (printable.test(text)) return text;
  return text
    .toWellFormed()
    .replace(sequences, '')
    .replaceAll('\t', '    ')
    .replace(turning, '\u{fffd}')
    .replace(invisible, '');
};

const printable = /^[\x20-\x7e]*$/;

/** CSI, OSC and the other strings up to their end, then any escape with one more character. */
const sequences = new RegExp(
  [
    '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?',
    '(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)?',
    '\\x1b[ -/]*[0-~]?',
  ].join('|'),
  'g',
);
const turning = /[\u202a-\u202e\u2066-\u2069]/g;
const invisible =
  /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Variation_Selector}|\p{Emoji_Modifier}|[\u115f\u1160\u3164\uffa0]/gu;

/** Columns that clean text takes. */
export const cellWidth = (text: string): number => {
  if (printable.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
};

const combining = /^[\p{Mn}\p{Me}\u1160-\u11ff]$/u;

export const characterWidth = (character: string): 0 | 1 | 2 => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (combining.test(character)) return 0;
  return eastAsianWidth(code) === 2 ? 2 : 1;
};

/** The longest beginning of clean text that fits, and its width. */
export const fit = (text: string, width: number): { readonly text: string; readonly width: number } => {
  if (printable.test(text)) {
    const taken = text.slice(0, Math.max(0, width));
    return { text: taken, width: taken.length };
  }
  let used = 0;
  let end = 0;
  for (const character of text) {
    const wide = characterWidth(character);
    if (used + wide > width) break;
    used += wide;
    end += character.length;
  }
  return { text: text.slice(0, end), width: used };
};
