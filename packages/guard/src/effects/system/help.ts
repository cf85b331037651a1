import type { Command } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { unclear } from './make.ts';

/** Every word may be a path to place; an answer has to come within milliseconds. Nobody reads a longer list either. */
const mostWords = 500;

/** A table whose programs do nothing when they are asked for help or for their version, and take no endless lists. */
export const withHelp = (table: Table): Table => {
  const wrapped: Record<string, Describe> = Object.create(null);
  for (const [name, describe] of Object.entries(table)) {
    wrapped[name] = asIs.has(name)
      ? describe
      : (command, context) => {
          if (asksForHelp(command)) return [];
          return command.args.length > mostWords ? [tooMany(command)] : describe(command, context);
        };
  }
  return wrapped;
};

const tooMany = (command: Command): Effect =>
  unclear('target', `${command.name} has more words than can be judged at once`);

/** Programs to whom these words are ordinary text. */
const asIs = new Set(['echo', 'printf', 'test', '[', 'eval', 'command', 'exec', 'cmd', 'cmd.exe']);

const asking = new Set(['--help', '--version', '--usage', '-help', '-version', '-?', '/?']);

/** `-h` is another thing to them. */
const halting = new Set(['shutdown', 'halt', 'poweroff', 'reboot', 'init', 'telinit']);

/** They go on to run the code that stands before the word. */
const interpreters = /^(perl|python|ruby|node|php|lua|bash|sh|zsh|dash|ksh|fish)[\d.]*$/;

const asksForHelp = (command: Command): boolean => {
  const words = command.args.map((word) => word.text);
  const name = command.name ?? '';
  if (words[0] === undefined) return false;
  if (asking.has(words[0])) return true;
  if (words.length === 1) return words[0] === '-V' || (words[0] === '-h' && !halting.has(name));
  if (interpreters.test(name)) return false;
  return words.includes('--help') && words.every((word) => /^--?[A-Za-z-]+$/.test(word));
};
