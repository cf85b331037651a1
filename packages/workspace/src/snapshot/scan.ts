import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListSource } from '../files/list.ts';
import { allFiles } from '../files/list.ts';
import { pool } from '../files/pool.ts';
import type { Entry, Manifest } from './manifest.ts';

/** Above this a file is an artefact or a data set; keeping versions of it would fill the disk. */
export const maxSnapshotFile = 50 * 1024 * 1024;

/**
 * A file written this shortly before it was looked at may change again without its times changing: the coarsest file
 * systems in use count in steps of two seconds.
 */
const settledMs = 2_000;

export type Scan = { readonly entries: readonly Entry[]; readonly skipped: readonly string[] };

/** The workspace's files now. Content is read only where size, times and inode differ from `known`. */
export const scan = async (input: {
  readonly source: ListSource;
  readonly known: Manifest | null;
  /** Called with the content of every file that had to be read. */
  readonly onContent?: (hash: string, bytes: Uint8Array) => Promise<void>;
}): Promise<Scan> => {
  const paths = await allFiles(input.source);
  const known = new Map((input.known?.entries ?? []).map((entry) => [entry.path, entry]));
  const settledBefore = BigInt(Math.floor((input.known?.takenAt ?? 0) - settledMs)) * 1_000_000n;
  const entries: (Entry | null)[] = new Array(paths.length).fill(null);
  const skipped: string[] = [];
  await pool(paths, 16, async (path, index) => {
    const absolute = join(input.source.root, path);
    const looked = await look(absolute, path);
    if (looked === null) return;
    if (looked.size > maxSnapshotFile) {
      skipped.push(path);
      return;
    }
    const before = known.get(path);
    if (before !== undefined && isSame(before, looked) && BigInt(looked.ctime) < settledBefore) {
      entries[index] = { ...looked, hash: before.hash };
      return;
    }
    const bytes = await content(absolute, looked.type);
    if (bytes === null) return;
    const hash = hashOf(bytes);
    entries[index] = { ...looked, hash };
    await input.onContent?.(hash, bytes);
  });
  return { entries: entries.filter((entry) => entry !== null), skipped: skipped.sort() };
};

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Looked = Omit<Entry, 'hash'>;

/** Null when there is no file or link. */
export const look = async (absolute: string, path: string): Promise<Looked | null> => {
  const stats = await lstat(absolute, { bigint: true }).catch(() => null);
  if (stats === null || !(stats.isFile() || stats.isSymbolicLink())) return null;
  return {
    path,
    type: stats.isFile() ? 'file' : 'link',
    mode: Number(stats.mode & 0o777n),
    size: Number(stats.size),
    mtime: String(stats.mtimeNs),
    ctime: String(stats.ctimeNs),
    inode: String(stats.ino),
  };
};

const isSame = (a: Looked, b: Looked): boolean =>
  a.type === b.type && a.size === b.size && a.mtime === b.mtime && a.ctime === b.ctime && a.inode === b.inode;

/** Null when it vanished or may not be read: it is then no part of the snapshot. */
export const content = (absolute: string, type: Entry['type']): Promise<Buffer | null> =>
  (type === 'link' ? readlink(absolute, { encoding: 'buffer' }) : readFile(absolute)).catch(
    (error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'EACCES', 'EINVAL', 'EISDIR'].includes(error.code ?? '')) return null;
      throw error;
    },
  );
