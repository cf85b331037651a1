import type { Command, Word } from '../../shell/command.ts';
import type { Context } from '../describe.ts';
import type { Effect, PathRef } from '../effect.ts';
import { type Arguments, type Grammar, parseArguments } from './arguments.ts';

type Write = Extract<Effect, { type: 'write' }>;

/** A command with its words sorted, and the effects that its words may name. */
export type Call = Arguments & {
  readonly command: Command;
  readonly context: Context;
  readonly has: (...options: readonly string[]) => boolean;
  /** Values given to any of these options, in their order. */
  readonly values: (...options: readonly string[]) => readonly Word[];
  readonly path: (word: Word) => PathRef;
  readonly read: (words: readonly Word[]) => readonly Effect[];
  readonly write: (words: readonly Word[], how?: Write['how']) => readonly Effect[];
  readonly remove: (
    words: readonly Word[],
    how: { recursive: boolean; secure?: boolean },
  ) => readonly Effect[];
};

export const callOf = (command: Command, context: Context, rules: Grammar): Call => {
  const { options, operands } = parseArguments(command.args, rules);
  const path = (word: Word) => context.path(word, command);
  const each = (words: readonly Word[], effect: (path: PathRef) => Effect) =>
    words.filter(isPath).map((word) => effect(path(word)));
  return {
    command,
    context,
    options,
    operands,
    path,
    has: (...wanted) => options.some((option) => wanted.includes(option.name)),
    values: (...wanted) =>
      options.flatMap((option) => (wanted.includes(option.name) && option.value ? [option.value] : [])),
    read: (words) => each(words, (at) => ({ type: 'read', path: at })),
    write: (words, how = 'overwrite') => each(words, (at) => ({ type: 'write', path: at, how })),
    remove: (words, how) => each(words, (at) => ({ type: 'delete', path: at, ...how })),
  };
};

/** `-` and nothing name a stream, not a file. */
const isPath = (word: Word): boolean => word.text !== '-' && word.text !== '';
