import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CatalogEntry } from './catalog.ts';
import { hashFile } from './part-file.ts';

export const weightsPath = (directory: string, entry: CatalogEntry): string =>
  path.join(directory, entry.file);

export const partPath = (directory: string, entry: CatalogEntry): string =>
  `${weightsPath(directory, entry)}.part`;

const stampPath = (directory: string, entry: CatalogEntry): string => `${weightsPath(directory, entry)}.ok`;

type Stamp = { readonly size: number; readonly mtimeMs: number; readonly sha256: string };

/**
 * Whether the weights are there and right. Hashing a gigabyte takes seconds, so a file that was found right once and
 * whose size and time of change are the same since is believed.
 */
export const checkOnDisk = async (input: {
  readonly directory: string;
  readonly entry: CatalogEntry;
  readonly signal: AbortSignal;
  readonly onBytes?: (done: number) => void;
}): Promise<'good' | 'absent' | 'wrong'> => {
  const { directory, entry, signal, onBytes } = input;
  const file = weightsPath(directory, entry);
  const there = await stat(file).catch(() => null);
  if (there === null) return 'absent';
  if (!there.isFile() || there.size !== entry.bytes) return 'wrong';
  if (await isStamped(directory, entry)) return 'good';
  const hash = createHash('sha256');
  await hashFile(file, { hash, bytes: there.size, signal, ...(onBytes === undefined ? {} : { onBytes }) });
  if (hash.digest('hex') !== entry.sha256) return 'wrong';
  await writeStamp(directory, entry);
  return 'good';
};

/** Without reading the weights: true when they were found right before and have not changed since. */
export const isStamped = async (directory: string, entry: CatalogEntry): Promise<boolean> => {
  const there = await stat(weightsPath(directory, entry)).catch(() => null);
  const stamp = await readStamp(directory, entry);
  return (
    there !== null &&
    stamp !== null &&
    there.size === entry.bytes &&
    stamp.size === there.size &&
    stamp.mtimeMs === there.mtimeMs &&
    stamp.sha256 === entry.sha256
  );
};

/** A folder that cannot be written costs a hash at each start, and nothing else. */
export const writeStamp = async (directory: string, entry: CatalogEntry): Promise<void> => {
  const { size, mtimeMs } = await stat(weightsPath(directory, entry));
  const stamp: Stamp = { size, mtimeMs, sha256: entry.sha256 };
  await writeFile(stampPath(directory, entry), `${JSON.stringify(stamp)}\n`).catch(() => {});
};

export const removeFromDisk = async (directory: string, entry: CatalogEntry): Promise<void> => {
  await rm(stampPath(directory, entry), { force: true });
  await rm(weightsPath(directory, entry), { force: true });
};

const readStamp = async (directory: string, entry: CatalogEntry): Promise<Partial<Stamp> | null> => {
  const text = await readFile(stampPath(directory, entry), 'utf8').catch(() => null);
  try {
    return text === null ? null : (JSON.parse(text) as Partial<Stamp> | null);
  } catch {
    return null;
  }
};
