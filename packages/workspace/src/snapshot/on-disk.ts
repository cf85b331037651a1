import { lstatSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from './entry.ts';
import { hashOf } from './objects.ts';

/** The entry at a path as it is on the disk at this moment; null when there is none that can be kept. */
export const seenOnDisk = async (root: string, path: string): Promise<Entry | null> => {
  const absolute = join(root, path);
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const type = stats.isDirectory()
    ? 'folder'
    : stats.isFile()
      ? 'file'
      : stats.isSymbolicLink()
        ? 'link'
        : 'left';
  const bytes =
    type === 'file'
      ? await readFile(absolute)
      : type === 'link'
        ? await readlink(absolute, { encoding: 'buffer' })
        : null;
  return {
    ...{ name: path.split('/').at(-1) ?? path, type, mode: stats.mode & 0o7777, size: stats.size },
    ...{ hash: bytes === null ? '' : hashOf(bytes), ignored: false, nested: false },
  };
};
