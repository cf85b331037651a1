import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { WorktreeHold } from '@tandem/core';
import { isDependencyFolder } from '../scratch/dependencies.ts';
import { isRemade } from '../scratch/ignored.ts';
import { adminsOf, branchTip, idsIn, indexOf, isRegistered, lockReason, stagedIn, tipOf } from './admin.ts';
import { filesBelow, stateOf } from './bring.ts';
import { processesIn } from './inside.ts';
import { isLanded } from './land.ts';
import { isThere, type Places, statsAt, type WorktreeRecord } from './record.ts';
import { git, parts } from './repository.ts';
import { inShadow, ownIndex, readText, type Shadow, shadowOf } from './shadow.ts';
import { type Change, noWork, type Work, workSince } from './work.ts';

export type Looked = {
  readonly present: boolean;
  readonly work: Work;
  readonly holds: readonly WorktreeHold[];
};

/** Names of one hold; past them only their number is said. */
const maxNames = 1_000;

/** What a worktree holds that would be lost or hurt if it went, and its own work. */
export const lookAt = async (places: Places, record: WorktreeRecord): Promise<Looked> => {
  const { root } = record.worktree;
  const registered = await isRegistered(record);
  const present = statsAt(root)?.isDirectory() === true;
  const shadow = shadowOf(places, record);
  const tip = await tipOf(record);
  const calm = tip === record.head && (await indexOf(record)) === record.index;
  const work = present ? await workSince(shadow, record.base) : noWork;
  const names: Names = {
    commits: await ownCommits(record, tip),
    ...(await changed({ shadow, record, work, tip, calm: calm || !registered })),
    ignored: await ignoredOfValue(record, work),
    locked: await locksOf(record),
    process: present ? processesIn(root) : [],
    foreign: foreignParts(record, { present, registered }),
    nested: await nestedIn(record),
    missing: [
      ...(present ? [join(root, '.git')].filter((path) => !isThere(path)) : [root]),
      ...(registered ? [] : [record.admin]),
    ],
  };
  return { present, work, holds: holdsOf(names) };
};

type Names = Readonly<Record<WorktreeHold['kind'], readonly string[]>>;

const holdsOf = (names: Names): readonly WorktreeHold[] =>
  (Object.keys(names) as WorktreeHold['kind'][]).flatMap((kind) => {
    const all = names[kind];
    if (all.length === 0) return [];
    const shown = all.slice(0, maxNames);
    return [
      { kind, names: all.length > shown.length ? [...shown, `${all.length - shown.length} more`] : shown },
    ];
  });

/** Since the start, on what is checked out. */
export const countCommits = async (record: WorktreeRecord): Promise<number> => {
  const tip = await tipOf(record);
  if (tip === null || tip === record.head) return 0;
  return Number(await git(record.common, ['rev-list', '--count', tip, `^${record.worktree.start}`]));
};

/** Commits, also those left behind by an amend or a reset, that no other branch, tag, remote or stash leads to. */
const ownCommits = async (record: WorktreeRecord, tip: string | null): Promise<readonly string[]> => {
  const { branch, start } = record.worktree;
  const ids = await idsIn(record);
  for (const id of [tip, await branchTip(record)]) if (id !== null) ids.add(id);
  for (const id of [record.head, start]) ids.delete(id);
  const real = [...ids].filter((id) => !/^0+$/.test(id));
  if (real.length === 0) return [];
  const without = [start, ...(await headsElsewhere(record))].map((id) => `^${id}`);
  const listed = await git(
    record.common,
    [
      ...['rev-list', '--no-commit-header', '--format=%h %s', '--ignore-missing', '--stdin', '--not'],
      ...[`--exclude=${branch}`, '--branches', '--remotes', '--tags', '--glob=refs/stash'],
    ],
    { input: [...real, ...without, ''].join('\n') },
  );
  return listed.split('\n').filter((line) => line !== '');
};

/** Commits that other working trees have checked out without a branch; not those inside this one, or whose folder is gone. */
const headsElsewhere = async ({ common, worktree }: WorktreeRecord): Promise<readonly string[]> => {
  const others = (await adminsOf(common)).filter(
    ({ path }) => isThere(path) && !`${path}/`.startsWith(`${worktree.root}/`),
  );
  const folders = [common, ...others.map(({ admin }) => admin)];
  const heads = await Promise.all(folders.map((folder) => readText(join(folder, 'HEAD'))));
  return heads.map((head) => head.trim()).filter((head) => /^[0-9a-f]+$/.test(head));
};

type Changed = Pick<Names, 'changes' | 'untracked' | 'submodule'>;

/** Differences that no commit holds, by where they lie. */
const changed = async (input: {
  readonly shadow: Shadow;
  readonly record: WorktreeRecord;
  readonly work: Work;
  readonly tip: string | null;
  /** Nothing was staged or committed. */
  readonly calm: boolean;
}): Promise<Changed> => {
  const { record, work } = input;
  const known = new Set(record.staged);
  const staged = (input.calm ? [] : await stagedIn(record))
    .filter((entry) => !known.has(entry))
    .map((entry) => entry.slice(entry.indexOf('\0') + 1));
  const isInLink = (path: string): boolean =>
    links.some((link) => path === link || path.startsWith(`${link}/`));
  const links = [...record.links, ...work.changes.filter(isRepository).map(({ path }) => path)];
  const open = await openPaths(input, (path) => !staged.includes(path) && !isInLink(path));
  const paths = [...new Set([...open.keys(), ...staged])].sort();
  const isUntracked = (path: string): boolean => open.get(path) === 'untracked';
  return {
    changes: [...paths.filter((path) => !isInLink(path) && !isUntracked(path)), ...work.unread],
    untracked: paths.filter((path) => !isInLink(path) && isUntracked(path)),
    submodule: paths.filter(isInLink),
  };
};

const isRepository = ({ after }: Change): boolean => after?.mode === '160000';

/** Of what changed, that which neither the checked out commit nor the origin has as it is. */
const openPaths = async (
  input: Parameters<typeof changed>[0],
  mayBeCommitted: (path: string) => boolean,
): Promise<ReadonlyMap<string, 'tracked' | 'untracked'>> => {
  const { shadow, record, work, tip } = input;
  const open = new Map<string, 'tracked' | 'untracked'>();
  if (work.changes.length === 0) return open;
  const status = await ownStatus(shadow);
  const gone = work.changes.some(({ after }) => after === null) ? await removedSince(record, tip) : new Set();
  for (const change of work.changes) {
    const { path, after } = change;
    const mark = status.get(path);
    const committed = after === null ? mark === undefined && gone.has(path) : mark === 'H';
    if (committed && mayBeCommitted(path)) continue;
    if (!(await isLanded(record, change))) open.set(path, mark === '?' ? 'untracked' : 'tracked');
  }
  return open;
};

/**
 * What git would say of the worktree's files and index: `H` only for a file that is as the index has it and has no mark
 * by which git overlooks changes; `?` untracked. No filter runs.
 */
const ownStatus = async (shadow: Shadow): Promise<Map<string, string>> => {
  const listed = await inShadow(
    shadow,
    ['ls-files', '-z', '-v', '-c', '-o', '-m', '-d', '--exclude-standard'],
    {
      environment: await ownIndex(shadow),
    },
  );
  const status = new Map<string, string>();
  for (const entry of parts(listed)) {
    const path = entry.slice(2).replace(/\/$/, '');
    if (!entry.startsWith('H ') || !status.has(path)) status.set(path, entry.slice(0, 1));
  }
  return status;
};

/** Paths that commits made here took away. */
const removedSince = async (record: WorktreeRecord, tip: string | null): Promise<ReadonlySet<string>> => {
  if (tip === null || tip === record.head) return new Set();
  const words = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--diff-filter=D', record.head, tip];
  return new Set(parts(await git(record.common, words)));
};

/** Ignored files that were not brought along as they are, and that no tool makes again by itself. */
const ignoredOfValue = async (record: WorktreeRecord, work: Work): Promise<readonly string[]> => {
  const { root } = record.worktree;
  const isNew = (path: string): boolean => record.brought[path] !== stateOf(join(root, path));
  const found: string[] = [];
  for (const entry of work.ignored) {
    const path = entry.replace(/\/$/, '');
    if (isDependencyFolder(path) || isRemade(basename(path))) continue;
    if (!entry.endsWith('/')) found.push(...(isNew(path) ? [path] : []));
    else if ((await filesBelow(root, path)).some(isNew)) found.push(entry);
  }
  return found;
};

/** Locks that somebody else holds: by `git worktree lock`, or of a git that runs (or died) here. */
const locksOf = async (record: WorktreeRecord): Promise<readonly string[]> => {
  const file = join(record.admin, 'locked');
  const reason = (await readText(file)).trim();
  const names = (await readdir(record.admin).catch(() => [])).filter((name) => name.endsWith('.lock'));
  const branch = join(record.common, 'refs/heads', `${record.worktree.branch}.lock`);
  return [
    ...(isThere(file) && reason !== lockReason ? [`git worktree lock: ${reason || 'no reason given'}`] : []),
    ...[...names.map((name) => join(record.admin, name)), branch].filter(isThere),
  ];
};

/** What is in its place and is not what was made there, or belongs to another user. */
const foreignParts = (
  record: WorktreeRecord,
  { present, registered }: { readonly present: boolean; readonly registered: boolean },
): readonly string[] => {
  const { root } = record.worktree;
  const user = process.getuid?.();
  const isOfAnother = (path: string): boolean => {
    const stats = statsAt(path);
    return stats !== null && user !== undefined && stats.uid !== user;
  };
  return [
    ...(!present && isThere(root) ? [root] : []),
    ...(!registered && isThere(join(record.admin, 'gitdir')) ? [record.admin] : []),
    ...[root, record.admin].filter((path) => isThere(path) && isOfAnother(path)),
  ];
};

/** Worktrees, of whomever, that lie inside this one. */
const nestedIn = async ({ common, worktree }: WorktreeRecord): Promise<readonly string[]> =>
  (await adminsOf(common))
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`${worktree.root}/`) && isThere(path));
