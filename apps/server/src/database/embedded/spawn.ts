import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Places } from './places.ts';

type Input = {
  readonly places: Places;
  readonly binaries: Binaries;
  readonly account: Account | null;
  /** Where what it says before it has its own log goes; cut at every start. */
  readonly startLog: string;
};

export type Spawned = { readonly child: ChildProcess; readonly ended: () => boolean };

/** Starts PostgreSQL as a process of its own, that outlives this one. */
export const spawnPostgres = ({ places, binaries, account, startLog }: Input): Spawned => {
  const log = openSync(startLog, 'w', 0o600);
  const as = account === null ? {} : { uid: account.uid, gid: account.gid };
  const child = spawn(binaries.postgres, ['-D', places.data, ...settings(places)], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...binaries.env, LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    ...as,
  });
  closeSync(log);
  child.unref();
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  child.on('error', () => {
    ended = true;
  });
  return { child, ended: () => ended };
};

/** Given at every start, so that a newer program brings its own. What is not here is PostgreSQL's default. */
const settings = (places: Places): readonly string[] =>
  Object.entries({
    listen_addresses: '',
    unix_socket_directories: places.socket,
    unix_socket_permissions: '0700',
    max_connections: '100',
    // A tenth of a small machine; the kernel caches the rest.
    shared_buffers: '64MB',
    // What the log promises a caller: it survives a kill when the call resolves.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_wal_size: '512MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A file a day of the week, each begun anew: seven days at most.
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgres-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_min_messages: 'warning',
    // The texts of people must not get into a log by way of a statement that failed.
    log_parameter_max_length_on_error: '0',
    log_min_error_statement: 'panic',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

const cured = [/lock file/, /shared memory block/, /another postmaster/, /being used by another/];

export type Reason = { readonly line: string; readonly mayPass: boolean; readonly isDisk: boolean };

/** What a start that failed said: the line that says why, and whether trying again may help. */
export const reasonOf = (from: {
  readonly startLog: string;
  readonly data: string;
  /** Milliseconds; a log that is older tells of an earlier run. */
  readonly since: number;
}): Reason => {
  const bad = linesOf(read(from.startLog)).at(-1) ?? linesOf(newestLog(from.data, from.since)).at(-1);
  const line = bad?.replace(/^.*?(FATAL|PANIC):\s*/, '') ?? 'it ended without a word';
  return {
    line,
    mayPass: cured.some((pattern) => pattern.test(line)),
    isDisk: /No space left|could not write/.test(line),
  };
};

const linesOf = (text: string): readonly string[] =>
  text.split('\n').filter((line) => /FATAL|PANIC|error while loading/.test(line));

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').slice(-8_000);
  } catch {
    return '';
  }
};

const newestLog = (data: string, since: number): string => {
  const folder = join(data, 'log');
  try {
    const files = readdirSync(folder).map((name) => join(folder, name));
    const newest = files.toSorted((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs)[0];
    return newest === undefined || statSync(newest).mtimeMs < since ? '' : read(newest);
  } catch {
    return '';
  }
};
