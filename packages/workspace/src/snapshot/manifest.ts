import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { AppError } from '@tandem/protocol';
import { replaceFile } from '../files/write.ts';

/** Where the bytes of a hash lie in a pack. */
export type Location = { readonly pack: string; readonly offset: number; readonly length: number };

export type Entry = {
  readonly path: string;
  readonly type: 'file' | 'link';
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  /** With size: tell without reading whether a file may have changed. Nanoseconds, as text. */
  readonly mtime: string;
  readonly ctime: string;
  readonly inode: string;
  /** SHA-256 of the content, or of a link's target. */
  readonly hash: string;
};

export type Manifest = {
  readonly v: 1;
  readonly id: string;
  readonly takenAt: number;
  /** Commit that HEAD meant, null without one. */
  readonly head: string | null;
  readonly entries: readonly Entry[];
  /** Files too large to keep: neither stored, restored nor deleted. */
  readonly skipped: readonly string[];
  readonly locations: Readonly<Record<string, Location>>;
};

const suffix = '.json.zst';

export const checkSnapshotId = (id: string): string => {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(id)) return id;
  throw new AppError('usage', `${JSON.stringify(id)} is not the id of a snapshot.`);
};

export const writeManifest = async (folder: string, manifest: Manifest): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const bytes = zstdCompressSync(JSON.stringify(manifest));
  await replaceFile({ absolute: join(folder, `${manifest.id}${suffix}`), bytes, mode: 0o600 });
};

/** @throws AppError not_found when it was never taken or has been cleared away to save room */
export const readManifest = async (folder: string, id: string): Promise<Manifest> => {
  const bytes = await readFile(join(folder, `${checkSnapshotId(id)}${suffix}`)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new AppError(
        'not_found',
        `There is no snapshot ${id} (any more): the oldest go when the store is full.`,
      );
    },
  );
  return JSON.parse(zstdDecompressSync(bytes).toString('utf8')) as Manifest;
};

/** Ids, oldest first. */
export const listManifests = async (folder: string): Promise<readonly string[]> => {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(suffix));
  const dated = await Promise.all(
    names.map(async (name) => ({
      name,
      at: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0,
    })),
  );
  return dated.sort((a, b) => a.at - b.at).map(({ name }) => name.slice(0, -suffix.length));
};

export const removeManifest = (folder: string, id: string): Promise<void> =>
  unlink(join(folder, `${id}${suffix}`)).catch(() => undefined);
