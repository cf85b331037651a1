import { randomBytes } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscardedWorktree, WorktreeHold } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { removeTree } from '../scratch/sweep.ts';
import { moveTree } from '../trash/copy.ts';
import { branchLog, branchTip, refTip, tipOf } from './admin.ts';
import { lookAt } from './holds.ts';
import { keepObjectsOf, trashRef } from './keep.ts';
import { freePorts } from './ports.ts';
import { belongingsOf, isThere, type Places, requireRecord } from './record.ts';
import { git } from './repository.ts';
import { startRef } from './start.ts';
import { sweepOver } from './sweeping.ts';
import { placeOf, requireEntry, type TrashEntry, writeEntry } from './trash.ts';

/** Never waved through: someone works there, or it is not ours to take. */
const firm: readonly WorktreeHold['kind'][] = ['locked', 'process', 'foreign', 'nested'];

/** @throws AppError conflict with `details.holds`; not_found */
export const discardWorktree = async (
  places: Places,
  input: { readonly name: string; readonly despite: readonly WorktreeHold['kind'][]; readonly at: string },
): Promise<DiscardedWorktree> => {
  const record = await requireRecord(places, input.name);
  const { holds, work } = await lookAt(places, record);
  const against = holds.filter(({ kind }) => firm.includes(kind) || !input.despite.includes(kind));
  if (against.length > 0) throw refusal(input, against);
  const entry: TrashEntry = {
    v: 1,
    id: `${input.at.replace(/\D/g, '').slice(0, 14)}-${randomBytes(3).toString('hex')}`,
    phase: 'keeping',
    at: input.at,
    record,
    files: work.files.length,
    tip: await branchTip(record),
    checkedOut: await tipOf(record),
  };
  await mkdir(placeOf(places, entry.id), { recursive: true, mode: 0o700 });
  await writeEntry(places, entry);
  try {
    const commits = [record.head, record.worktree.start, entry.tip, entry.checkedOut];
    await keepObjectsOf(record, {
      ref: trashRef(entry.id),
      commits: commits.filter((commit) => commit !== null),
    });
    await sweepOver(record.common);
  } catch (error) {
    await forget(places, entry);
    throw error;
  }
  await writeEntry(places, { ...entry, phase: 'going' });
  await goAway(places, entry);
  return { trash: entry.id, name: input.name, files: entry.files };
};

const refusal = (
  { name, despite }: Pick<Parameters<typeof discardWorktree>[1], 'name' | 'despite'>,
  holds: readonly WorktreeHold[],
): AppError => {
  const said = holds.map(
    ({ kind, names }) => `${kind} (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''})`,
  );
  const next = holds.some(({ kind }) => firm.includes(kind))
    ? 'See to that first.'
    : `To move it to the trash all the same: --despite ${[...despite, ...holds.map(({ kind }) => kind)].join(',')}`;
  return new AppError('conflict', `${name} is not discarded, because of ${said.join('; ')}. ${next}`, {
    details: { holds },
  });
};

/** Nothing was moved: there is no discard. */
export const forget = async (places: Places, entry: TrashEntry): Promise<void> => {
  const { common } = entry.record;
  if ((await refTip(common, trashRef(entry.id))) !== null)
    await git(common, ['update-ref', '-d', trashRef(entry.id)]);
  await removeTree(placeOf(places, entry.id));
};

/** Takes a discard to its end. Each step is whole, and done again finds what is done already. */
export const goAway = async (places: Places, entry: TrashEntry): Promise<void> => {
  const { record, id, tip } = entry;
  const { common, admin } = record;
  const { root, branch, name, ports } = record.worktree;
  const place = placeOf(places, id);
  // What has come into an old place since then is somebody else's.
  const moveOnce = async (from: string, part: string): Promise<void> => {
    if (isThere(from) && !isThere(join(place, part))) await moveTree(from, join(place, part));
    await removeTree(`${from}.moved`);
  };
  await moveOnce(root, 'tree');
  await moveOnce(admin, 'admin');
  if (isThere(branchLog(record))) await copyFile(branchLog(record), join(place, 'branch.log'));
  const gone = [...((await branchTip(record)) === null ? [] : [`refs/heads/${branch}`]), startRef(name)];
  // A branch that somebody moved since it was looked at is not taken away.
  await git(common, ['update-ref', '--stdin'], {
    input: gone.map((ref) => `delete ${ref}${ref.startsWith('refs/heads/') ? ` ${tip}` : ''}\n`).join(''),
  });
  await freePorts(places.ports, ports.first);
  await moveOnce(belongingsOf(places, name), 'of');
  await writeEntry(places, { ...entry, phase: 'whole' });
};

/** For good. @throws AppError not_found */
export const purgeWorktree = async (places: Places, id: string): Promise<void> => {
  const entry = await requireEntry(places, id);
  await writeEntry(places, { ...entry, phase: 'purging' });
  await purge(places, entry);
};

/** What names it goes last. */
export const purge = async (places: Places, entry: TrashEntry): Promise<void> => {
  const place = placeOf(places, entry.id);
  for (const part of ['tree', 'admin', 'of']) await removeTree(join(place, part));
  await git(entry.record.common, ['update-ref', '-d', trashRef(entry.id)]);
  await removeTree(place);
};
