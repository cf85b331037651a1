import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indexIdentity } from '../snapshot/git-index.ts';
import { isThere, type WorktreeRecord } from './record.ts';
import { gitOrNull } from './repository.ts';
import { readText } from './shadow.ts';

/** What git keeps of one worktree, in its own folder: HEAD, index, logs. Asked whether or not the files are there. */

/** Larger files there name no commits: an index is read by git itself. */
const maxBytes = 16 * 1024 * 1024;
export const anyId = /\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b/g;

/** Git's own clean-up and `git worktree remove` leave alone what is locked. */
export const lockReason = 'made by tandem; to remove it: tandem worktree discard';
export const branchOf = (name: string): string => `tandem/${name}`;

/** All of a repository: git's folder of each linked worktree, and where its files are said to be. */
export const adminsOf = async (
  common: string,
): Promise<readonly { readonly admin: string; readonly path: string }[]> => {
  const names = await readdir(join(common, 'worktrees')).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      const admin = join(common, 'worktrees', name);
      return { admin, path: (await readText(join(admin, 'gitdir'))).trim().replace(/\/\.git$/, '') };
    }),
  );
};

/** Null where git says no. */
export const inAdmin = (record: WorktreeRecord, words: readonly string[]): Promise<string | null> =>
  gitOrNull(record.common, ['--git-dir', record.admin, ...words]);

/** Whether it is there and means this worktree. */
export const isRegistered = async (record: WorktreeRecord): Promise<boolean> =>
  (await readText(join(record.admin, 'gitdir'))).trim() === join(record.worktree.root, '.git');

/** The commit that is checked out; null when its branch is gone. */
export const tipOf = async (record: WorktreeRecord): Promise<string | null> => {
  const head = (await readText(join(record.admin, 'HEAD'))).trim();
  if (head.startsWith('ref: ')) return refTip(record.common, head.slice('ref: '.length));
  return head === '' ? null : head;
};

/** Where a ref of the repository stands; null where there is none. Its files are read, which costs no process. */
export const refTip = async (common: string, ref: string): Promise<string | null> => {
  const loose = (await readText(join(common, ref))).trim();
  if (/^[0-9a-f]+$/.test(loose)) return loose;
  if (loose !== '' || isThere(join(common, 'reftable')))
    return (await gitOrNull(common, ['rev-parse', '--verify', '--quiet', ref]))?.trim() ?? null;
  const line = (await readText(join(common, 'packed-refs')))
    .split('\n')
    .find((one) => one.endsWith(` ${ref}`));
  return line === undefined ? null : line.slice(0, line.indexOf(' '));
};

export const branchTip = ({ common, worktree }: WorktreeRecord): Promise<string | null> =>
  refTip(common, `refs/heads/${worktree.branch}`);

export const branchLog = ({ common, worktree }: WorktreeRecord): string =>
  join(common, 'logs/refs/heads', worktree.branch);

/** What is staged: differences of the index to the commit that is checked out, as git prints them. */
export const stagedIn = async (record: WorktreeRecord): Promise<readonly string[]> => {
  const words = ['--cached', '-z', '--raw', '--no-renames', '--no-abbrev', '--ignore-submodules=dirty'];
  const answer = await inAdmin(record, ['diff-index', ...words, (await tipOf(record)) ?? record.head, '--']);
  const fields = answer?.split('\0') ?? [];
  return fields.flatMap((field, at) => (field.startsWith(':') ? [`${field}\0${fields[at + 1]}`] : []));
};

/** What the index says; while it says the same, nothing was staged, taken back or committed. */
export const indexOf = async (record: WorktreeRecord): Promise<string> => {
  const bytes = await readFile(join(record.admin, 'index')).catch(() => Buffer.alloc(0));
  return bytes.length === 0 ? '' : indexIdentity(bytes);
};

/** Every object id that its files name: HEAD, logs, what a merge or rebase has begun with. */
export const idsIn = async (record: WorktreeRecord): Promise<Set<string>> => {
  const ids = new Set<string>();
  const names = (await readdir(record.admin, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile() && !/^(index|sharedindex\..*)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of [...names, branchLog(record)]) {
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (bytes.length > maxBytes) continue;
    for (const [id] of bytes.toString('latin1').matchAll(anyId)) ids.add(id);
  }
  return ids;
};
