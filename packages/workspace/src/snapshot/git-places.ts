import { existsSync, statSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Looked } from './look.ts';

/** A folder that holds a repository's state, shared by all its worktrees. */
export type GitPlace = {
  readonly gitDir: string;
  /** Of the linked worktree through which it was found; null for the main one. */
  readonly worktree: string | null;
};

/** The repositories that a command in the workspace may change: its own, one above it, and those within. */
export const gitPlaces = async (input: {
  readonly root: string;
  readonly repositories: Looked['repositories'];
  /** False where a repository above must not be looked for. */
  readonly above: boolean;
}): Promise<readonly GitPlace[]> => {
  const folders = input.repositories.map(({ path }) => join(input.root, path));
  if (input.above && !input.repositories.some(({ path }) => path === '')) {
    const over = repositoryAbove(input.root);
    if (over !== null) folders.unshift(over);
  }
  const places = new Map<string, GitPlace>();
  for (const folder of folders) {
    const place = await placeOf(folder);
    if (place !== null && !places.has(place.gitDir)) places.set(place.gitDir, place);
  }
  const all = [...places.values()];
  return all.filter(({ gitDir }) => !all.some((other) => gitDir.startsWith(`${other.gitDir}${sep}`)));
};

export const isInRepository = (root: string): boolean =>
  existsSync(join(root, '.git')) || repositoryAbove(root) !== null;

const repositoryAbove = (root: string): string | null => {
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return null;
  }
};

const placeOf = async (folder: string): Promise<GitPlace | null> => {
  const entry = join(folder, '.git');
  const stats = statSync(entry, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return real(entry, null);
  const pointer = /^gitdir:\s*(.+?)\s*$/m.exec(await readFile(entry, 'utf8').catch(() => ''))?.[1];
  if (pointer === undefined) return null;
  const gitDir = resolve(folder, pointer);
  const common = (await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => '')).trim();
  if (common === '') return real(gitDir, null);
  return real(resolve(gitDir, common), gitDir.split(/[/\\]/).at(-1) ?? null);
};

const real = async (gitDir: string, worktree: string | null): Promise<GitPlace | null> => {
  const path = await realpath(gitDir).catch(() => null);
  return path === null ? null : { gitDir: path, worktree };
};

/** Names of a git folder that are of no use later, or are kept another way. */
export const skipInGit =
  (gitDir: string) =>
  (name: string, _parent: unknown, path: string): boolean => {
    if (name.endsWith('.lock') || name.startsWith('fsmonitor--daemon') || name === 'gc.pid') return true;
    if (name.startsWith('.tandem-')) return true;
    if (path === 'lfs' || path === 'annex') return true;
    return name === 'objects' && existsSync(join(gitDir, dirname(path), 'HEAD'));
  };

/** Object folders of a repository and of the submodules inside it, relative to its git folder. */
export const objectFolders = (gitDir: string, looked: Looked): readonly string[] =>
  looked.visits.flatMap(({ folder, path }) => {
    if (!folder.files.some(({ name }) => name === 'HEAD')) return [];
    const objects = path === '' ? 'objects' : `${path}/objects`;
    return existsSync(join(gitDir, objects)) ? [objects] : [];
  });
