import { rm, stat } from 'node:fs/promises';
import { AppError } from '@tandem/protocol';
import { type CatalogEntry, catalog, findEntry } from './catalog.ts';
import { isStamped, partPath, removeFromDisk, weightsPath } from './on-disk.ts';

export type InstalledModel = {
  readonly entry: CatalogEntry;
  readonly path: string;
  /** `unchecked`: the right size, but its hash was not taken yet; pulling takes it. `partial`: a pull was stopped. */
  readonly state: 'installed' | 'unchecked' | 'partial' | 'absent';
  readonly bytesOnDisk: number;
};

type Where = { readonly directory: string; readonly entries?: readonly CatalogEntry[] };

/** The whole catalogue with what is on disk of each. Reads no weights. */
export const listModels = (where: Where): Promise<readonly InstalledModel[]> =>
  Promise.all((where.entries ?? catalog).map((entry) => stateOf(where.directory, entry)));

/** Weights that are ready to load, by catalogue id; null when they are not all there. Reads no weights. */
export const findInstalled = async (
  id: string,
  where: Where,
): Promise<{ readonly path: string; readonly entry: CatalogEntry } | null> => {
  const entry = findEntry(id, where.entries);
  if (entry === undefined) return null;
  const { state, path } = await stateOf(where.directory, entry);
  return state === 'installed' || state === 'unchecked' ? { path, entry } : null;
};

/** @throws AppError not_found for an id that the catalogue does not have */
export const removeModel = async (id: string, where: Where): Promise<void> => {
  const entry = findEntry(id, where.entries);
  if (entry === undefined) throw new AppError('not_found', `there is no model "${id}" in the catalogue`);
  await removeFromDisk(where.directory, entry);
  await rm(partPath(where.directory, entry), { force: true });
};

const stateOf = async (directory: string, entry: CatalogEntry): Promise<InstalledModel> => {
  const path = weightsPath(directory, entry);
  const whole = await stat(path).catch(() => null);
  if (whole !== null && whole.size === entry.bytes) {
    const state = (await isStamped(directory, entry)) ? 'installed' : 'unchecked';
    return { entry, path, state, bytesOnDisk: whole.size };
  }
  const part = await stat(partPath(directory, entry)).catch(() => null);
  const bytesOnDisk = part?.size ?? whole?.size ?? 0;
  return { entry, path, state: bytesOnDisk > 0 ? 'partial' : 'absent', bytesOnDisk };
};
