import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, lstat, mkdir, readdir, readlink, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@tandem/protocol';
import { removeTree } from '../scratch/sweep.ts';

export type Measured = { readonly files: number; readonly bytes: number };

/** How much there is at a path, links not followed. @throws AppError limit as soon as it is over one */
export const measure = async (path: string, limits: Measured | null): Promise<Measured> => {
  let files = 0;
  let bytes = 0;
  const queue = [path];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const stats = await lstat(next);
    files += 1;
    if (stats.isFile()) bytes += stats.size;
    if (limits !== null && (files > limits.files || bytes > limits.bytes))
      throw new AppError(
        'limit',
        `${path} is more than the trash copies (${limits.files} files, ${limits.bytes} bytes); move it away yourself first.`,
      );
    if (stats.isDirectory()) for (const name of await readdir(next)) queue.push(join(next, name));
  }
  return { files, bytes };
};

/** A copy that was compared with its source before it is there under its name. */
export const copyVerified = async (from: string, to: string): Promise<void> => {
  const part = `${to}.part`;
  await removeTree(part);
  await cp(from, part, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  if ((await digest(from)) !== (await digest(part))) {
    await removeTree(part);
    throw new AppError('conflict', `${from} changed while it was copied; nothing was deleted. Try again.`);
  }
  await rename(part, to);
};

/**
 * In one step within a file system; across two it is copied and compared before it goes, and what is left of it after a
 * kill is called `.moved`. `to` must not be there.
 */
export const moveTree = async (from: string, to: string): Promise<void> => {
  await mkdir(dirname(to), { recursive: true });
  if (await renamed(from, to)) return;
  await copyVerified(from, to);
  await rename(from, `${from}.moved`);
  await removeTree(`${from}.moved`);
};

/** False when the two are on different file systems. */
const renamed = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EXDEV') return false;
      throw error;
    },
  );

/** Names, kinds, modes and contents of all that is at a path. */
const digest = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  const visit = async (at: string, name: string): Promise<void> => {
    const stats = await lstat(at);
    const mode = stats.isSymbolicLink() ? 0 : stats.mode;
    hash.update(JSON.stringify([name, mode, stats.isFile() ? stats.size : 0]));
    if (stats.isSymbolicLink()) hash.update(await readlink(at, { encoding: 'buffer' }));
    else if (stats.isDirectory())
      for (const child of (await readdir(at)).sort()) await visit(join(at, child), `${name}/${child}`);
    else await pipeline(createReadStream(at), hash, { end: false });
  };
  await visit(path, '');
  return hash.digest('hex');
};
