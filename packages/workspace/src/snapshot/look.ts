import { readFileSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { pool } from '../files/pool.ts';
import { classifyAgain } from './classify.ts';
import { type Entry, encodeFolder } from './entry.ts';
import { hashOf, type Objects } from './objects.ts';
import { isSettled, type Pending, type Place, type Visit, walkTree } from './scan.ts';
import type { SeenFile, SeenFolder, SeenPlaces } from './seen.ts';

/** Something that is there and not kept. */
export type Left = { readonly path: string; readonly why: string };

export type Looked = {
  /** Hash of the folder's list of entries. */
  readonly tree: string;
  readonly left: readonly Left[];
  /** Folders with a `.git` of their own, relative. */
  readonly repositories: readonly { readonly path: string; readonly git: 'file' | 'folder' }[];
  /** Files that had to be read. */
  readonly read: number;
  readonly visits: readonly Visit[];
};

/** A read of this size is over sooner than it takes to hand it to another thread. */
const syncBytes = 64 * 1024;
/** Files read between two rests in which others get their turn. */
const breath = 128;

/** The tree at a place as it is now, its contents added to the store. `seen` is brought up to date. */
export const lookAt = async (input: {
  readonly place: Place;
  readonly seen: NonNullable<ReturnType<SeenPlaces['get']>>;
  readonly objects: Objects;
}): Promise<Looked> => {
  const { place, seen, objects } = input;
  const startedAt = Date.now();
  let { pending, visits } = await walkTree(place, seen.root);
  await readAll(pending, { objects, place, startedAt });
  const read = pending.length;
  const rules = rulesOf(visits);
  if (place.ignored !== null && rules !== seen.rules) {
    const first = seen.rules === 'none yet';
    seen.rules = rules;
    if (!first && (await classifyAgain(place, visits))) {
      ({ pending, visits } = await walkTree({ ...place, mayDiffer: null }, seen.root));
      await readAll(pending, { objects, place, startedAt });
    }
  }
  await hashFolders(visits, objects);
  return {
    tree: seen.root.hash,
    left: leftOf(visits),
    read,
    repositories: visits.flatMap(({ folder: { git }, path }) => (git === '' ? [] : [{ path, git }])),
    visits,
  };
};

const readAll = async (
  pending: readonly Pending[],
  given: { readonly objects: Objects; readonly place: Place; readonly startedAt: number },
): Promise<void> => {
  await pool(pending, 8, async ({ file, absolute }, index) => {
    if (index % breath === 0) await setImmediate();
    if (file.size > given.place.limits.fileBytes) {
      Object.assign(file, { left: 'larger than what is kept of one file', hash: '', sure: true });
      return;
    }
    const bytes = await contentOf(absolute, file);
    if (typeof bytes === 'string') {
      Object.assign(file, { left: bytes, hash: '', sure: false });
      return;
    }
    const hash = hashOf(bytes);
    await given.objects.add(bytes, hash);
    Object.assign(file, { hash, left: '', sure: isSettled(file.ctime, given.startedAt) });
  });
};

/** The content, or why there is none; nothing at all when it has just vanished. */
const contentOf = async (absolute: string, file: SeenFile): Promise<Buffer | string> => {
  try {
    if (file.type === 'link') return await readlink(absolute, { encoding: 'buffer' });
    return file.size <= syncBytes ? readFileSync(absolute) : await readFile(absolute);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EINVAL' || code === 'EISDIR') return '';
    if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
    throw error;
  }
};

const hashFolders = async (visits: readonly Visit[], objects: Objects): Promise<void> => {
  for (const { folder, parent } of visits.toReversed()) {
    if (folder.left !== '' && parent !== null) parent.folder.hash = '';
    if (folder.hash !== '' || folder.left !== '') continue;
    folder.hash = await objects.add(encodeFolder(entriesOf(folder)));
    if (parent !== null) parent.folder.hash = '';
  }
};

const entriesOf = (folder: SeenFolder): readonly Entry[] => {
  const entries: Entry[] = [];
  for (const { name, type, mode, size, hash, ignored, left } of folder.files) {
    if (left !== '') entries.push(leftEntry(name, left));
    else if (hash !== '') entries.push({ name, type, mode, size, hash, ignored, nested: false });
  }
  for (const { name, mode, hash, ignored, left, git } of folder.folders) {
    if (left !== '') entries.push(leftEntry(name, left));
    else entries.push({ name, type: 'folder', mode, size: 0, hash, ignored, nested: git !== '' });
  }
  return [...entries, ...folder.special.map((name) => leftEntry(name, specialWords))];
};

const specialWords = 'neither a file, a link nor a folder, or its name is no text';

const leftEntry = (name: string, why: string): Entry => ({
  ...{ name, type: 'left', mode: 0, size: 0, hash: why, ignored: false, nested: false },
});

/** Loops and no lists in between: this goes over every file each time. */
const leftOf = (visits: readonly Visit[]): readonly Left[] => {
  const left: Left[] = [];
  for (const { folder, path } of visits) {
    const at = (name: string): string => (path === '' ? name : `${path}/${name}`);
    for (const one of folder.files) if (one.left !== '') left.push({ path: at(one.name), why: one.left });
    for (const one of folder.folders) if (one.left !== '') left.push({ path: at(one.name), why: one.left });
    for (const name of folder.special) left.push({ path: at(name), why: specialWords });
  }
  return left;
};

const rulesOf = (visits: readonly Visit[]): string =>
  visits
    .flatMap(({ folder, path }) => {
      const rules = folder.files.find(({ name }) => name === '.gitignore');
      return rules === undefined ? [] : [`${path}:${rules.hash}`];
    })
    .join('\n');
