import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError } from '@tandem/protocol';
import { anyId, idsIn, inAdmin, stagedIn } from './admin.ts';
import type { WorktreeRecord } from './record.ts';
import { git } from './repository.ts';
import { byNobody } from './start.ts';

export const trashRef = (trash: string): string => `refs/tandem/trash/${trash}`;

/**
 * What only the index of a worktree names: contents that are staged, in conflict or what a resolution can be undone to, and
 * the trees that git has made of them already; without those git cannot repack the repository once the index is back.
 */
const stagedIds = async (record: WorktreeRecord): Promise<readonly string[]> => {
  const staged = (await stagedIn(record)).join('\n');
  const index = await readFile(join(record.admin, 'index')).catch(() => Buffer.alloc(0));
  const more = / U\0/.test(staged) || index.includes('REUC');
  const others = more ? await inAdmin(record, ['ls-files', '-u', '--resolve-undo']) : '';
  const trees = staged === '' && others === '' ? '' : await inAdmin(record, indexedOnly);
  return [...`${staged}\n${others}\n${trees ?? ''}`.matchAll(anyId)].map(([id]) => id);
};

const indexedOnly = ['rev-list', '--objects', '--no-object-names', '--indexed-objects', '--not', '--all'];

/** What nobody has yet a sweep of git may take away just then; a second time it has gone by. */
const tries = 5;

/**
 * Makes one commit that holds every object which a worktree alone may name, and points a ref at it: nothing of it is
 * swept away by git however long it lies in the trash. @throws AppError conflict when git sweeps all the time
 */
export const keepObjectsOf = async (
  record: WorktreeRecord,
  input: { readonly ref: string; readonly commits: readonly string[] },
): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    const kept = await keepOnce(record, input).catch((error: unknown) => {
      if (attempt === tries || !isAppError(error)) throw error;
      return false;
    });
    if (kept) return;
    if (attempt === tries)
      throw new AppError(
        'conflict',
        'git gc takes objects away all the time; nothing was moved. Try again later.',
      );
  }
};

const keepOnce = async (
  record: WorktreeRecord,
  { ref, commits: named }: { readonly ref: string; readonly commits: readonly string[] },
): Promise<boolean> => {
  const { common } = record;
  const ids = [...new Set([...named, ...(await idsIn(record)), ...(await stagedIds(record))])];
  const types = await typesOf(common, ids);
  const entries = [...types].flatMap(([id, type]) =>
    type === 'blob' ? [`100644 blob ${id}\t${id}\0`] : type === 'tree' ? [`040000 tree ${id}\t${id}\0`] : [],
  );
  const tree = entries.length === 0 ? record.base : await treeOf(common, entries.sort());
  const commits = [...types].filter(([, type]) => type === 'commit').map(([id]) => id);
  await git(common, ['update-ref', ref, await commitOf(common, tree, commits)]);
  const wanted = new Set([...types.keys(), tree]);
  return (await typesOf(common, [...wanted])).size === wanted.size;
};

const treeOf = async (common: string, entries: readonly string[]): Promise<string> =>
  (await git(common, ['mktree', '-z'], { input: entries.join('') })).trim();

const typesOf = async (common: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const answer = await git(common, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    input: ids.map((id) => `${id}\n`).join(''),
  });
  return new Map(
    [...answer.matchAll(/^([0-9a-f]+) (commit|tree|blob)$/gm)].map(
      ([, id, type]) => [id, type] as [string, string],
    ),
  );
};

/** Written as an object: a command line has no room for thousands of parents. */
const commitOf = async (common: string, tree: string, parents: readonly string[]): Promise<string> => {
  const who = `${byNobody.GIT_AUTHOR_NAME} <${byNobody.GIT_AUTHOR_EMAIL}> 0 +0000`;
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${who}`,
    `committer ${who}`,
    '',
    'Kept for the trash of worktrees',
    '',
  ];
  return (
    await git(common, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input: lines.join('\n') })
  ).trim();
};
