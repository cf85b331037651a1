import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { listManifests, readManifest, removeManifest } from './manifest.ts';
import { listPacks } from './packs.ts';

/** A year of daily work on a workspace of usual size; more would only cost room. */
const maxSnapshots = 200;
const maxBytes = 1024 * 1024 * 1024;
/** A pack younger than this may belong to a snapshot that another process is just taking. */
const youngMs = 60 * 60 * 1000;

/** Lets the oldest snapshots go while the store is above its limits, then the packs that none needs. */
export const collectGarbage = async (input: {
  readonly folder: string;
  readonly keep: string;
  readonly limits?: { readonly snapshots: number; readonly bytes: number; readonly youngMs: number };
}): Promise<void> => {
  const { folder, keep } = input;
  const limits = input.limits ?? { snapshots: maxSnapshots, bytes: maxBytes, youngMs };
  const packs = await listPacks(folder);
  const ids = await listManifests(folder);
  const total = packs.reduce((sum, pack) => sum + pack.size, 0);
  if (ids.length <= limits.snapshots && total <= limits.bytes) return;
  const manifests = ids.filter((id) => id !== keep);
  const needs = new Map<string, ReadonlySet<string>>();
  for (const id of ids) needs.set(id, await packsOf(folder, id));
  const sizeOf = (): number => {
    const needed = new Set([...needs.values()].flatMap((names) => [...names]));
    return packs.reduce((sum, pack) => sum + (needed.has(pack.name) ? pack.size : 0), 0);
  };
  while (manifests.length > 0 && (needs.size > limits.snapshots || sizeOf() > limits.bytes)) {
    const oldest = manifests.shift() as string;
    needs.delete(oldest);
    await removeManifest(folder, oldest);
  }
  const needed = new Set([...needs.values()].flatMap((names) => [...names]));
  const old = Date.now() - limits.youngMs;
  for (const pack of packs) {
    if (!needed.has(pack.name) && pack.changedAt <= old)
      await unlink(join(folder, pack.name)).catch(() => undefined);
  }
};

const packsOf = async (folder: string, id: string): Promise<ReadonlySet<string>> => {
  const manifest = await readManifest(folder, id).catch(() => null);
  return new Set(Object.values(manifest?.locations ?? {}).map((location) => location.pack));
};
