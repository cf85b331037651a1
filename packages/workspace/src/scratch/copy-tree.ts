import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pool } from '../files/pool.ts';

/** More does not go faster than the four file-system threads of the runtime can take. */
const parallel = 16;

/**
 * Copies files and symlinks by path, modes included; blocks are shared where the file system can. A link to a place
 * inside `from` points to the same place inside `to`. What vanished meanwhile is left out.
 */
export const copyTree = async (input: {
  readonly from: string;
  readonly to: string;
  readonly paths: readonly string[];
}): Promise<void> => {
  const folders = new Set(input.paths.map((path) => dirname(path)));
  // Longest first: making the deepest folder makes those above it.
  const made = new Set<string>();
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    if (made.has(folder)) continue;
    await mkdir(join(input.to, folder), { recursive: true });
    for (let up = folder; up !== '.' && !made.has(up); up = dirname(up)) made.add(up);
  }
  await pool(input.paths, parallel, async (path) => copyEntry(input.from, input.to, path));
};

const copyEntry = async (from: string, to: string, path: string): Promise<void> => {
  const source = join(from, path);
  const stats = await lstat(source).catch(() => null);
  if (stats?.isSymbolicLink() === true) {
    await symlink(await linkInside({ from, to, path }), join(to, path)).catch(vanished);
  } else if (stats?.isFile() === true) {
    await copyFile(source, join(to, path), constants.COPYFILE_FICLONE).catch(vanished);
  }
};

/** Relative targets stay as written; an absolute one into `from` is moved over to `to`. */
const linkInside = async (input: {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}): Promise<string> => {
  const target = await readlink(join(input.from, input.path));
  const way = relative(input.from, resolve(dirname(join(input.from, input.path)), target));
  return target.startsWith('/') && !way.startsWith('..') ? join(input.to, way) : target;
};

const vanished = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
};
