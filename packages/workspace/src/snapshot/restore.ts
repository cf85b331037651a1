import { chmod, mkdir, rmdir, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createPathGuard } from '../files/paths.ts';
import { replaceFile } from '../files/write.ts';
import type { Entry, Manifest } from './manifest.ts';
import { readPacked } from './packs.ts';
import { content, hashOf, look } from './scan.ts';

/** Times of files lag behind the clock by up to a kernel tick. */
const tickMs = 50;

/**
 * Makes the files as `wanted` says. Deletes what is there now and was not then, but not a file untouched since then:
 * that one was ignored before. Returns the paths it changed, sorted.
 */
export const restoreEntries = async (input: {
  readonly root: string;
  readonly folder: string;
  readonly now: Manifest;
  readonly wanted: Manifest;
}): Promise<readonly string[]> => {
  const { root, now, wanted } = input;
  const before = new Map(wanted.entries.map((entry) => [entry.path, entry]));
  const present = new Map(now.entries.map((entry) => [entry.path, entry]));
  const skipped = new Set([...wanted.skipped, ...now.skipped]);
  const untouched = BigInt(Math.floor(wanted.takenAt - tickMs)) * 1_000_000n;
  const gone = now.entries.filter(
    (entry) => !before.has(entry.path) && !skipped.has(entry.path) && BigInt(entry.ctime) >= untouched,
  );
  const changed: Entry[] = [];
  for (const entry of wanted.entries) {
    if (skipped.has(entry.path)) continue;
    const current = present.get(entry.path) ?? (await unlisted(root, entry));
    if (current === null || !isEqual(current, entry)) changed.push(entry);
  }
  const guard = createPathGuard(root);
  for (const { path } of gone) {
    await unlink(await guard.entry(path));
    await removeEmptyFolders(root, dirname(path));
  }
  for (const entry of changed) {
    await putBack({
      ...input,
      entry,
      current: present.get(entry.path),
      absolute: await guard.entry(entry.path),
    });
  }
  return [...gone, ...changed].map((entry) => entry.path).sort();
};

const isEqual = (a: Entry, b: Entry): boolean => a.type === b.type && a.hash === b.hash && a.mode === b.mode;

/** A file that is there though the list leaves it out, because it is ignored by now. */
const unlisted = async (root: string, entry: Entry): Promise<Entry | null> => {
  const looked = await look(join(root, entry.path), entry.path);
  const bytes = looked === null ? null : await content(join(root, entry.path), looked.type);
  return looked === null || bytes === null ? null : { ...looked, hash: hashOf(bytes) };
};

const putBack = async (input: {
  readonly folder: string;
  readonly wanted: Manifest;
  readonly entry: Entry;
  readonly current: Entry | undefined;
  readonly absolute: string;
}): Promise<void> => {
  const { entry, current, absolute } = input;
  if (current?.type === 'file' && entry.type === 'file' && current.hash === entry.hash) {
    return chmod(absolute, entry.mode);
  }
  const location = input.wanted.locations[entry.hash];
  if (location === undefined) throw new Error(`the snapshot has no content for ${entry.path}`);
  const bytes = await readPacked(input.folder, location);
  await mkdir(dirname(absolute), { recursive: true });
  if (entry.type === 'link') {
    if (current !== undefined) await unlink(absolute);
    return symlink(bytes, absolute);
  }
  return replaceFile({ absolute, bytes, mode: entry.mode, durable: false });
};

const removeEmptyFolders = async (root: string, folder: string): Promise<void> => {
  for (let current = folder; current !== '.'; current = dirname(current)) {
    const removed = await rmdir(join(root, current)).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
};
