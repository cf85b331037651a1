import type { Command, Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import type { Arguments } from '../arguments.ts';
import type { DevelopContext } from '../develop.ts';

/** One use of a git subcommand. */
export type Use = {
  readonly name: string;
  readonly args: readonly Word[];
  readonly parsed: Arguments;
  readonly command: Command;
  readonly context: DevelopContext;
};

type Subcommand = {
  /** Text for `grammarOf`: options with values, and long ones that matter, for their abbreviations. */
  readonly options: string;
  /** Null where this use is not understood. */
  readonly effects: (use: Use) => readonly Effect[] | null;
};

export type Subcommands = Readonly<Record<string, Subcommand>>;

type GitEffect = Extract<Effect, { type: 'git' }>;

export const subcommand = (options: string, effects: Subcommand['effects']): Subcommand => ({
  options,
  effects,
});

/** Changes the local repository in a way that can be undone. */
export const keeps = (what: string): GitEffect => ({ type: 'git', loses: 'nothing', reach: 'local', what });

export const loses = (
  lost: GitEffect['loses'],
  unless: GitEffect['unless'] | null,
  what: string,
): GitEffect => ({ type: 'git', loses: lost, reach: 'local', what, ...(unless && { unless }) });

export const losesWorktree = (what: string): GitEffect => loses('worktree', 'clean', what);

export const fetches = (what: string): GitEffect => ({ type: 'git', loses: 'nothing', reach: 'fetch', what });

export const publishes = (what: string): GitEffect => ({
  type: 'git',
  loses: 'nothing',
  reach: 'publish',
  what,
});

export const losesRemote = (what: string): GitEffect => ({
  type: 'git',
  loses: 'remote',
  reach: 'publish',
  what,
});

/** Only reads the repository. */
export const reads = (what: string): Effect => ({ type: 'run', program: 'git', origin: 'known', what });

export const bypasses = (what: string): Effect => ({ type: 'bypass', what });

export const spawns = (program: Word, what: string): Effect => ({
  type: 'spawn',
  program: program.text,
  what,
});

export const writes = (
  { command, context }: Pick<Use, 'command' | 'context'>,
  word: Word,
  how: 'create' | 'overwrite' | 'edit',
): Effect => ({ type: 'write', path: context.path(word, command), how });
