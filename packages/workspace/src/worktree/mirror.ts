import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@tandem/protocol';
import { copyTree } from '../scratch/copy-tree.ts';
import { removeTree } from '../scratch/sweep.ts';
import { indexIdentity } from '../snapshot/git-index.ts';
import { isThere, statsAt } from './record.ts';
import { git, parts, type Repository } from './repository.ts';

/** Somebody who works in the origin meanwhile is waited for this often. */
const tries = 4;

/**
 * Makes the worktree's files and index those of the origin as it is now: staged, unstaged and untracked. Done again
 * where the origin's index changed meanwhile. @throws AppError conflict in the middle of a merge, or when it never rests
 */
export const mirrorInto = async (input: {
  readonly repository: Repository;
  readonly root: string;
  readonly admin: string;
}): Promise<{ readonly left: readonly string[] }> => {
  const { repository, root, admin } = input;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const before = await readIndex(repository.gitDir);
    for (const name of await readdir(root)) if (name !== '.git') await removeTree(join(root, name));
    const { files, left } = await filesToMirror(repository.top);
    await copyTree({ from: repository.top, to: root, paths: files });
    if (before.length > 0) await writeFile(join(admin, 'index'), before);
    await copySharedIndex(repository.gitDir, admin);
    const after = await readIndex(repository.gitDir);
    if (before.equals(after) || identityOf(before) === identityOf(after)) return { left };
  }
  throw new AppError(
    'conflict',
    `${repository.top} changes all the time; wait until git is done there and try again.`,
  );
};

const readIndex = (gitDir: string): Promise<Buffer> =>
  readFile(join(gitDir, 'index')).catch(() => Buffer.alloc(0));

const identityOf = (bytes: Buffer): string => (bytes.length === 0 ? '' : indexIdentity(bytes));

/** An index that is split keeps most of itself in another file beside it. */
export const copySharedIndex = async (from: string, to: string): Promise<void> => {
  for (const name of await readdir(from).catch(() => []))
    if (name.startsWith('sharedindex.')) await copyFile(join(from, name), join(to, name));
};

/** Files of a submodule come as plain files; other repositories inside the workspace stay where they are. */
const filesToMirror = async (
  top: string,
): Promise<{ readonly files: readonly string[]; readonly left: readonly string[] }> => {
  const files: string[] = [];
  for (const entry of parts(await git(top, ['ls-files', '-z', '-s']))) {
    const [mode, , stage] = entry.slice(0, entry.indexOf('\t')).split(' ');
    const path = entry.slice(entry.indexOf('\t') + 1);
    if (stage !== '0') throw unmerged(top, path);
    if (mode === '160000') files.push(...(await submoduleFiles(top, path)));
    else files.push(path);
  }
  const others = parts(await git(top, ['ls-files', '-z', '-o', '--exclude-standard']));
  const unwritable = [...files, ...others].find((path) => path.includes('\uFFFD'));
  if (unwritable !== undefined)
    throw new AppError(
      'usage',
      `${unwritable} in ${top} has a name that is no UTF-8; start from HEAD instead.`,
    );
  const left = others.filter((path) => path.endsWith('/'));
  const untracked = others.filter((path) => !path.endsWith('/'));
  return { files: reallyIn(top, [...files, ...untracked]), left };
};

const unmerged = (top: string, path: string): AppError =>
  new AppError(
    'conflict',
    `${path} in ${top} is in conflict; finish or abort the merge there first, or start from HEAD.`,
    { details: { path } },
  );

/** What a populated submodule holds, tracked or not, as paths below `top`. */
export const submoduleFiles = async (top: string, path: string): Promise<readonly string[]> => {
  const folder = join(top, path);
  if (!isThere(join(folder, '.git'))) return [];
  const { files } = await filesToMirror(folder);
  return files.map((file) => `${path}/${file}`);
};

/** Without what only seems to be there because a folder on the way is a link to another place. */
const reallyIn = (top: string, paths: readonly string[]): readonly string[] => {
  const folders = new Map<string, boolean>([['.', true]]);
  const isFolder = (folder: string): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const real = isFolder(dirname(folder)) && statsAt(join(top, folder))?.isDirectory() === true;
    folders.set(folder, real);
    return real;
  };
  return paths.filter((path) => isFolder(dirname(path)));
};
