import { createHash } from 'node:crypto';
import { readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, type FileDelta } from '@tandem/protocol';
import { applySteps } from '../snapshot/apply.ts';
import type { Entry } from '../snapshot/entry.ts';
import type { Step } from '../snapshot/plan.ts';
import { filesBelow } from './bring.ts';
import { isThere, type Places, requirePresent, statsAt, type WorktreeRecord, writeRecord } from './record.ts';
import { shadowOf } from './shadow.ts';
import { type Change, type Side, workSince } from './work.ts';

/** @throws AppError conflict naming the paths that are no longer what the worktree began with; not_found */
export const landWorktree = async (
  places: Places,
  name: string,
): Promise<{ readonly files: readonly FileDelta[] }> => {
  const record = await requirePresent(places, name);
  const work = await workSince(shadowOf(places, record), record.base);
  const { steps, inTheWay } = await stepsFor(record, work.changes);
  if (inTheWay.length + work.unread.length > 0) throw refusal(record, [...inTheWay, ...work.unread]);
  await writeRecord(places, { ...record, phase: 'landing' });
  const blocked = await apply(record, steps);
  await writeRecord(places, { ...record, phase: 'whole' });
  if (blocked.length > 0) throw refusal(record, blocked);
  return { files: work.files };
};

const refusal = ({ worktree }: WorktreeRecord, paths: readonly string[]): AppError =>
  new AppError(
    'conflict',
    `${worktree.name} is not brought into ${worktree.origin}: ${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ', …' : ''} changed there meanwhile, or cannot be read.`,
    { details: { paths } },
  );

/** What a kill left half landed goes on where the origin is still as it was. */
export const landAgain = async (places: Places, record: WorktreeRecord): Promise<void> => {
  if (isThere(record.worktree.root)) {
    const { changes } = await workSince(shadowOf(places, record), record.base);
    await apply(record, (await stepsFor(record, changes)).steps);
  }
  await writeRecord(places, { ...record, phase: 'whole' });
};

type Steps = { readonly steps: readonly Step<Entry>[]; readonly inTheWay: readonly string[] };

/** A path that the origin has already as it should be needs no step. */
const stepsFor = async (record: WorktreeRecord, changes: readonly Change[]): Promise<Steps> => {
  const { origin, root } = record.worktree;
  const steps: Step<Entry>[] = [];
  const inTheWay: string[] = [];
  const left = new Set<string>();
  for (const { path, before, after } of changes) {
    if (after === null) for (let up = dirname(path); up !== '.'; up = dirname(up)) left.add(up);
    const now = await sideIn(record, path);
    if (isSame(now, after)) continue;
    const known = after?.mode !== '160000' && (after === null || isThere(join(root, path)));
    if (!known || !isSame(now, before) || (await isBehindLink(origin, path))) inTheWay.push(path);
    else steps.push(stepFor(record, path, after));
  }
  const named = new Set(steps.map(({ name }) => name));
  for (const { name, now, target } of steps)
    if (
      now?.type === 'folder' &&
      target !== null &&
      (await filesBelow(origin, name)).some((path) => !named.has(path))
    )
      inTheWay.push(name);
  for (const name of left)
    if (!named.has(name) && (await goesWithFiles(record, name)))
      steps.push({ name, now: entryOf(origin, name), target: null });
  return { steps, inTheWay };
};

/** A folder goes with its last file, as git would have it; one that holds anything stays. */
const goesWithFiles = async ({ worktree }: WorktreeRecord, name: string): Promise<boolean> =>
  statsAt(join(worktree.root, name))?.isDirectory() !== true &&
  statsAt(join(worktree.origin, name))?.isDirectory() === true &&
  !(await isBehindLink(worktree.origin, name));

/** The origin's permissions stay, but for what git knows of them. */
const stepFor = ({ worktree }: WorktreeRecord, path: string, after: Side | null): Step<Entry> => {
  const now = entryOf(worktree.origin, path);
  const target = after && entryOf(worktree.root, path);
  if (target === null || now?.type !== 'file' || target.type !== 'file') return { name: path, now, target };
  const plain = now.mode & ~0o111;
  const mode = after?.mode === '100755' ? plain | ((plain & 0o444) >> 2) : plain;
  return { name: path, now, target: { ...target, mode } };
};

/** Whether a folder on the way is a link to another place. */
const isBehindLink = async (origin: string, path: string): Promise<boolean> => {
  const folder = dirname(join(origin, path));
  const real = await realpath(folder).catch(() => null);
  return real !== null && real !== folder;
};

/** Whether the origin has a path just as the work left it. */
export const isLanded = async (record: WorktreeRecord, { path, after }: Change): Promise<boolean> =>
  after?.mode !== '160000' &&
  isSame(await sideIn(record, path), after) &&
  !(await isBehindLink(record.worktree.origin, path));

const isSame = (a: Side | null, b: Side | null): boolean => a?.id === b?.id && a?.mode === b?.mode;

/** What the origin has at a path, in git's terms; a folder counts as nothing, what is in it has paths of its own. */
const sideIn = async (record: WorktreeRecord, path: string): Promise<Side | null> => {
  const absolute = join(record.worktree.origin, path);
  const stats = statsAt(absolute);
  if (stats === null || stats.isDirectory()) return null;
  const bytes = await bytesAt(absolute);
  const id = createHash(record.objectFormat).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  if (stats.isSymbolicLink()) return { mode: '120000', id };
  return { mode: (stats.mode & 0o100) === 0 ? '100644' : '100755', id };
};

const bytesAt = async (absolute: string): Promise<Buffer> =>
  statsAt(absolute)?.isSymbolicLink() === true
    ? readlink(absolute, { encoding: 'buffer' })
    : readFile(absolute);

/** Contents are named by where the worktree has them: nothing is read before it is needed. */
const entryOf = (folder: string, path: string): Entry | null => {
  const stats = statsAt(join(folder, path));
  if (stats === null) return null;
  return {
    name: path,
    type: stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'folder' : 'file',
    mode: stats.mode & 0o7777,
    size: stats.size,
    hash: join(folder, path),
    ignored: false,
    nested: false,
  };
};

const apply = (record: WorktreeRecord, steps: readonly Step<Entry>[]): Promise<readonly string[]> =>
  applySteps({ root: record.worktree.origin, objects: { get: bytesAt }, steps });
