import { readFile } from 'node:fs/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { replaceFile } from '../files/write.ts';
import type { Objects } from './objects.ts';

/** What was last seen at a path, so that it is read again only when it has changed. Filled in by the scan. */
export type SeenFile = {
  readonly name: string;
  type: 'file' | 'link';
  mode: number;
  size: number;
  /** Milliseconds, with their fraction. */
  mtime: number;
  ctime: number;
  inode: number;
  hash: string;
  /** It had been still for long enough that a later change must show in its times. */
  sure: boolean;
  ignored: boolean;
  /** Why its content is not kept; empty when it is. */
  left: string;
};

export type SeenFolder = {
  readonly name: string;
  mode: number;
  mtime: number;
  ctime: number;
  inode: number;
  sure: boolean;
  ignored: boolean;
  left: string;
  /** Of its list of entries; empty while it is to be made anew. */
  hash: string;
  /** What its `.git` is, where it has one. */
  git: '' | 'file' | 'folder';
  files: SeenFile[];
  folders: SeenFolder[];
  /** Names of sockets, pipes, devices and of what no path can be written for. */
  special: string[];
};

export const newFolder = (name: string): SeenFolder => ({
  name,
  mode: 0,
  mtime: 0,
  ctime: 0,
  inode: 0,
  sure: false,
  ignored: false,
  left: '',
  hash: '',
  git: '',
  files: [],
  folders: [],
  special: [],
});

/** What is seen of every place of a workspace: its own folder (under '') and the git folders, by absolute path. */
export type SeenPlaces = Map<string, { root: SeenFolder; rules: string }>;

/** Forgets what was read wherever the store no longer has it. */
export const doubtMissing = (folder: SeenFolder, objects: Objects): void => {
  if (folder.hash !== '' && !objects.has(folder.hash)) folder.hash = '';
  for (const file of folder.files) {
    if (file.left !== '' || objects.has(file.hash)) continue;
    file.sure = false;
    file.hash = '';
    folder.hash = '';
  }
  for (const child of folder.folders) {
    doubtMissing(child, objects);
    if (child.hash === '') folder.hash = '';
  }
};

type FileRow = readonly [string, number, number, number, number, number, number, string, string];
type FolderRow = readonly [
  string,
  readonly number[],
  string,
  string,
  readonly FileRow[],
  readonly FolderRow[],
  readonly string[],
];

const flagsOf = (one: { readonly sure: boolean; readonly ignored: boolean }): number =>
  (one.sure ? 1 : 0) + (one.ignored ? 2 : 0);

const gits = ['', 'file', 'folder'] as const;

const folderRow = (folder: SeenFolder): FolderRow => [
  folder.name,
  [folder.mode, folder.mtime, folder.ctime, folder.inode, flagsOf(folder), gits.indexOf(folder.git)],
  folder.left,
  folder.hash,
  folder.files.map((file) => [
    file.name,
    file.type === 'file' ? 0 : 1,
    file.mode,
    file.size,
    file.mtime,
    file.ctime,
    file.inode,
    file.hash,
    `${flagsOf(file)}${file.left}`,
  ]),
  folder.folders.map(folderRow),
  folder.special,
];

const folderOf = ([name, numbers, left, hash, files, folders, special]: FolderRow): SeenFolder => {
  const [mode = 0, mtime = 0, ctime = 0, inode = 0, flags = 0, git = 0] = numbers;
  return {
    ...{ name, mode, mtime, ctime, inode, left, hash, special: [...special] },
    sure: (flags & 1) !== 0,
    ignored: (flags & 2) !== 0,
    git: gits[git] ?? '',
    files: files.map((row) => {
      const own = Number(row[8][0]);
      return {
        ...{ name: row[0], mode: row[2], size: row[3], mtime: row[4], ctime: row[5], inode: row[6] },
        type: row[1] === 0 ? 'file' : 'link',
        hash: row[7],
        sure: (own & 1) !== 0,
        ignored: (own & 2) !== 0,
        left: row[8].slice(1),
      };
    }),
    folders: folders.map(folderOf),
  };
};

/** Only to save time: whatever is wrong with the file, everything is read anew. */
export const loadSeen = async (path: string): Promise<SeenPlaces> => {
  try {
    const text = zstdDecompressSync(await readFile(path)).toString('utf8');
    const rows = JSON.parse(text) as readonly (readonly [string, string, FolderRow])[];
    return new Map(rows.map(([place, rules, row]) => [place, { root: folderOf(row), rules }]));
  } catch {
    return new Map();
  }
};

export const saveSeen = async (path: string, places: SeenPlaces): Promise<void> => {
  const rows = [...places].map(([place, { root, rules }]) => [place, rules, folderRow(root)]);
  const bytes = zstdCompressSync(JSON.stringify(rows));
  await replaceFile({ absolute: path, bytes, mode: 0o600, durable: false }).catch(() => undefined);
};
