import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Point } from './conflict.ts';
import { createGit, type Git } from './git.ts';

/**
 * A second git folder over the same objects, refs and settings, with an index, a HEAD and files of its own: what git
 * does only in a working tree (rerere, hooks) is done here and not in the person's.
 */
export type Aside = { readonly git: Git; readonly folder: string; readonly tree: string };

export const openAside = async (
  folder: string,
  place: { readonly gitDir: string; readonly common: string; readonly from: Point },
  tree = join(folder, 'tree'),
): Promise<Aside> => {
  await rm(folder, { recursive: true, force: true });
  for (const made of [folder, tree]) await mkdir(made, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'commondir'), `${place.common}\n`);
  for (const name of ['HEAD', 'config.worktree'])
    await copyFile(join(place.gitDir, name), join(folder, name)).catch(missing);
  await writeFile(join(folder, 'MERGE_HEAD'), `${place.from.commit}\n`);
  const environment = {
    GIT_DIR: folder,
    GIT_WORK_TREE: tree,
    GIT_INDEX_FILE: join(folder, 'index'),
  };
  return { git: createGit(tree, environment), folder, tree };
};

export const closeAside = (aside: Aside): Promise<void> => rm(aside.folder, { recursive: true, force: true });

const missing = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error;
};

/** Writes files of its index as a checkout would, through the filters that the person's settings name. */
export const checkOut = async ({ git }: Aside, paths: readonly string[]): Promise<void> => {
  const input = paths.map((path) => `${path}\0`).join('');
  await git.get(['checkout-index', '-f', '-z', '--stdin'], { input });
};

/** Git has made the file here before: it is no link and leads nowhere else. */
export const writeInPlace = (aside: Aside, path: string, bytes: Buffer): Promise<void> =>
  writeFile(join(aside.tree, path), bytes);
