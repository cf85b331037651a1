import { createHash } from 'node:crypto';
import { lstatSync, type Stats } from 'node:fs';
import { mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worktree } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { replaceFile } from '../files/write.ts';
import { removeTree } from '../scratch/sweep.ts';

/** Where the worktrees of one repository are kept. */
export type Places = {
  /** `<state>/worktrees/<id>`: one folder a worktree, by its name. */
  readonly folder: string;
  /** `<state>/worktrees/.ports`: one file a range that is taken. */
  readonly ports: string;
};

/** What is known of a worktree beside what everybody sees of it. Written before it exists, removed after it is gone. */
export type WorktreeRecord = {
  readonly v: 1;
  /** `making` until all of it is there; `landing` while its work is brought into the origin. */
  readonly phase: 'making' | 'whole' | 'landing';
  readonly worktree: Worktree;
  /** Git's folder of the repository and, below it, that of this worktree. */
  readonly common: string;
  readonly admin: string;
  readonly objectFormat: string;
  /** Commit that the branch began at. */
  readonly head: string;
  /** Tree of all files it began with, byte for byte. */
  readonly base: string;
  /** Paths of submodules, whose files are plain files here. */
  readonly links: readonly string[];
  /** What its index said when it began, and what of that was staged: differences to `head` as git prints them. */
  readonly index: string;
  readonly staged: readonly string[];
  /** Ignored files that were brought along, with their state when they came: they exist in the origin. */
  readonly brought: Readonly<Record<string, string>>;
};

export const placesOf = (stateDir: string, common: string): Places => {
  const id = createHash('sha256').update(common).digest('hex').slice(0, 8);
  return { folder: join(stateDir, 'worktrees', id), ports: join(stateDir, 'worktrees', '.ports') };
};

/** What belongs to a worktree and is not in it: its record, its temporary folder, its shadow. */
export const belongingsOf = (places: Places, name: string): string => join(places.folder, '.of', name);

/** Of the entry itself, links not followed. Null where there is none, or a file on the way. */
export const statsAt = (path: string): Stats | null => {
  try {
    return lstatSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
};

export const isThere = (path: string): boolean => statsAt(path) !== null;

/** A valid part of a path, of a branch and of a host name. */
export const checkName = (name: string): string => {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(name)) return name;
  throw new AppError(
    'usage',
    `${JSON.stringify(name)} is no name for a worktree; use up to 40 letters, digits, - and _, a letter or digit first.`,
  );
};

/** Durable, and whole or not there. */
export const writeJson = (absolute: string, value: unknown): Promise<void> =>
  replaceFile({ absolute, bytes: Buffer.from(JSON.stringify(value)), mode: 0o600 });

export const readJson = async <T>(absolute: string): Promise<T | null> => {
  const text = await readFile(absolute, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as T);
};

export const writeRecord = async (places: Places, record: WorktreeRecord): Promise<void> => {
  const belongings = belongingsOf(places, record.worktree.name);
  await mkdir(belongings, { recursive: true, mode: 0o700 });
  await writeJson(join(belongings, 'record.json'), record);
};

const readRecord = (belongings: string): Promise<WorktreeRecord | null> =>
  readJson(join(belongings, 'record.json'));

/** All of a repository, oldest first. */
export const listRecords = async (places: Places): Promise<readonly WorktreeRecord[]> => {
  const names = await readdir(join(places.folder, '.of')).catch(() => []);
  const records = await Promise.all(names.map((name) => readRecord(belongingsOf(places, name))));
  return records
    .filter((record) => record !== null)
    .sort((a, b) => (a.worktree.createdAt < b.worktree.createdAt ? -1 : 1));
};

/** What a kill before the record was written left: a folder with nothing in it but what was being written. */
export const sweepNameless = async (places: Places): Promise<void> => {
  for (const name of await readdir(join(places.folder, '.of')).catch(() => [])) {
    const held = await readdir(belongingsOf(places, name));
    if (held.every((one) => one.startsWith('.tandem-'))) await removeTree(belongingsOf(places, name));
  }
};

/** The worktree that a folder is or lies in; null for any other folder. */
export const worktreeAt = async (stateDir: string, folder: string): Promise<Worktree | null> => {
  const all = await realpath(join(stateDir, 'worktrees')).catch(() => null);
  if (all === null || !folder.startsWith(`${all}/`)) return null;
  const [id = '', name = ''] = folder.slice(all.length + 1).split('/');
  const record = name === '' ? null : await readRecord(join(all, id, '.of', name));
  return record === null || record.phase === 'making' ? null : record.worktree;
};

/** @throws AppError not_found */
export const requireRecord = async (places: Places, name: string): Promise<WorktreeRecord> => {
  const record = /^[\w-]+$/.test(name) ? await readRecord(belongingsOf(places, name)) : null;
  if (record !== null && record.phase !== 'making') return record;
  throw new AppError(
    'not_found',
    `There is no worktree ${name} here; tandem worktree list shows those there are.`,
  );
};

/** The same, and its folder is there. @throws AppError not_found */
export const requirePresent = async (places: Places, name: string): Promise<WorktreeRecord> => {
  const record = await requireRecord(places, name);
  if (isThere(record.worktree.root)) return record;
  throw new AppError(
    'not_found',
    `The folder of ${name} was removed: ${record.worktree.root}. Its commits are on ${record.worktree.branch}.`,
  );
};
