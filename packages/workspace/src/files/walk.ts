import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';

/** Folders that hold what can be made again; skipped where no git says what belongs to the workspace. */
const skipped = new Set([
  ...[
    '.git',
    '.hg',
    '.svn',
    'node_modules',
    'bower_components',
    '__pycache__',
    '.venv',
    'venv',
    'dist',
    'target',
  ],
  ...['.tox', '.nox', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.cache', '.next', '.turbo', '.gradle'],
  ...['coverage', '.idea', '.DS_Store'],
]);

/** A stop for folders that are no workspace at all, such as a home directory. */
const maxEntries = 200_000;

type Rules = { readonly base: string; readonly rules: ReturnType<typeof ignore> };

export type Walked = {
  readonly files: readonly string[];
  /** Folders not entered, relative to the root: by name or by an ignore file. */
  readonly left: readonly string[];
};

/** Files below `root` by `.gitignore` files and default skips. Symlinks are listed, never entered. */
export const walk = async (root: string): Promise<Walked> => {
  const files: string[] = [];
  const left: string[] = [];
  const queue: { readonly folder: string; readonly rules: readonly Rules[] }[] = [{ folder: '', rules: [] }];
  for (let next = queue.pop(); next !== undefined && files.length < maxEntries; next = queue.pop()) {
    const { folder } = next;
    const entries = await readEntries(join(root, folder));
    const rules = await withIgnoreFile(root, folder, entries, next.rules);
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isFolder = entry.isDirectory();
      if (skipped.has(entry.name) || isIgnored(path, isFolder, rules)) {
        if (isFolder || entry.isSymbolicLink()) left.push(path);
      } else if (isFolder) queue.push({ folder: path, rules });
      else if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
    }
  }
  return { files, left };
};

/** A folder that vanished or may not be read is as an empty one. */
const readEntries = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch(() => []);

const withIgnoreFile = async (
  root: string,
  folder: string,
  entries: readonly Dirent[],
  outer: readonly Rules[],
): Promise<readonly Rules[]> => {
  if (!entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) return outer;
  const text = await readFile(join(root, folder, '.gitignore'), 'utf8').catch(() => '');
  return [...outer, { base: folder === '' ? '' : `${folder}/`, rules: ignore().add(text) }];
};

/** The innermost file that says anything about the path decides, as in git. */
const isIgnored = (path: string, isFolder: boolean, rules: readonly Rules[]): boolean => {
  for (const { base, rules: matcher } of rules.toReversed()) {
    const result = matcher.test(path.slice(base.length) + (isFolder ? '/' : ''));
    if (result.ignored || result.unignored) return result.ignored;
  }
  return false;
};
