import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol';
import { type Places, readJson, type WorktreeRecord, writeJson } from './record.ts';

/** One discarded worktree. Of those on their way, what was not begun is forgotten, the rest taken to its end. */
export type TrashEntry = {
  readonly v: 1;
  readonly id: string;
  readonly phase: 'keeping' | 'going' | 'whole' | 'coming' | 'purging';
  readonly at: string;
  readonly record: WorktreeRecord;
  readonly files: number;
  /** Where its branch stood; null where that was gone. */
  readonly tip: string | null;
  /** The commit that was checked out; null where its branch was gone. */
  readonly checkedOut: string | null;
};

/** `tree`: its files; `admin`: git's own folder of it; `of`: its belongings; `branch.log`. */
export const placeOf = (places: Places, id: string): string => join(places.folder, '.trash', id);

export const writeEntry = (places: Places, entry: TrashEntry): Promise<void> =>
  writeJson(join(placeOf(places, entry.id), 'entry.json'), entry);

/** Newest first. */
export const listEntries = async (places: Places): Promise<readonly TrashEntry[]> => {
  const names = await readdir(join(places.folder, '.trash')).catch(() => []);
  const entries = await Promise.all(
    names.map((id) => readJson<TrashEntry>(join(placeOf(places, id), 'entry.json'))),
  );
  return entries.filter((entry) => entry !== null).sort((a, b) => (a.at < b.at ? 1 : -1));
};

/** @throws AppError not_found */
export const requireEntry = async (places: Places, id: string): Promise<TrashEntry> => {
  const entry = (await listEntries(places)).find((one) => one.id === id && one.phase === 'whole');
  if (entry !== undefined) return entry;
  throw new AppError(
    'not_found',
    `There is nothing called ${id} in the trash; tandem worktree trash shows what is.`,
  );
};
