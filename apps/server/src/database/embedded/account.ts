import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@tandem/protocol/error';

/** Who the database's processes run as. */
export type Account = { readonly uid: number; readonly gid: number; readonly name: string };

type Input = {
  /** Of this process; absent where there are no user numbers. */
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
};

/** In this order; the first that this machine knows is taken. */
const usual = ['postgres', 'nobody'];

/**
 * Null: this process's own account will do. PostgreSQL refuses to run as root, so as root it is another one: the one that
 * `TANDEM_SERVER_USER` names, else `postgres`, else `nobody`. @throws AppError configuration when there is none
 */
export const databaseAccount = async ({ uid, env, signal }: Input): Promise<Account | null> => {
  if (uid !== 0) return null;
  const named = env.TANDEM_SERVER_USER;
  for (const name of named === undefined ? usual : [named]) {
    const found = await lookUp(name, signal);
    if (found !== null && found.uid !== 0) return found;
  }
  throw new AppError(
    'configuration',
    named === undefined
      ? 'PostgreSQL does not run as root, and this machine has no user postgres or nobody. Make one and name it in TANDEM_SERVER_USER, or start the server as an ordinary user, or set DATABASE_URL.'
      : `TANDEM_SERVER_USER names ${named}, which is root or no user of this machine; name another.`,
  );
};

const run = promisify(execFile);

const lookUp = async (name: string, signal: AbortSignal): Promise<Account | null> => {
  if (!/^[a-z_][\w.-]*$/i.test(name)) return null;
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name], { signal })).stdout)),
    );
    return uid === undefined || gid === undefined ? null : { uid, gid, name };
  } catch {
    signal.throwIfAborted();
    return null;
  }
};

/** Whether an account may enter every folder on the way to a path, itself included if it is one. By mode bits alone. */
export const mayEnter = async (account: Account, path: string): Promise<boolean> => {
  for (let folder = path; ; folder = dirname(folder)) {
    const facts = await stat(folder).catch(() => null);
    if (facts?.isDirectory() && !opens(facts, account)) return false;
    if (folder === dirname(folder)) return true;
  }
};

const opens = (facts: { uid: number; gid: number; mode: number }, account: Account): boolean => {
  if (facts.uid === account.uid) return (facts.mode & 0o100) !== 0;
  if (facts.gid === account.gid) return (facts.mode & 0o010) !== 0;
  return (facts.mode & 0o001) !== 0;
};
