import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { walk } from '../files/walk.ts';
import { gitCommand } from '../git/git-command.ts';
import { isDependencyFolder } from './dependencies.ts';

export type IgnoredParts = {
  /** Folders of installed packages. */
  readonly dependencies: readonly string[];
  /** Small ignored files that code may need to run: a generated version file, built output, local settings. */
  readonly copied: readonly string[];
};

const caches = new Set([
  ...[
    '__pycache__',
    '.pytest_cache',
    '.mypy_cache',
    '.ruff_cache',
    '.cache',
    '.tox',
    '.nox',
    '.next',
    '.nuxt',
  ],
  ...[
    '.turbo',
    '.gradle',
    '.idea',
    '.vscode',
    'coverage',
    'htmlcov',
    'target',
    'logs',
    'log',
    'tmp',
    '.git',
    '.hypothesis',
  ],
]);
const junk = /\.(pyc|pyo|log|tmp|swp|tsbuildinfo|gguf|zip|gz|sqlite3?)$|^\.(DS_Store|coverage)$/;

/** What tools make again by themselves, by the name of a file or folder. */
export const isRemade = (name: string): boolean => caches.has(name) || compiled.test(name);
const compiled = /\.(pyc|pyo|tsbuildinfo)$|^\.(DS_Store|coverage)$/;

/** Together they bound what one scratch copy may cost beyond the workspace's own files. */
const maxFiles = 1_000;
const maxBytes = 32 * 1024 * 1024;

/** The ignored parts of a git workspace that a scratch copy needs. */
export const ignoredInGit = async (root: string): Promise<IgnoredParts> => {
  const outcome = await gitCommand(root, ['ls-files', '-z', '-o', '-i', '--exclude-standard', '--directory']);
  const entries =
    outcome.exit === 0
      ? outcome.stdout
          .toString('utf8')
          .split('\0')
          .filter((path) => path !== '')
      : [];
  return sortOut(root, entries);
};

/** The same where there is no git: of the folders that a walk did not enter. */
export const ignoredInFolder = async (root: string): Promise<IgnoredParts> => {
  const { left } = await walk(root);
  return sortOut(
    root,
    left.map((path) => `${path}/`),
  );
};

const sortOut = async (root: string, entries: readonly string[]): Promise<IgnoredParts> => {
  const dependencies: string[] = [];
  const files: string[] = [];
  for (const entry of entries) {
    const path = entry.replace(/\/$/, '');
    if (isDependencyFolder(path) && (entry.endsWith('/') || (await isLink(join(root, path)))))
      dependencies.push(path);
    else if (caches.has(basename(path)) || junk.test(basename(path))) continue;
    else if (!entry.endsWith('/')) files.push(path);
    else if (files.length < maxFiles) files.push(...(await filesBelow(root, path)));
  }
  return { dependencies, copied: await withinBudget(root, files) };
};

const isLink = async (absolute: string): Promise<boolean> =>
  (await lstat(absolute).catch(() => null))?.isSymbolicLink() === true;

/** A folder above the budget is left out whole: half of a build output is worse than none. */
const filesBelow = async (root: string, folder: string): Promise<readonly string[]> => {
  const { files } = await walk(join(root, folder));
  return files.length > maxFiles ? [] : files.map((path) => `${folder}/${path}`);
};

const withinBudget = async (root: string, files: readonly string[]): Promise<readonly string[]> => {
  const kept: string[] = [];
  let bytes = 0;
  for (const path of files) {
    if (kept.length >= maxFiles) break;
    const stats = await lstat(join(root, path)).catch(() => null);
    if (stats === null || junk.test(basename(path)) || bytes + stats.size > maxBytes) continue;
    bytes += stats.size;
    kept.push(path);
  }
  return kept;
};
