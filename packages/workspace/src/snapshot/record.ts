import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol';
import { replaceFile } from '../files/write.ts';
import type { Kept } from './kept-objects.ts';
import type { Left } from './look.ts';

/** A repository at the moment of a snapshot. */
export type GitRecord = {
  readonly gitDir: string;
  readonly worktree: string | null;
  /** Everything in its git folder but objects. */
  readonly tree: string;
  /** By object folder, relative to the git folder. */
  readonly kept: Readonly<Record<string, Kept>>;
};

/** One snapshot: which contents it is made of. Small, because the contents are elsewhere. */
export type SnapshotRecord = {
  readonly v: 2;
  readonly id: string;
  readonly at: number;
  /** Whose undo needs it; null for nobody's. */
  readonly session: string | null;
  readonly tree: string;
  readonly repositories: readonly GitRecord[];
  readonly left: readonly Left[];
};

const suffix = '.snapshot';

export const checkSnapshotId = (id: string): string => {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(id)) return id;
  throw new AppError('usage', `${JSON.stringify(id)} is not the id of a snapshot.`);
};

/** Durable, and with it everything it names, when this resolves. */
export const writeRecord = (folder: string, record: SnapshotRecord): Promise<void> =>
  replaceFile({
    absolute: join(folder, `${record.id}${suffix}`),
    bytes: Buffer.from(JSON.stringify(record)),
    mode: 0o600,
  });

/** @throws AppError not_found when it was never taken or has been cleared away to save room */
export const readRecord = async (folder: string, id: string): Promise<SnapshotRecord> => {
  const text = await readFile(join(folder, `${checkSnapshotId(id)}${suffix}`), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new AppError(
        'not_found',
        `There is no snapshot ${id} (any more): the oldest go when the store is full.`,
      );
    },
  );
  return JSON.parse(text) as SnapshotRecord;
};

/** Every record that can be read, oldest first. */
export const listRecords = async (folder: string): Promise<readonly SnapshotRecord[]> => {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(suffix));
  const records = await Promise.all(
    names.map((name) => readRecord(folder, name.slice(0, -suffix.length)).catch(() => null)),
  );
  return records.filter((record) => record !== null).sort((a, b) => a.at - b.at);
};

export const removeRecord = (folder: string, id: string): Promise<void> =>
  unlink(join(folder, `${id}${suffix}`)).catch(() => undefined);
