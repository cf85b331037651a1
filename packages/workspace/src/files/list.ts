import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { gitCommand } from '../git/git-command.ts';
import type { DeniedPaths } from '../sandbox/denied-paths.ts';
import { walk } from './walk.ts';

export const defaultListLimit = 20_000;

export type ListSource = {
  readonly root: string;
  /** Folder above which no git repository is looked for. */
  readonly ceiling?: string;
  /** Files whose content no tool may see. */
  readonly denied?: DeniedPaths;
  /** Paths that belong to the workspace whatever ignore files say, as long as they exist. */
  readonly known?: readonly string[];
};

/** Files that git tracks or does not ignore; by ignore files and default skips where there is no git. Sorted. */
export const listFiles = async (
  source: ListSource,
  options: { readonly glob?: string; readonly limit?: number } = {},
): Promise<readonly string[]> => {
  const files = await allFiles(source);
  const chosen = options.glob === undefined ? files : files.filter(matcher(options.glob));
  return chosen.slice(0, options.limit ?? defaultListLimit);
};

/** A glob without a slash matches the name in any folder. */
export const matcher = (glob: string): ((path: string) => boolean) => {
  const clean = glob.replace(/^\.\//, '');
  const matches = picomatch(clean, { dot: true, basename: !clean.includes('/') });
  return (path) => matches(path);
};

/** Without a limit: what snapshots and scratch copies are made of. */
export const allFiles = async (source: ListSource): Promise<readonly string[]> => {
  const tracked = source.known === undefined ? await gitFiles(source) : null;
  if (tracked !== null && tracked.length > 0) return tracked.toSorted();
  const walked = new Set((await walk(source.root)).files);
  for (const path of source.known ?? []) {
    if (!walked.has(path) && (await isFile(join(source.root, path)))) walked.add(path);
  }
  return [...walked].sort();
};

/** Null outside a repository. Deleted files still in the index, submodules and nested repositories are left out. */
const gitFiles = async (source: ListSource): Promise<readonly string[] | null> => {
  const outcome = await gitCommand(
    source.root,
    ['ls-files', '-z', '-t', '--cached', '--others', '--deleted', '--exclude-standard'],
    source.ceiling === undefined ? {} : { ceiling: source.ceiling },
  );
  if (outcome.exit !== 0) return null;
  const present = new Set<string>();
  const gone = new Set<string>();
  for (const record of outcome.stdout.toString('utf8').split('\0')) {
    const path = record.slice(2);
    if (path === '' || path.endsWith('/')) continue;
    if (record.startsWith('R')) gone.add(path);
    else if (!record.startsWith('S') || (await isFile(join(source.root, path)))) present.add(path);
  }
  if (present.has('.gitmodules')) await dropSubmodules(source.root, present);
  return [...present].filter((path) => !gone.has(path));
};

const dropSubmodules = async (root: string, paths: Set<string>): Promise<void> => {
  const text = await readFile(join(root, '.gitmodules'), 'utf8').catch(() => '');
  for (const match of text.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)) paths.delete(match[1] ?? '');
};

const isFile = async (absolute: string): Promise<boolean> => {
  const stats = await lstat(absolute).catch(() => null);
  return stats?.isFile() === true || stats?.isSymbolicLink() === true;
};
