import { literal, type Word } from './command.ts';

/** Text in single quotes, as a shell reads it back unchanged. */
export const singleQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Words as text that a shell would read as the same words; holes stay in it, patterns stay open. */
export const shellText = (words: readonly Word[]): Word =>
  literal(words.map((word) => (isBare(word) ? word.text : singleQuoted(word.text))).join(' '));

const isBare = ({ text, glob, quoted }: Word): boolean =>
  (glob && !quoted ? /^[\w./:@%+=,*?[\]-]+$/ : /^[\w./:@%+=,-]+$/).test(text);
