import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Worktree } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { removeTree } from '../scratch/sweep.ts';
import { moveTree } from '../trash/copy.ts';
import { adminsOf, branchLog, branchTip, refTip } from './admin.ts';
import { environmentOf } from './create.ts';
import { trashRef } from './keep.ts';
import { takePorts } from './ports.ts';
import {
  belongingsOf,
  isThere,
  type Places,
  requireRecord,
  type WorktreeRecord,
  writeRecord,
} from './record.ts';
import { git } from './repository.ts';
import { readText } from './shadow.ts';
import { startRef } from './start.ts';
import { sweepOver } from './sweeping.ts';
import { placeOf, requireEntry, type TrashEntry, writeEntry } from './trash.ts';

/** @throws AppError not_found; conflict when something is in its place */
export const restoreWorktree = async (places: Places, id: string): Promise<Worktree> => {
  const entry = await requireEntry(places, id);
  const { record } = entry;
  const { root, branch, name } = record.worktree;
  const tip = await branchTip(record);
  const inTheWay = [root, record.admin, belongingsOf(places, name)].filter(isThere);
  if (tip !== null && tip !== entry.tip) inTheWay.push(`branch ${branch}`);
  if (inTheWay.length > 0)
    throw new AppError(
      'conflict',
      `${name} cannot come back: ${inTheWay.join(', ')} is there. Move it away first.`,
      {
        details: { inTheWay },
      },
    );
  await writeEntry(places, { ...entry, phase: 'coming' });
  await comeBack(places, entry);
  return (await requireRecord(places, name)).worktree;
};

/** Takes a restore to its end. Each step is whole, and done again finds what is done already. */
export const comeBack = async (places: Places, entry: TrashEntry): Promise<void> => {
  const { record, id, tip } = entry;
  const { root, branch, name, start } = record.worktree;
  const place = placeOf(places, id);
  const refs = [...(tip === null ? [] : [`refs/heads/${branch} ${tip}`]), `${startRef(name)} ${start}`];
  await git(record.common, ['update-ref', '--stdin'], {
    input: refs.map((ref) => `update ${ref}\n`).join(''),
  });
  if (isThere(join(place, 'branch.log'))) {
    await mkdir(dirname(branchLog(record)), { recursive: true });
    await writeFile(branchLog(record), await readFile(join(place, 'branch.log')));
  }
  await detachWhereMoved(entry, join(place, 'admin'));
  await moveBack(join(place, 'admin'), record.admin);
  await moveBack(join(place, 'tree'), root);
  await pointToGit(record);
  await moveBack(join(place, 'of'), belongingsOf(places, name));
  await portsAgain(places, await requireRecord(places, name));
  await sweepOver(record.common);
  await git(record.common, ['update-ref', '-d', trashRef(id)]);
  await removeTree(place);
};

/** @throws AppError conflict when something has come into its place */
const moveBack = async (from: string, to: string): Promise<void> => {
  if (!isThere(from)) return;
  if (isThere(to))
    throw new AppError('conflict', `${to} is there; move it away, then this goes on by itself.`);
  await moveTree(from, to);
};

/** Where the folder had been removed by hand git finds all of its files deleted, and can bring them back. */
const pointToGit = async ({ worktree, admin }: WorktreeRecord): Promise<void> => {
  if (isThere(join(worktree.root, '.git'))) return;
  await mkdir(worktree.root, { recursive: true });
  await writeFile(join(worktree.root, '.git'), `gitdir: ${admin}\n`);
};

/** It stood on a branch that is not its own and has moved on or is checked out elsewhere: HEAD stays at its commit. */
const detachWhereMoved = async (entry: TrashEntry, admin: string): Promise<void> => {
  const { common, worktree } = entry.record;
  const head = (await readText(join(admin, 'HEAD'))).trim();
  if (entry.checkedOut === null || !head.startsWith('ref: ') || head === `ref: refs/heads/${worktree.branch}`)
    return;
  const moved = (await refTip(common, head.slice('ref: '.length))) !== entry.checkedOut;
  if (moved || (await isCheckedOut(common, head)))
    await writeFile(join(admin, 'HEAD'), `${entry.checkedOut}\n`);
};

const isCheckedOut = async (common: string, head: string): Promise<boolean> => {
  const folders = [common, ...(await adminsOf(common)).map(({ admin }) => admin)];
  const heads = await Promise.all(folders.map((folder) => readText(join(folder, 'HEAD'))));
  return heads.some((one) => one.trim() === head);
};

/** The same ports, or others where these were given away meanwhile. */
const portsAgain = async (places: Places, record: WorktreeRecord): Promise<void> => {
  const { worktree } = record;
  const wanted = worktree.ports.first;
  const ports = await takePorts(places.ports, { root: worktree.root, wanted });
  if (ports.first === wanted) return;
  const environment = environmentOf({
    name: worktree.name,
    ports,
    temporary: worktree.environment.TMPDIR as string,
    origin: worktree.origin,
  });
  await writeRecord(places, { ...record, worktree: { ...worktree, ports, environment } });
};
