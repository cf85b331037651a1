import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, realpath, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { diskError } from '@tandem/workspace/write';
import { type Account, mayEnter } from './account.ts';

/** Where the embedded database lies. */
export type Places = {
  /** PostgreSQL's data folder; its real path. May not be there yet, but its parent is. */
  readonly data: string;
  /** The folder of its socket, short enough for the kernel. */
  readonly socket: string;
  /** A folder beside the data that the database's account may enter. */
  readonly beside: string;
};

/** A socket's whole path may be this long (107 on Linux, 103 on macOS); PostgreSQL adds its own name to the folder's. */
const maxSocketPath = 103;
const socketName = '/.s.PGSQL.5432';

type Input = {
  /** The server's own folder; made if it is not there. */
  readonly state: string;
  readonly account: Account | null;
  /** Where data goes that may not lie in `state`, because the account cannot enter it. */
  readonly machineFolder: string;
  /** Where a socket goes whose path would be too long otherwise. */
  readonly temporary: string;
};

/**
 * `<state>/postgres`. As root that is often below a home that nobody else may enter; then the data lies below
 * `machineFolder`, and `<state>/postgres` is a link to it. @throws AppError disk | configuration
 */
export const openPlaces = async (input: Input): Promise<Places> => {
  const { state, account } = input;
  const asked = join(state, 'postgres');
  try {
    await mkdir(state, { recursive: true, mode: account === null ? 0o700 : 0o711 });
    const known = await realpath(asked).catch(() => null);
    const data = known ?? (await newPlace(input, asked));
    const beside = dirname(data);
    return { data, beside, socket: await socketFolder(input, data) };
  } catch (error) {
    throw diskError(error, asked);
  }
};

const newPlace = async (input: Input, asked: string): Promise<string> => {
  const { state, account, machineFolder } = input;
  const real = join(await realpath(state), 'postgres');
  if (account === null || (await mayEnter(account, dirname(real)))) return real;
  const name = createHash('sha256').update(real).digest('hex').slice(0, 12);
  const folder = join(machineFolder, name);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const data = join(folder, 'postgres');
  // A link to what is not there yet is one that an earlier start left before its data was made.
  if ((await lstat(asked).catch(() => null)) === null) await symlink(data, asked);
  return data;
};

const socketFolder = async ({ account, temporary }: Input, data: string): Promise<string> => {
  if (Buffer.byteLength(data + socketName) <= maxSocketPath) return data;
  const name = createHash('sha256').update(data).digest('hex').slice(0, 16);
  const folder = join(temporary, `tandem-${name}`);
  if (Buffer.byteLength(folder + socketName) > maxSocketPath) {
    throw new AppError(
      'configuration',
      `The path ${folder} is too long for a socket; set TMPDIR to a short one.`,
    );
  }
  const owner = account ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const made = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (made) await chown(folder, owner.uid, owner.gid);
  // Anybody may have made that name in a folder open to all.
  const facts = await lstat(folder);
  if (!facts.isDirectory() || facts.uid !== owner.uid)
    throw new AppError('configuration', `${folder} belongs to somebody else; remove it or set TMPDIR.`);
  if ((facts.mode & 0o077) !== 0) await chmod(folder, 0o700);
  return folder;
};

/** The account that owns a data folder, where there is one. */
export const ownerOf = async (data: string): Promise<{ readonly uid: number; readonly gid: number } | null> =>
  await stat(data).catch(() => null);
