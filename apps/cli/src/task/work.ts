import { existsSync } from 'node:fs';
import { copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { maxBundleBytes } from '@tandem/protocol/team';
import { askGit, git } from './git.ts';

/**
 * What is here, as commits: HEAD's history, and one commit more for what is not committed. Made in a folder of ours, with an
 * index and objects of its own: the person's index, refs, objects and files are only read.
 */
export type Work = {
  /** Of the working tree. */
  readonly top: string;
  readonly commit: string;
  /** Paths that are not as they were in `commit` any more. */
  readonly changedSince: () => Promise<ReadonlySet<string>>;
  /**
   * A bundle of what none of `heads` has; null where one of them has it all. @throws AppError usage where that is too much,
   * or where the history here is cut off
   */
  readonly bundle: (heads: readonly string[]) => Promise<string | null>;
};

type Place = {
  readonly top: string;
  /** Thrown away by the caller. */
  readonly folder: string;
  /** A bare repository that borrows the person's objects. */
  readonly shadow: string;
  readonly signal: AbortSignal;
};

/** @throws AppError usage outside of a repository; conflict in the middle of a merge */
export const openWork = async (given: {
  readonly cwd: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}): Promise<Work> => {
  const place = await openPlace(given);
  const { top, shadow, signal } = place;
  const head = await askGit({
    cwd: top,
    signal,
    words: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'],
  });
  const parent = head.code === 0 ? head.out.trim() : null;
  const commit = await commitOf(place, { parent, tree: await treeOf(place) });
  await git({ cwd: shadow, signal, words: ['update-ref', 'refs/heads/work', commit] });
  return {
    ...{ top, commit },
    changedSince: async () => {
      const words = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', commit, await treeOf(place)];
      return new Set((await git({ cwd: shadow, signal, words })).split('\0'));
    },
    bundle: (heads) => bundleOf(place, heads),
  };
};

const openPlace = async ({ cwd, folder, signal }: Parameters<typeof openWork>[0]): Promise<Place> => {
  const found = await askGit({ cwd, signal, words: ['rev-parse', '--show-toplevel'] });
  if (found.code !== 0)
    throw new AppError('usage', `${cwd} is in no git repository; --remote hands over what git has.`);
  const top = found.out.trimEnd();
  const shadow = join(folder, 'shadow.git');
  const format = await git({ cwd: top, signal, words: ['rev-parse', '--show-object-format'] });
  const init = ['init', '--quiet', '--bare', `--object-format=${format}`, shadow];
  await git({ cwd: folder, signal, words: init });
  await writeFile(join(shadow, 'objects/info/alternates'), `${await pathOf({ top, signal }, 'objects')}\n`);
  await copyIfThere(await pathOf({ top, signal }, 'shallow'), join(shadow, 'shallow'));
  return { top, folder, shadow, signal };
};

const pathOf = ({ top, signal }: Pick<Place, 'top' | 'signal'>, name: string): Promise<string> =>
  git({ cwd: top, signal, words: ['rev-parse', '--path-format=absolute', '--git-path', name] });

const copyIfThere = async (from: string, to: string): Promise<void> => {
  if (existsSync(from)) await copyFile(from, to);
};

/** All that is here now and not ignored, as a tree. Other repositories inside stay where they are. */
const treeOf = async (place: Place): Promise<string> => {
  const { top, folder, shadow, signal } = place;
  const index = join(folder, 'index');
  await copyIfThere(await pathOf(place, 'index'), index);
  const environment = { GIT_INDEX_FILE: index, GIT_OBJECT_DIRECTORY: join(shadow, 'objects') };
  const ask = (words: readonly string[], input = '') => git({ cwd: top, signal, words, input, environment });
  if ((await ask(['ls-files', '-u'])) !== '')
    throw new AppError('conflict', 'A merge is not finished here; finish or abort it first.');
  await ask(['add', '-u', '--', '.']);
  const others = (await ask(['ls-files', '-z', '-o', '--exclude-standard'])).split('\0');
  const files = others.filter((path) => path !== '' && !path.endsWith('/'));
  await ask(['update-index', '--add', '-z', '--stdin'], files.map((path) => `${path}\0`).join(''));
  return await ask(['write-tree']);
};

const identity = {
  GIT_AUTHOR_NAME: 'Tandem',
  GIT_AUTHOR_EMAIL: 'tandem@localhost',
  GIT_COMMITTER_NAME: 'Tandem',
  GIT_COMMITTER_EMAIL: 'tandem@localhost',
};

const commitOf = async (
  { shadow, signal }: Place,
  { parent, tree }: { readonly parent: string | null; readonly tree: string },
): Promise<string> => {
  const words = ['rev-parse', '--verify', `${parent}^{tree}`];
  if (parent !== null && (await git({ cwd: shadow, signal, words })) === tree) return parent;
  const commit = ['commit-tree', tree, ...(parent === null ? [] : ['-p', parent]), '-F', '-'];
  const input = 'Work that was not committed yet\n';
  return await git({ cwd: shadow, signal, words: commit, input, environment: identity });
};

const bundleOf = async (place: Place, heads: readonly string[]): Promise<string | null> => {
  const { folder, shadow, signal } = place;
  const input = heads.map((head) => `${head}\n`).join('');
  const asked = await git({ cwd: shadow, signal, words: ['cat-file', '--batch-check'], input });
  const known = asked.split('\n').flatMap((line) => /^([0-9a-f]+) commit /.exec(line)?.slice(1) ?? []);
  const words = ['rev-list', '--max-count=1', 'refs/heads/work', '--not', ...known];
  if ((await git({ cwd: shadow, signal, words })) === '') return null;
  if (known.length === 0 && existsSync(join(shadow, 'shallow')))
    throw new AppError(
      'usage',
      'The history here is cut off before what the repository has; git fetch --unshallow first.',
    );
  const file = join(folder, 'work.bundle');
  const made = ['bundle', 'create', '--quiet', file, 'refs/heads/work', '--not', ...known];
  await git({ cwd: shadow, signal, words: made });
  const { size } = await stat(file);
  if (size > maxBundleBytes)
    throw new AppError(
      'usage',
      `What the repository lacks is ${size} bytes, and ${maxBundleBytes} may be handed over. Fetch from it here, so that less is new; or push a branch and name it: tandem task create --base BRANCH.`,
    );
  return file;
};
