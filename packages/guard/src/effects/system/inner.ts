import { type Command, hole, literal, type Word } from '../../shell/command.ts';
import { singleQuoted } from '../../shell/shell-text.ts';
import type { Context } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { spawns } from './make.ts';
import { isShell } from './payload.ts';

export type Outer = { readonly command: Command; readonly context: Context };

/** Effects of a command that another was given word by word; a shell among them is a way out. */
export const innerEffects = (words: readonly Word[], outer: Outer): readonly Effect[] => {
  const [program] = words;
  if (!program) return [];
  const text = words.map(quoted).join(' ');
  return innerText(literal(text), outer);
};

/** Effects of a command that another was given as one text for a shell. */
export const innerText = (text: Word, { command, context }: Outer): readonly Effect[] => {
  const program = /^\s*(?:\S*\/)?([\w.-]+)\S*/.exec(text.text)?.[1] ?? null;
  if (program === null || isShell(program) || text.text.trimStart().startsWith(hole))
    return [spawns(text.text, `${command.name} runs a program that it is given`)];
  return context.code('shell', text, command);
};

/** A word as a shell would have to be given it; patterns stay open. */
const quoted = (word: Word): string => {
  if (
    /^[\w./@%+=:,~-]+$/.test(word.text) ||
    (word.glob && !word.quoted && /^[\w./@%+=:,~*?[\]-]+$/.test(word.text))
  )
    return word.text;
  return singleQuoted(word.text);
};

/** What comes in by a pipe or a here-document, where it can be told; null where it cannot. */
export const inputText = (command: Command): string | null => {
  const { stdin } = command;
  if (stdin.type === 'none') return '';
  if (stdin.type === 'text') return stdin.text.known ? stdin.text.text : null;
  if (stdin.type !== 'pipe' || !/^(echo|printf)$/.test(stdin.from.name ?? '')) return null;
  return stdin.from.args.every((word) => word.known)
    ? stdin.from.args.map((word) => word.text).join('\n')
    : null;
};
