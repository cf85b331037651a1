import type { Command, Word } from '../shell/command.ts';
import type { Effect, PathRef } from './effect.ts';

export type CodeLanguageName =
  | 'shell'
  | 'python'
  | 'node'
  | 'perl'
  | 'ruby'
  | 'php'
  | 'awk'
  | 'sed'
  | 'sql'
  | 'lua'
  | 'applescript'
  | 'powershell';

/** What a description may ask about the world around a command. Pure: no file is read. */
export type Context = {
  /** Absolute. */
  readonly workspace: string;
  /** Absolute. */
  readonly home: string;
  /** Place and sensitivity of a word that names a path, relative to the command's folder. */
  readonly path: (word: Word, command: Command) => PathRef;
  /** Effects of code given in text: `python -c`, a here-document to `node`, `psql -c`. */
  readonly code: (language: CodeLanguageName, text: Word, command: Command) => readonly Effect[];
};

/**
 * The effects of one command; null where its name is known but this use of it is not. Redirects, environment and
 * wrappers (`sudo`, `xargs`, `find -exec`, `sh -c`) are handled outside: a description sees the inner command only.
 */
export type Describe = (command: Command, context: Context) => readonly Effect[] | null;

/** Descriptions by program name. */
export type Table = Readonly<Record<string, Describe>>;

/**
 * One table of several; of two descriptions of a name the later one holds. Without a prototype: the engine makes no new shape
 * of an object for each of a thousand names, which costs more at start than all the rest of a table.
 */
export const oneTable = <T>(...tables: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> =>
  Object.assign(Object.create(null), ...tables);
