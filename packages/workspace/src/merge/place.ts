import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol';
import { findRepository } from '../worktree/repository.ts';
import type { Point } from './conflict.ts';
import { createGit, type Git } from './git.ts';

/** The working tree a merge is for. */
export type Place = {
  readonly git: Git;
  readonly top: string;
  readonly gitDir: string;
  readonly common: string;
  /** What of a merge is kept from call to call. */
  readonly folder: string;
};

/** @throws AppError usage where there is no working tree */
export const findPlace = async (folder: string, stateDir: string): Promise<Place> => {
  const repository = await findRepository(folder);
  if (repository.isBare)
    throw new AppError(
      'usage',
      `${folder} is a bare repository: a merge needs a working tree (git worktree add).`,
    );
  const { top, gitDir, common } = repository;
  const id = createHash('sha256').update(gitDir).digest('hex').slice(0, 16);
  return { git: createGit(top), top, gitDir, common, folder: join(stateDir, 'merges', id) };
};

/** Where HEAD stands; `branch` is null when it is on none. @throws AppError usage before the first commit */
export type Head = Point & { readonly branch: string | null };

export const headOf = async ({ git }: Place): Promise<Head> => {
  const branch = (await git.ask(['symbolic-ref', '-q', 'HEAD'])).stdout.toString().replace(/\n$/, '');
  const commit = await git.ask(['rev-parse', '-q', '--verify', 'HEAD^{commit}']);
  if (commit.exit !== 0)
    throw new AppError(
      'usage',
      'This branch has no commit yet: there is nothing to merge into. Commit first.',
    );
  return { name: 'HEAD', commit: commit.stdout.toString().trim(), branch: branch === '' ? null : branch };
};

/** What a person calls where HEAD stands. */
export const branchName = ({ branch, commit }: Head): string =>
  branch?.replace(/^refs\/heads\//, '') ?? commit.slice(0, 10);

const ongoing: readonly (readonly [file: string, what: string, way: string])[] = [
  ['MERGE_HEAD', 'A merge', 'git commit ends it, git merge --abort takes it back'],
  ['rebase-merge', 'A rebase', 'git rebase --continue or --abort'],
  ['rebase-apply', 'A rebase or git am', 'git rebase --continue or --abort (git am --continue or --abort)'],
  ['CHERRY_PICK_HEAD', 'A cherry-pick', 'git cherry-pick --continue or --abort'],
  ['REVERT_HEAD', 'A revert', 'git revert --continue or --abort'],
  ['sequencer', 'A series of picks', 'git cherry-pick --continue or --abort'],
];

/** @throws AppError conflict, naming what is going on and how it ends */
export const refuseOngoing = async ({ git, gitDir }: Place): Promise<void> => {
  const found = ongoing.find(([file]) => existsSync(join(gitDir, file)));
  if (found !== undefined) throw new AppError('conflict', `${found[1]} is going on here: ${found[2]}.`);
  const unmerged = await git.names(['diff', '--name-only', '--diff-filter=U', '-z']);
  if (unmerged.length > 0)
    throw new AppError(
      'conflict',
      `The index holds unmerged paths: ${listed(unmerged)}. Settle them first (git add).`,
    );
};

/** Null: what the branch follows. @throws AppError not_found with the nearest name */
export const resolveRef = async ({ git }: Place, typed: string | null): Promise<Point> => {
  const name = typed ?? '@{upstream}';
  if (name.startsWith('-'))
    throw new AppError(
      'usage',
      `${printable(name)} would be an option to git; write refs/heads/${printable(name)}`,
    );
  const found = await git.ask(['rev-parse', '-q', '--verify', '--end-of-options', `${name}^{commit}`]);
  if (found.exit === 0) {
    const short = typed ?? (await git.get(['rev-parse', '--abbrev-ref', '@{upstream}'])).trim();
    return { name: short, commit: found.stdout.toString().trim() };
  }
  if (typed === null)
    throw new AppError('usage', 'This branch follows no other; say what to merge: tandem merge REF');
  const refs = await git.get([
    ...[
      'for-each-ref',
      '--format=%(refname:short)',
      '--count=2000',
      'refs/heads',
      'refs/remotes',
      'refs/tags',
    ],
  ]);
  throw new AppError('not_found', `There is no commit ${printable(typed)} here.`, {
    details: { typed, names: refs.split('\n').filter((ref) => ref !== '') },
  });
};

const maxListed = 8;

/** Names as data: what could move a cursor or begin a line of its own is written out. */
export const printable = (text: string): string =>
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"\\]/u.test(text)
    ? JSON.stringify(text).replace(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
        (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`,
      )
    : text;

export const listed = (names: readonly string[]): string =>
  names.slice(0, maxListed).map(printable).join(', ') +
  (names.length > maxListed ? ` and ${names.length - maxListed} more` : '');
