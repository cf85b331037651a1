import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
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
  readonly config: string;
};

/** By the XDG base directory rules: a relative path in a variable is as good as none. */
export const pathsOf = (env: Host['env']): Paths => {
  const base = (variable: string, fallback: string): string => {
    const value = env[variable];
    return value !== undefined && isAbsolute(value) ? value : join(env.HOME || homedir(), fallback);
  };
  return {
    server: join(base('XDG_STATE_HOME', '.local/state'), 'tandem', 'server'),
    models: join(base('XDG_DATA_HOME', '.local/share'), 'tandem', 'models'),
    cache: join(base('XDG_CACHE_HOME', '.cache'), 'tandem'),
    config: join(base('XDG_CONFIG_HOME', '.config'), 'tandem'),
  };
};

/** Where the machine's policy and that of the server's account are. */
export const policyFolders = (env: Host['env']): { readonly managed: string; readonly user: string } => ({
  managed: '/etc/tandem',
  user: pathsOf(env).config,
});

export const databaseOptions = (host: Host, signal: AbortSignal): DatabaseOptions => ({
  env: host.env,
  uid: host.uid,
  state: pathsOf(host.env).server,
  temporary: tmpdir(),
  signal,
  say: host.say,
});
