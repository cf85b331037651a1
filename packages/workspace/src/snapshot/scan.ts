import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { baseIn, classify, type Fresh } from './classify.ts';
import type { Ignored } from './ignored.ts';
import { newFolder, type SeenFile, type SeenFolder } from './seen.ts';
import type { Watch } from './watch.ts';

export type Limits = {
  /** A larger file is an artefact or a data set. */
  readonly fileBytes: number;
  /** What may be kept of ignored folders, in all. */
  readonly ignoredBytes: number;
  readonly ignoredFiles: number;
  /** A stop for folders that are no workspace at all, such as a home directory. */
  readonly allBytes: number;
  readonly allFiles: number;
};

/** What is looked at and how. */
export type Place = {
  readonly absolute: string;
  /** Null inside a git folder: nothing is ignored there. */
  readonly ignored: Ignored | null;
  readonly limits: Limits;
  /** Never looked at, nor told of. */
  readonly skip: (name: string, parent: SeenFolder, path: string) => boolean;
  /** True where a folder must be looked at in spite of limits. */
  readonly insist: (path: string) => boolean;
  /** Paths that count as not ignored. */
  readonly known?: ReadonlySet<string>;
  /** By absolute path: whether a folder may have changed since it was last looked at. Absent: all may. */
  readonly mayDiffer?: ((absolute: string) => boolean) | null;
  readonly watch?: Watch | null;
  readonly inGit: boolean;
};

/** A file whose content must be read to know it. */
export type Pending = { readonly file: SeenFile; readonly absolute: string; readonly root: Ignoring | null };

/** A topmost ignored folder and what it weighs. */
type Ignoring = { readonly folder: SeenFolder; readonly path: string; bytes: number; files: number };

/** A folder on the way down. */
export type Visit = {
  readonly folder: SeenFolder;
  readonly path: string;
  readonly parent: Visit | null;
  readonly root: Ignoring | null;
  /** It is another folder than the one that was seen under its name, so all below is looked at. */
  isNew: boolean;
  /** Of the repository it lies in. */
  readonly base: { readonly path: string; readonly inGit: boolean };
};

type Walk = {
  readonly place: Place;
  readonly pending: Pending[];
  readonly ignoring: Ignoring[];
  /** Every folder, those above before those below. */
  readonly visits: Visit[];
  /** Of everything seen so far. */
  bytes: number;
  files: number;
};

/** Folders between two rests in which others get their turn. */
const breath = 256;

/**
 * Looks at a tree, level by level: which names there are, and which files must be read. What is unchanged since
 * `root` was filled in costs one question to the file system and nothing else.
 */
export const walkTree = async (
  place: Place,
  root: SeenFolder,
): Promise<{ readonly pending: readonly Pending[]; readonly visits: readonly Visit[] }> => {
  const walk: Walk = { place, pending: [], ignoring: [], visits: [], bytes: 0, files: 0 };
  const top: Visit = {
    folder: root,
    path: '',
    parent: null,
    root: null,
    isNew: false,
    base: { path: '', inGit: place.inGit },
  };
  let level: Visit[] = [top];
  while (level.length > 0) {
    const fresh: Fresh[] = [];
    for (const [index, visit] of level.entries()) {
      if (index % breath === breath - 1) await setImmediate();
      if (isFull(walk)) leave(walk, visit);
      else look(walk, visit, fresh);
    }
    await classify(place, fresh);
    level = level.flatMap((visit) => childrenOf(walk, visit));
    shedHeaviest(walk);
    level = level.filter(({ root: within }) => within === null || within.folder.left === '');
  }
  const pending = walk.pending.filter(({ root: within }) => within === null || within.folder.left === '');
  return { pending, visits: walk.visits };
};

const look = (walk: Walk, visit: Visit, fresh: Fresh[]): void => {
  const { folder, path } = visit;
  const { place } = walk;
  walk.visits.push(visit);
  const absolute = path === '' ? place.absolute : `${place.absolute}/${path}`;
  if (
    !visit.isNew &&
    place.mayDiffer?.(absolute) === false &&
    folder.sure &&
    folder.files.every(({ sure }) => sure)
  ) {
    for (const file of folder.files) weigh(walk, visit, file);
    return;
  }
  place.watch?.follow(absolute, visit.isNew);
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) {
    empty(folder);
    if (visit.parent !== null) visit.parent.folder.sure = false;
    return;
  }
  if (folder.inode !== stats.ino) visit.isNew = true;
  if (!folder.sure || !sameTimes(folder, stats)) list({ walk, visit, absolute, stats, fresh });
  for (const file of folder.files) lookAtFile(walk, visit, { file, absolute: `${absolute}/${file.name}` });
  if (folder.files.some(({ inode }) => inode < 0)) {
    folder.files = folder.files.filter(({ inode }) => inode >= 0);
    folder.sure = false;
    folder.hash = '';
  }
};

const lookAtFile = (
  walk: Walk,
  visit: Visit,
  { file, absolute }: { readonly file: SeenFile; readonly absolute: string },
): void => {
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  const type = stats?.isFile() === true ? 'file' : stats?.isSymbolicLink() === true ? 'link' : null;
  if (stats === undefined || type === null) {
    file.inode = -1;
    return;
  }
  const same = file.type === type && file.size === stats.size && sameTimes(file, stats);
  const mode = stats.mode & 0o7777;
  if (file.mode !== mode) visit.folder.hash = '';
  Object.assign(file, { type, mode, size: stats.size, ...timesOf(stats) });
  weigh(walk, visit, file);
  if (same && file.sure) return;
  visit.folder.hash = '';
  file.sure = false;
  walk.pending.push({ file, absolute, root: visit.root });
};

const isFull = ({ files, bytes, place }: Walk): boolean =>
  files > place.limits.allFiles || bytes > place.limits.allBytes;

const leave = (walk: Walk, visit: Visit): void => {
  walk.visits.push(visit);
  empty(visit.folder);
  visit.folder.left = 'the workspace is larger than what is kept of one';
};

const weigh = (walk: Walk, { root }: Visit, file: SeenFile): void => {
  walk.files += 1;
  walk.bytes += Math.min(file.size, walk.place.limits.fileBytes);
  if (root === null) return;
  root.files += 1;
  root.bytes += file.size;
};

const list = (input: {
  readonly walk: Walk;
  readonly visit: Visit;
  readonly absolute: string;
  readonly stats: Stats;
  readonly fresh: Fresh[];
}): void => {
  const { walk, visit, absolute, stats, fresh } = input;
  const { folder, path } = visit;
  const lookedAt = Date.now();
  const files = new Map(folder.files.map((file) => [file.name, file]));
  const folders = new Map(folder.folders.map((child) => [child.name, child]));
  Object.assign(folder, { files: [], folders: [], special: [], git: '', hash: '' });
  for (const entry of readable(absolute)) {
    const { name } = entry;
    const below = path === '' ? name : `${path}/${name}`;
    if (name === '.git' && walk.place.ignored !== null) folder.git = entry.isDirectory() ? 'folder' : 'file';
    if (walk.place.skip(name, folder, below)) continue;
    if (name.includes('\ufffd') || !(entry.isDirectory() || entry.isFile() || entry.isSymbolicLink()))
      folder.special.push(name);
    else if (entry.isDirectory()) {
      const child = folders.get(name) ?? asked(fresh, visit, newFolder(name));
      folder.folders.push(child);
    } else folder.files.push(files.get(name) ?? asked(fresh, visit, newFile(name)));
  }
  Object.assign(folder, timesOf(stats), { mode: stats.mode & 0o7777 });
  folder.sure = isSettled(stats.ctimeMs, lookedAt) && isSettled(stats.mtimeMs, lookedAt);
};

const newFile = (name: string): SeenFile => ({
  ...{ name, type: 'file', mode: 0, size: 0, mtime: 0, ctime: 0, inode: 0, hash: '' },
  ...{ sure: false, ignored: false, left: '' },
});

/** A folder that may not be read is as an empty one. */
const readable = (absolute: string): readonly Dirent[] => {
  try {
    return readdirSync(absolute, { withFileTypes: true });
  } catch {
    return [];
  }
};

const asked = <T extends SeenFile | SeenFolder>(fresh: Fresh[], visit: Visit, one: T): T => {
  fresh.push({ one, visit });
  return one;
};

const childrenOf = (walk: Walk, visit: Visit): Visit[] => {
  const base = baseIn(visit);
  return visit.folder.folders.flatMap((folder) => {
    const path = visit.path === '' ? folder.name : `${visit.path}/${folder.name}`;
    if (folder.left !== '') {
      if (!walk.place.insist(path) && isUnchanged(walk.place, folder, path)) return [];
      folder.left = '';
      folder.sure = false;
    }
    const root = visit.root ?? (folder.ignored ? ignoringOf(walk, folder, path) : null);
    return [{ folder, path, parent: visit, root, isNew: visit.isNew, base }];
  });
};

const ignoringOf = (walk: Walk, folder: SeenFolder, path: string): Ignoring | null => {
  if (walk.place.insist(path)) return null;
  const root = { folder, path, bytes: 0, files: 0 };
  walk.ignoring.push(root);
  return root;
};

/** A folder once found too heavy is weighed again only when its own list of names has changed. */
const isUnchanged = (place: Place, folder: SeenFolder, path: string): boolean => {
  const stats = lstatSync(`${place.absolute}/${path}`, { throwIfNoEntry: false });
  return stats !== undefined && sameTimes(folder, stats);
};

/** Over the limit the heaviest ignored folder goes, so that the many small ones stay. */
const shedHeaviest = ({ ignoring, place }: Walk): void => {
  const { ignoredBytes, ignoredFiles } = place.limits;
  for (;;) {
    const kept = ignoring.filter(({ folder }) => folder.left === '');
    const bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
    const files = kept.reduce((sum, one) => sum + one.files, 0);
    if (bytes <= ignoredBytes && files <= ignoredFiles) return;
    const share = (one: Ignoring): number => one.bytes / ignoredBytes + one.files / ignoredFiles;
    const heaviest = kept.reduce((most, one) => (share(one) > share(most) ? one : most));
    empty(heaviest.folder);
    heaviest.folder.left = 'ignored, and over the limit for what is ignored';
  }
};

const empty = (folder: SeenFolder): void => {
  Object.assign(folder, { files: [], folders: [], special: [], git: '', hash: '' });
};

const timesOf = (stats: Stats): Pick<SeenFile, 'mtime' | 'ctime' | 'inode'> => ({
  mtime: stats.mtimeMs,
  ctime: stats.ctimeMs,
  inode: stats.ino,
});

const sameTimes = (one: SeenFile | SeenFolder, stats: Stats): boolean =>
  one.mtime === stats.mtimeMs && one.ctime === stats.ctimeMs && one.inode === stats.ino;

/**
 * Whether a change after `lookedAt` must show in the times. They lag behind the clock by a tick of the kernel; on
 * file systems that count whole seconds, by two.
 */
export const isSettled = (time: number, lookedAt: number): boolean =>
  lookedAt - time > (time % 1000 === 0 ? 2_000 : 50);
