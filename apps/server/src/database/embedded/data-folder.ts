import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@tandem/protocol/error';
import { diskError } from '@tandem/workspace/write';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

/** The role and the database of the embedded PostgreSQL. */
export const role = 'tandem';
export const databaseName = 'postgres';

type Input = {
  readonly data: string;
  readonly binaries: Binaries;
  readonly account: Account | null;
  readonly signal: AbortSignal;
};

/**
 * Makes the data folder if there is none: whole under its name, or not at all.
 * @throws AppError configuration when it was written by another major version; disk
 */
export const openDataFolder = async (input: Input): Promise<{ readonly made: boolean }> => {
  const written = await majorOf(input.data);
  if (written === null) return { made: await initialise(input) };
  const { major, version } = input.binaries;
  if (written === major) return { made: false };
  throw new AppError(
    'configuration',
    `${input.data} was written by PostgreSQL ${written} and this program brings ${version}. Back it up with the programs that wrote it (TANDEM_POSTGRES_BIN=… tandem server backup FILE), move the folder away, then tandem server restore FILE.`,
  );
};

/** The major version that a data folder belongs to; null where there is none. */
export const majorOf = async (data: string): Promise<number | null> => {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw diskError(error, data);
  });
  if (text !== null) return Number.parseInt(text, 10);
  const inside = await readdir(data).catch(() => []);
  if (inside.length === 0) return null;
  throw new AppError(
    'configuration',
    `${data} is not empty and is no data folder of PostgreSQL; move it away.`,
  );
};

/** True when this call made it; of two at once one makes it and the other takes it as it is. */
const initialise = async (input: Input): Promise<boolean> => {
  const { data, account } = input;
  try {
    await removeAbandoned(data);
    const making = await mkdtemp(`${data}.new-`);
    try {
      if (account !== null) await chown(making, account.uid, account.gid);
      await initdb(input, making);
      await writeAccess(making, account);
      await rename(making, data);
      return true;
    } catch (error) {
      await rm(making, { recursive: true, force: true });
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
      throw error;
    }
  } catch (error) {
    throw diskError(error, data);
  }
};

/** Making a data folder takes seconds; a younger one may be in the making by another process. */
const abandonedMs = 3_600_000;

/** What kills have left. */
const removeAbandoned = async (data: string): Promise<void> => {
  const parent = dirname(data);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(data)}.new-`)) continue;
    const path = join(parent, name);
    const age = Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? Date.now());
    if (age > abandonedMs) await rm(path, { recursive: true, force: true });
  }
};

const run = promisify(execFile);

const initdb = async (input: Input, folder: string): Promise<void> => {
  const { binaries, account, signal } = input;
  const words = ['-D', folder, '-U', role, '-E', 'UTF8', '--no-locale', '--data-checksums'];
  const access = ['--auth-local=peer', '--auth-host=reject', '--no-instructions'];
  const as = account === null ? {} : { uid: account.uid, gid: account.gid };
  const env = { ...binaries.env, LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };
  try {
    await run(binaries.initdb, [...words, ...access], { cwd: '/', env, signal, ...as });
  } catch (cause) {
    signal.throwIfAborted();
    const { stderr = '', message } = cause as { readonly stderr?: string; readonly message: string };
    const said =
      stderr
        .trim()
        .split('\n')
        .find((line) => line.includes('error:')) ?? message;
    const isFull = /No space left/.test(stderr);
    throw new AppError(
      isFull ? 'disk' : 'configuration',
      `The database could not be made in ${folder}: ${isFull ? 'the disk is full; make room (about 100 MB) and try again' : said.trim()}.`,
      { cause },
    );
  }
};

/** Nobody but the account of the database and of this process may connect, and only through the socket. */
const writeAccess = async (folder: string, account: Account | null): Promise<void> => {
  const names = new Set([userInfo().username, account?.name ?? userInfo().username]);
  const map = [...names].map((name) => `tandem "${name}" ${role}\n`).join('');
  for (const [file, text] of [
    ['pg_hba.conf', `local all ${role} peer map=tandem\n`],
    ['pg_ident.conf', map],
  ] as const)
    await writeFile(join(folder, file), text);
};
