import type { Command, Word } from '../../shell/command.ts';
import type { Context } from '../describe.ts';
import type { Effect } from '../effect.ts';

/** What a description of a development tool may ask: also what a command inside it would do. */
export type DevelopContext = Context & {
  /** Effects of a command that another one runs for its arguments. */
  readonly inner: (words: readonly Word[], command: Command) => readonly Effect[];
};

/** Like `Describe`: the effects of one use, null where it is not understood. */
export type Develop = (command: Command, context: DevelopContext) => readonly Effect[] | null;

export type DevelopTable = Readonly<Record<string, Develop>>;
