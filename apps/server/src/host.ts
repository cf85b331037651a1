import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldersOf } from '@tandem/permit/places';
import type { DatabaseOptions } from './database/open-database.ts';

/** The process that the command runs in, as data: nothing else reads `process` for these. */
export type Host = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number | undefined;
  readonly pid: number;
  readonly cwd: string;
  /** Answers only. */
  readonly out: (text: string) => void;
  /** Progress and diagnostics, a line each. */
  readonly say: (line: string) => void;
};

export const createHost = (): Host => ({
  env: { ...process.env },
  uid: process.getuid?.(),
  pid: process.pid,
  cwd: process.cwd(),
  out: (text) => void process.stdout.write(text),
  say: (line) => void process.stderr.write(`${line}\n`),
});

export type Paths = {
  /** The team server's own: its database, its token, its engine's snapshots. Hidden from commands. */
  readonly server: string;
  readonly models: string;
  readonly cache: string;
};

export const pathsOf = (env: Host['env']): Paths => {
  const { state, data, cache } = foldersOf(env);
  return { cache, server: join(state, 'server'), models: join(data, 'models') };
};

export const databaseOptions = (host: Host, signal: AbortSignal): DatabaseOptions => ({
  env: host.env,
  uid: host.uid,
  state: pathsOf(host.env).server,
  temporary: tmpdir(),
  signal,
  say: host.say,
});
