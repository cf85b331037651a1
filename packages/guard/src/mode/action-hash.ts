import { createHash } from 'node:crypto';
import type { Command, Stdin, Word } from '../shell/command.ts';

/** An action as a person sees it: a command line that was resolved, or another tool's call. */
export type HashedAction =
  | { readonly type: 'shell'; readonly commands: readonly Command[] }
  | { readonly type: 'tool'; readonly tool: string; readonly arguments: unknown; readonly cwd: string };

/**
 * The same for two actions only if they do the same in the same folder, however they are spelled. Null for what is not
 * fully known, where a yes to one is no yes to another: no commands, holes, folders that could not be resolved.
 */
export const actionHash = (action: HashedAction): string | null => {
  if (action.type === 'tool') return digest(['tool', action.tool, action.cwd, sorted(action.arguments)]);
  const { commands } = action;
  if (commands.length === 0 || !commands.every(isKnown)) return null;
  return digest(['shell', ...commands.map(formOf)]);
};

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

const isKnown = (command: Command): boolean =>
  command.cwd !== null &&
  [command.program, ...command.args, ...Object.values(command.env)].every(({ known }) => known) &&
  command.redirects.every(({ target }) => target.known) &&
  isKnownInput(command.stdin);

const isKnownInput = (stdin: Stdin): boolean => {
  switch (stdin.type) {
    case 'none':
      return true;
    case 'text':
      return stdin.text.known;
    case 'file':
      return stdin.path.known;
    case 'pipe':
      return isKnown(stdin.from);
  }
};

const formOf = (command: Command): unknown => [
  wordOf(command.program),
  command.args.map(wordOf),
  command.redirects.map(({ operator, target }) => [operator, wordOf(target)]),
  sorted(Object.fromEntries(Object.entries(command.env).map(([name, word]) => [name, wordOf(word)]))),
  command.cwd,
  inputOf(command.stdin),
  command.pipedTo,
  command.wrappers,
  command.elsewhere,
];

/** A pattern is not the name that looks like it. */
const wordOf = ({ text, glob }: Word): unknown => (glob ? { glob: text } : text);

const inputOf = (stdin: Stdin): unknown => {
  switch (stdin.type) {
    case 'none':
      return null;
    case 'text':
      return ['text', wordOf(stdin.text)];
    case 'file':
      return ['file', wordOf(stdin.path)];
    case 'pipe':
      return ['pipe', formOf(stdin.from)];
  }
};

/** Keys in one order, at every depth; no list looks like an object. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([first], [second]) => (first < second ? -1 : 1));
  return { entries: entries.map(([key, inner]) => [key, sorted(inner)]) };
};
