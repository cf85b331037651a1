import { lstat, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol';
import { createGit, said } from './git.ts';
import { headOf, listed, type Place } from './place.ts';

/** From one commit to another: index and files of what differs, then the branch. */
export type Landing = {
  readonly from: string;
  readonly to: string;
  /** Second parent, while the way is not at its end. */
  readonly other: string;
  readonly message: string;
  /** In the log of the branch. */
  readonly reason: string;
};

type Changed = { readonly path: string; readonly before: Entry; readonly after: Entry };
type Entry = { readonly mode: string; readonly id: string } | null;

/** Paths that differ between two trees. */
export const changedPaths = async ({ git }: Place, from: string, to: string): Promise<readonly Changed[]> => {
  const fields = await git.names(['diff-tree', '-r', '-z', '--no-renames', '--no-abbrev', from, to]);
  const changed: Changed[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [before = '', after = '', beforeId = '', afterId = ''] = (fields[at] ?? '').slice(1).split(' ');
    const entry = (mode: string, id: string): Entry => (/^0+$/.test(mode) ? null : { mode, id });
    changed.push({
      path: fields[at + 1] ?? '',
      before: entry(before, beforeId),
      after: entry(after, afterId),
    });
  }
  return changed;
};

/** @throws AppError conflict, naming work of the person's that the way from one tree to the other would touch */
export const refuseInTheWay = async (place: Place, from: string, to: string): Promise<number> => {
  const changed = await changedPaths(place, from, to);
  const paths = new Set(changed.map(({ path }) => path));
  const status = [
    'status',
    '--porcelain',
    '-z',
    '--no-renames',
    '--untracked-files=no',
    '--ignore-submodules=dirty',
  ];
  const dirty = (await place.git.names(status))
    .map((line) => line.slice(3))
    .filter((path) => paths.has(path));
  const gone = new Set(changed.filter(({ after }) => after === null).map(({ path }) => path));
  const untracked: string[] = [];
  for (const { path, before } of changed)
    if (before === null && !gone.has(path)) untracked.push(...(await inTheWay(place, path, gone)));
  const found = [...new Set([...dirty, ...untracked])];
  if (found.length > 0)
    throw new AppError(
      'conflict',
      `The merge would touch what is not committed: ${listed(found)}. Commit it or put it aside (git stash -u) and run tandem merge again; nothing was changed.`,
      { details: { paths: found } },
    );
  return changed.length;
};

/** What lies at a path that is to be made: a file, or a folder with something in it that does not go anyway. */
const inTheWay = async (
  place: Place,
  path: string,
  gone: ReadonlySet<string>,
): Promise<readonly string[]> => {
  const stats = await lstat(join(place.top, path)).catch(() => null);
  if (stats === null) return [];
  if (!stats.isDirectory()) return (await isOnlyRespelled(place, path, gone)) ? [] : [path];
  const inside = await readdir(join(place.top, path), { recursive: true, withFileTypes: true });
  return inside
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${join(entry.parentPath, entry.name).slice(place.top.length + 1)}`)
    .filter((name) => !gone.has(name));
};

/** `readme` that becomes `README` where the disk takes both for one. */
const isOnlyRespelled = async ({ git }: Place, path: string, gone: ReadonlySet<string>): Promise<boolean> => {
  const told = (await git.ask(['config', '--type=bool', 'core.ignorecase'])).stdout.toString().trim();
  return told === 'true' && [...gone].some((name) => name.toLowerCase() === path.toLowerCase());
};

/**
 * Brings index, files and branch from one commit to the other. Files first: until the branch has moved, git itself says
 * that a merge is going on, and `git commit` or `git merge --abort` ends it soundly. May be called again after a kill,
 * at any point, and in the other direction to take it back.
 */
export const land = async (place: Place, landing: Landing, again: boolean): Promise<void> => {
  const { git, gitDir } = place;
  if (again) await catchUp(place, landing);
  const words = ['read-tree', '-m', '-u', '--no-recurse-submodules', landing.from, landing.to];
  const moved = await git.ask(words, { apart: true });
  if (moved.exit !== 0) throw notMoved(place, moved);
  const isForward = landing.other !== '';
  if (isForward) {
    await writeFile(join(gitDir, 'MERGE_MSG'), landing.message);
    await writeFile(join(gitDir, 'MERGE_MODE'), 'no-ff');
    await writeFile(join(gitDir, 'MERGE_HEAD'), `${landing.other}\n`);
  }
  if ((await headOf(place)).commit !== landing.to) await point(place, landing);
  if (isForward) await git.ask(['update-ref', 'ORIG_HEAD', landing.from]);
  await forgetOngoing(place, landing.other);
};

const point = async (place: Place, { from, to, other, reason }: Landing): Promise<void> => {
  const words = ['update-ref', '--create-reflog', '-m', reason, 'HEAD', to, from];
  const pointed = await place.git.ask(words, { apart: true });
  if (pointed.exit === 0) return;
  await place.git.ask(['read-tree', '-m', '-u', '--no-recurse-submodules', to, from], { apart: true });
  await forgetOngoing(place, other);
  throw new AppError(
    'conflict',
    `The branch moved meanwhile (${said(pointed)}); nothing was changed. Run it again.`,
  );
};

/** What tells git that our merge is going on; somebody else's stays. */
export const forgetOngoing = async ({ gitDir }: Place, other: string): Promise<void> => {
  const named = await readFile(join(gitDir, 'MERGE_HEAD'), 'utf8').catch(() => null);
  if (named !== null && named.trim() !== other) return;
  for (const name of ['MERGE_HEAD', 'MERGE_MODE', 'MERGE_MSG']) await rm(join(gitDir, name), { force: true });
};

const notMoved = ({ gitDir }: Place, outcome: Parameters<typeof said>[0]): AppError =>
  new AppError(
    'conflict',
    outcome.stderr.includes('index.lock')
      ? `${join(gitDir, 'index.lock')} is there: another git works here, or one was killed. If none does, remove that file; then tandem merge --continue.`
      : `The files could not be changed: ${said(outcome)}. Nothing was committed; tandem merge --continue tries again, --abort takes it back.`,
  );

/**
 * A kill may have left some files as they will be and the index as it was. What is already as it will be is told to the
 * index; what is a torn beginning of either goes, and is made again; anything else is the person's: git refuses to touch it.
 */
const catchUp = async (place: Place, { from, to }: Landing): Promise<void> => {
  const changed = await changedPaths(place, from, to);
  const done = await asIn(place, changed, 'after');
  const undone = await asIn(place, changed, 'before');
  const lines: string[] = [];
  for (const { path, before, after } of changed) {
    const isTorn = async (): Promise<boolean> =>
      (await isBeginning(place, path, after)) || (await isBeginning(place, path, before));
    if (!done.has(path) && !undone.has(path)) {
      if (!(await isTorn())) continue;
      await rm(join(place.top, path), { force: true });
    }
    const entry = done.has(path) ? after : before;
    lines.push(`${entry === null ? `0 ${'0'.repeat(to.length)}` : `${entry.mode} ${entry.id}`}\t${path}\0`);
  }
  const told = await place.git.ask(['update-index', '-z', '--index-info'], {
    input: lines.join(''),
    apart: true,
  });
  if (told.exit !== 0) throw notMoved(place, told);
  await place.git.ask(['update-index', '-q', '--refresh'], { apart: true });
};

/** The paths whose files are now as they are on that side. */
const asIn = async (
  place: Place,
  changed: readonly Changed[],
  side: 'before' | 'after',
): Promise<ReadonlySet<string>> => {
  const index = join(place.folder, 'compare.index');
  await rm(index, { force: true });
  const git = createGit(place.top, { GIT_INDEX_FILE: index });
  const there = changed.flatMap(({ path, [side]: entry }) =>
    entry === null ? [] : [`${entry.mode} ${entry.id}\t${path}\0`],
  );
  await git.get(['update-index', '-z', '--index-info'], { input: there.join('') });
  await git.ask(['update-index', '-q', '--really-refresh']);
  const differ = new Set(await git.names(['diff-files', '-z', '--name-only', '--ignore-submodules=all']));
  await rm(index, { force: true });
  const same = new Set<string>();
  for (const { path, [side]: entry } of changed) {
    const isThere = (await lstat(join(place.top, path)).catch(() => null)) !== null;
    if (entry === null ? !isThere : !differ.has(path)) same.add(path);
  }
  return same;
};

/** Git takes a file away and writes it new: what is there when it is killed is nothing, or how the content begins. */
const isBeginning = async (place: Place, path: string, whole: Entry): Promise<boolean> => {
  const file = join(place.top, path);
  const stats = await lstat(file).catch(() => null);
  if (stats === null) return true;
  if (whole === null || !stats.isFile()) return false;
  const read = await place.git.ask(['cat-file', '--filters', `--path=${path}`, whole.id]);
  if (read.exit !== 0 || stats.size >= read.stdout.length) return false;
  const handle = await open(file);
  try {
    return (await handle.readFile()).equals(read.stdout.subarray(0, stats.size));
  } finally {
    await handle.close();
  }
};
