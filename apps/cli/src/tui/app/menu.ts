import { fuzzyPaths } from '../editor/fuzzy.ts';
import { commandsLike } from './commands.ts';
import type { Choice, Screen } from './screen.ts';

/** The list that follows from what is being typed, and which part of the text a choice replaces. */
export type Menu = {
  readonly kind: 'command' | 'file';
  readonly choices: readonly Choice[];
  readonly from: number;
  readonly to: number;
};

const fileLimit = 50;

export const menuOf = (screen: Screen): Menu | null => {
  const { editor, menu, panel, files } = screen;
  if (menu.closed || panel !== null || screen.view.approvals.length > 0) return null;
  const { text, cursor } = editor;
  const command = /^\/([\w:.-]*)$/.exec(text);
  if (command !== null) {
    const choices = commandsLike(command[1]!, screen.added).map(({ name, takes, help }) => ({
      label: `/${name}${takes === undefined ? '' : ` ${takes}`}`,
      note: help,
      value: `/${name}`,
    }));
    return choices.length === 0 ? null : { kind: 'command', choices, from: 0, to: text.length };
  }
  const word = mentionAt(text, cursor);
  if (word === null || files === null) return null;
  const choices = paths(files, word).map((path) => ({ label: path, note: '', value: `@${path}` }));
  return choices.length === 0 ? null : { kind: 'file', choices, from: cursor - word.length - 1, to: cursor };
};

/** The word after an `@` that begins a word, up to the cursor. */
export const mentionAt = (text: string, cursor: number): string | null =>
  /(?:^|\s)@([^\s@]{0,200})$/.exec(text.slice(Math.max(0, cursor - 300), cursor))?.[1] ?? null;

/** The last search is kept: drawing asks again for what the key has just found. */
let last: {
  readonly files: readonly string[];
  readonly word: string;
  readonly found: readonly string[];
} | null = null;

const paths = (files: readonly string[], word: string): readonly string[] => {
  if (last?.files !== files || last.word !== word)
    last = { files, word, found: fuzzyPaths(files, word, fileLimit) };
  return last.found;
};
