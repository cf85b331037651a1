import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { askGit, git } from './git.ts';

/** A repository as the server keeps it: bare, fetched from where it lives, with the commits of tasks beside its branches. */
export type Mirror = { readonly folder: string; readonly origin: string };

/** One at a time in each mirror: git's own locks refuse a second one instead of waiting. */
const turns = new Map<string, Promise<unknown>>();

export const inTurn = <T>({ folder }: Pick<Mirror, 'folder'>, work: () => Promise<T>): Promise<T> => {
  const before = turns.get(folder) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(folder, mine);
  void mine.then(
    () => turns.get(folder) === mine && turns.delete(folder),
    () => turns.get(folder) === mine && turns.delete(folder),
  );
  return mine;
};

const headRef = 'refs/tandem/head';

/** Makes the mirror if it is not there, and brings it up to date. @throws AppError offline */
export const fetchMirror = async (mirror: Mirror): Promise<void> => {
  await makeMirror(mirror);
  const refs = ['+refs/heads/*:refs/heads/*', `+HEAD:${headRef}`];
  const words = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--prune', mirror.origin, ...refs];
  await git({ cwd: mirror.folder, words });
};

/** Whole or not at all. */
const makeMirror = async ({ folder }: Mirror): Promise<void> => {
  if ((await stat(folder).catch(() => null)) !== null) return;
  const making = `${folder}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true, mode: 0o700 });
  await git({ cwd: making, words: ['init', '--quiet', '--bare'] });
  await rename(making, folder);
};

/** The commit that a person means; what is checked out where nothing is named. @throws AppError usage */
export const resolveBase = async ({ folder }: Mirror, named: string | undefined): Promise<string> => {
  const asked = named === undefined ? [headRef] : [`refs/heads/${named}`, named];
  for (const one of asked) {
    // What begins with a dash would be an option.
    const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${one}^{commit}`];
    const commit = await askGit({ cwd: folder, words });
    if (commit !== null) return commit;
  }
  throw new AppError('usage', `There is no commit ${named ?? 'yet'} in the repository; name a branch of it.`);
};

export const hasCommit = async ({ folder }: Mirror, commit: string): Promise<boolean> =>
  (await askGit({ cwd: folder, words: ['cat-file', '-e', `${commit}^{commit}`] })) !== null;

/** A fresh worktree at a commit; what was there before is gone. */
export const makeWorktree = async (
  { folder }: Mirror,
  { path, commit }: { readonly path: string; readonly commit: string },
): Promise<void> => {
  await rm(path, { recursive: true, force: true });
  await git({ cwd: folder, words: ['worktree', 'prune'] });
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  await git({ cwd: folder, words: ['worktree', 'add', '--quiet', '--detach', '--force', path, commit] });
};

export const removeWorktree = async ({ folder }: Mirror, path: string): Promise<void> => {
  await rm(path, { recursive: true, force: true });
  await askGit({ cwd: folder, words: ['worktree', 'prune'] });
};

/**
 * Puts a commit on a new branch where the repository lives. The branch has the name of the task, so that the same done twice is
 * done once. @throws AppError conflict when the branch is there with something else; offline
 */
export const pushBranch = async (
  { folder, origin }: Mirror,
  { branch, commit }: { readonly branch: string; readonly commit: string },
): Promise<void> => {
  const ref = `refs/heads/${branch}`;
  const words = ['push', '--quiet', '--no-verify', `--force-with-lease=${ref}:`, origin, `${commit}:${ref}`];
  try {
    await git({ cwd: folder, words });
  } catch (error) {
    const there = await git({ cwd: folder, words: ['ls-remote', origin, ref] });
    const [found = ''] = there.split('\t');
    if (found === commit) return;
    if (found === '') throw error;
    throw new AppError('conflict', `${branch} is there already with another commit, ${found.slice(0, 12)}.`);
  }
};
