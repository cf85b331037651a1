import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileDelta } from '@tandem/protocol';
import { git } from './git.ts';
import type { Mirror } from './mirror.ts';

export type Committed = { readonly commit: string; readonly files: readonly FileDelta[] };

/**
 * All that a worktree holds as one commit on its base, kept under a ref of the task. The same files make the same commit,
 * whenever and by whomever it is made. Null where nothing changed.
 */
export const commitWorktree = async (
  { folder }: Mirror,
  input: {
    readonly path: string;
    readonly base: string;
    readonly task: string;
    readonly message: string;
    readonly at: string;
  },
): Promise<Committed | null> => {
  const { path, base, task, message, at } = input;
  const temporary = await mkdtemp(join(tmpdir(), 'tandem-index-'));
  try {
    const environment = { GIT_INDEX_FILE: join(temporary, 'index') };
    await git({ cwd: path, words: ['read-tree', base], environment });
    await git({ cwd: path, words: ['add', '--all', '.'], environment });
    const tree = await git({ cwd: path, words: ['write-tree'], environment });
    if (tree === (await git({ cwd: folder, words: ['rev-parse', `${base}^{tree}`] }))) return null;
    const words = ['commit-tree', tree, '-p', base, '-F', '-'];
    const commit = await git({ cwd: folder, words, environment: { ...signed(at) }, input: message });
    await git({ cwd: folder, words: ['update-ref', `refs/tandem/tasks/${task}`, commit] });
    return { commit, files: await changedFiles(folder, base, commit) };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
};

const signed = (at: string): Readonly<Record<string, string>> => ({
  GIT_AUTHOR_NAME: 'Tandem',
  GIT_AUTHOR_EMAIL: 'tandem@localhost',
  GIT_AUTHOR_DATE: at,
  GIT_COMMITTER_NAME: 'Tandem',
  GIT_COMMITTER_EMAIL: 'tandem@localhost',
  GIT_COMMITTER_DATE: at,
});

const changedFiles = async (folder: string, base: string, commit: string): Promise<readonly FileDelta[]> => {
  const words = ['diff-tree', '--numstat', '-z', '--no-renames', '-r', base, commit];
  const text = await git({ cwd: folder, words });
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [added = '', removed = '', file = ''] = line.split('\t');
      // A dash for what is no text.
      return { path: file, added: Number(added) || 0, removed: Number(removed) || 0 };
    });
};

/** The change as a patch that git applies. */
export const patchOf = (
  { folder }: Pick<Mirror, 'folder'>,
  { base, commit }: { readonly base: string; readonly commit: string },
): Promise<string> =>
  git({ cwd: folder, words: ['diff', '--binary', '--full-index', '--no-ext-diff', base, commit] }).then(
    (text) => (text === '' ? '' : `${text}\n`),
  );
