import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Trash, Trashed } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { diskError, replaceFile } from '../files/write.ts';
import { removeTree } from '../scratch/sweep.ts';
import { copyVerified, measure, moveTree } from './copy.ts';

export type TrashOptions = {
  /** Where it is kept: one folder an entry, with `entry.json` and `content`. */
  readonly folder: string;
  /** Now, ISO 8601 UTC. */
  readonly now: () => string;
  /** What a copy may cost. */
  readonly limits?: { readonly bytes: number; readonly files: number };
};

const defaultLimits = { bytes: 1024 * 1024 * 1024, files: 100_000 };

/** A trash in a folder of our own. A move within a file system costs nothing; across, it is copied and compared. */
export const createTrash = (options: TrashOptions): Trash => {
  const { folder } = options;
  const placeOf = (id: string): string => {
    if (/^[0-9a-z-]{1,60}$/.test(id)) return join(folder, id);
    throw new AppError('usage', `${JSON.stringify(id)} is not the id of something in the trash.`);
  };
  return {
    put: (path, how) => put(options, resolve(path), how).catch(onDisk(folder)),
    list: async () => {
      const names = await readdir(folder).catch(() => []);
      const entries = await Promise.all(names.map((name) => read(join(folder, name))));
      return entries
        .filter((entry) => entry !== null)
        .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
    },
    restore: async (id, to) => {
      const entry = await read(placeOf(id));
      if (entry === null) throw new AppError('not_found', `There is nothing called ${id} in the trash.`);
      const target = resolve(to ?? entry.from);
      await bringBack(placeOf(id), target).catch(onDisk(target));
      return target;
    },
  };
};

const onDisk =
  (path: string) =>
  (error: unknown): never => {
    throw diskError(error, path);
  };

/** Null for what is no entry, or was cut short by a kill before it held anything. */
const read = async (place: string): Promise<Trashed | null> => {
  const text = await readFile(join(place, 'entry.json'), 'utf8').catch(() => null);
  if (text === null || !(await exists(join(place, 'content')))) return null;
  return JSON.parse(text) as Trashed;
};

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

const put = async (options: TrashOptions, from: string, how: 'move' | 'copy'): Promise<Trashed> => {
  if (!(await exists(from))) throw new AppError('not_found', `${from} is not there.`);
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await refuseOwn(options.folder, from);
  const limits = options.limits ?? defaultLimits;
  const { files, bytes } = await measure(from, how === 'copy' ? limits : null);
  const at = options.now();
  const id = `${at.replace(/\D/g, '').slice(0, 14)}-${randomBytes(4).toString('hex')}`;
  const place = join(options.folder, id);
  await mkdir(place, { mode: 0o700 });
  const entry: Trashed = { id, from, at, files, bytes };
  // First what it is, then the thing itself: an entry without content is none.
  await replaceFile({
    absolute: join(place, 'entry.json'),
    bytes: Buffer.from(JSON.stringify(entry)),
    mode: 0o600,
  });
  await (how === 'move' ? moveTree : copyVerified)(from, join(place, 'content'));
  return entry;
};

/** The trash cannot be put into itself. */
const refuseOwn = async (folder: string, from: string): Promise<void> => {
  const own = await realpath(folder);
  const parent = await realpath(dirname(from));
  const way = relative(join(parent, basename(from)), own);
  const back = relative(own, join(parent, basename(from)));
  if (!isBelow(way) && !isBelow(back)) return;
  throw new AppError('usage', `${from} holds the trash, or is in it.`);
};

const isBelow = (way: string): boolean => way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep);

const bringBack = async (place: string, target: string): Promise<void> => {
  if (await exists(target))
    throw new AppError('conflict', `${target} is there again; give another place to restore to.`);
  await moveTree(join(place, 'content'), target);
  await removeTree(place);
};
