import { chmodSync, lstatSync } from 'node:fs';
import { chmod, mkdir, open, readdir, realpath, rename, rmdir, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownerName, ownerState } from '../exec/owner.ts';
import type { Entry } from './entry.ts';
import type { Objects } from './objects.ts';
import type { Step } from './plan.ts';

/** Past this many files each is not flushed for itself: a power cut could lose some, a kill loses none. */
const maxFlushed = 200;

/**
 * Brings the steps about below `root`. Every file is whole at any moment, and doing it again after a kill finds what
 * is done already. Returns the paths that could not be changed, because something else is in their way.
 */
export const applySteps = async (input: {
  readonly root: string;
  readonly objects: Pick<Objects, 'get'>;
  readonly steps: readonly Step<Entry>[];
}): Promise<readonly string[]> => {
  const { root, steps } = input;
  const blocked: string[] = [];
  const opened = new Map<string, number>();
  const attempt = async (step: Step<Entry>, work: () => Promise<void>): Promise<void> => {
    try {
      openParent(root, step.name, opened);
      await refuseDetour(root, step.name);
      await work();
    } catch (error) {
      if (!inTheWay.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      blocked.push(step.name);
    }
  };
  const ordered = [...steps].sort((a, b) => (a.name < b.name ? -1 : 1));
  const isFolder = (entry: Entry | null): boolean => entry?.type === 'folder';
  for (const folder of new Set(steps.map(({ name }) => dirname(name))))
    await sweepUnfinished(join(root, folder));
  for (const step of ordered)
    if (step.now !== null && !isFolder(step.now) && (step.target === null || isFolder(step.target)))
      await attempt(step, () => unlink(join(root, step.name)).catch(gone));
  for (const step of ordered.toReversed())
    if (isFolder(step.now) && !isFolder(step.target)) await attempt(step, () => removeFolder(root, step));
  for (const step of ordered)
    if (isFolder(step.target) && !isFolder(step.now))
      await attempt(step, async () => void (await mkdir(join(root, step.name), { recursive: true })));
  const durable = steps.length <= maxFlushed;
  for (const step of ordered)
    if (step.target !== null && !isFolder(step.target))
      await attempt(step, () => put({ ...input, step, durable }));
  for (const [folder, mode] of opened) await chmod(folder, mode).catch(gone);
  for (const { name, target } of ordered.toReversed())
    if (target !== null && isFolder(target) && !blocked.includes(name))
      await chmod(join(root, name), target.mode).catch(gone);
  return blocked;
};

/** Something of another kind is there, or a folder on the way is not what it was. */
const inTheWay = new Set(['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'ELOOP', 'DETOUR']);

const gone = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error;
};

/** A folder that still holds somebody's files stays, unless something is to be put in its place. */
const removeFolder = (root: string, step: Step<Entry>): Promise<void> =>
  rmdir(join(root, step.name)).catch((error: NodeJS.ErrnoException) => {
    if (
      error.code === 'ENOENT' ||
      (step.target === null && ['ENOTEMPTY', 'EEXIST'].includes(error.code ?? ''))
    )
      return;
    throw error;
  });

const put = async (input: {
  readonly root: string;
  readonly objects: Pick<Objects, 'get'>;
  readonly step: Step<Entry>;
  readonly durable: boolean;
}): Promise<void> => {
  const { step, objects } = input;
  const target = step.target as Entry;
  const absolute = join(input.root, step.name);
  if (step.now?.type === 'file' && target.type === 'file' && step.now.hash === target.hash)
    return chmod(absolute, target.mode);
  const bytes = await objects.get(target.hash);
  await mkdir(dirname(absolute), { recursive: true });
  const temporary = join(dirname(absolute), `.tandem-${ownerName()}-back.tmp`);
  await unlink(temporary).catch(gone);
  if (target.type === 'link') await symlink(bytes, temporary);
  else {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.chmod(target.mode);
      if (input.durable) await handle.sync();
    } finally {
      await handle.close();
    }
  }
  await rename(temporary, absolute).catch(async (error: unknown) => {
    await unlink(temporary).catch(gone);
    throw error;
  });
};

/** A folder that forbids changes is opened for as long as it takes. */
const openParent = (root: string, name: string, opened: Map<string, number>): void => {
  const parent = join(root, dirname(name));
  const stats = lstatSync(parent, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true || (stats.mode & 0o300) === 0o300) return;
  chmodSync(parent, (stats.mode & 0o7777) | 0o300);
  opened.set(parent, stats.mode & 0o7777);
};

/** Nothing is written through a link that somebody has put in place of a folder. */
const refuseDetour = async (root: string, name: string): Promise<void> => {
  const parent = dirname(join(root, name));
  const real = await realpath(parent).catch(() => null);
  if (real === null || real === parent) return;
  if (real.normalize('NFC').toLowerCase() === parent.normalize('NFC').toLowerCase()) return;
  throw Object.assign(new Error(`${name} lies behind a link`), { code: 'DETOUR' });
};

/** Removes what a killed process had begun to put here. */
export const sweepUnfinished = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = /^\.tandem-(.*)-(?:back|ref)\.tmp$/.exec(name)?.[1];
    if (owner !== undefined && ownerState(`${owner}-`) === 'dead')
      await unlink(join(folder, name)).catch(gone);
  }
};
