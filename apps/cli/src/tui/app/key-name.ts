import type { Key } from '../terminal/keys.ts';

/** `ctrl-c`, `alt-enter`, `shift-tab`, `a`: one name for one key, whichever way the terminal told it. */
export const nameOf = ({ name, control, alt, shift }: Key): string => {
  const isLetter = [...name].length === 1;
  const plain = isLetter && control ? name.toLowerCase() : name;
  // Of a character, shift is in the character.
  const held = [control ? 'ctrl-' : '', alt ? 'alt-' : '', shift && !isLetter ? 'shift-' : ''];
  return `${held.join('')}${plain}`;
};
