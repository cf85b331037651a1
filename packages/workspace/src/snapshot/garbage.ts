import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ownerState } from '../exec/owner.ts';
import { decodeFolder } from './entry.ts';
import { heldBytes, keptNames } from './kept-objects.ts';
import type { Objects } from './objects.ts';
import type { PackFile } from './pack.ts';
import { listRecords, removeRecord, type SnapshotRecord } from './record.ts';

export type StoreLimits = {
  /** Above this the oldest snapshots that no live session needs go. */
  readonly storeBytes: number;
  /** A session is live this long after its last snapshot. */
  readonly liveMs: number;
};

/** Packs at which the small ones are put together: opening a store reads the end of each. */
const manyPacks = 48;
const smallPack = 4 * 1024 * 1024;
/** Of no living process's: unfinished files this old. */
const unfinishedMs = 60 * 60 * 1000;

/**
 * Keeps a store within its limits. Never lets go of what a live session could still undo, even above them; says so
 * instead. The caller holds the lock of the store.
 */
export const collectGarbage = async (input: {
  readonly folder: string;
  readonly objects: Objects;
  readonly keep: string;
  readonly limits: StoreLimits;
  /** Also what git's held objects cost, which takes a look at each of them. */
  readonly measure: boolean;
}): Promise<readonly string[]> => {
  const { objects, limits, folder } = input;
  if (objects.packs.length >= manyPacks) await joinSmallPacks(objects);
  const sizeOf = async (): Promise<number> =>
    objects.bytes + (input.measure ? await heldBytes(join(folder, 'kept')) : 0);
  if ((await sizeOf()) <= limits.storeBytes) return [];
  await shrink({ ...input, sizeOf }, await listRecords(folder));
  await sweepUnfinished(folder);
  const left = await sizeOf();
  if (left <= limits.storeBytes) return [];
  const size = Math.ceil(left / 1024 / 1024);
  return [`the snapshots take ${size} MB, above their limit; all of them belong to sessions in use`];
};

/** Drops the oldest snapshots, some at a time, until the rest fits or only live ones are left. */
const shrink = async (
  input: Parameters<typeof collectGarbage>[0] & { readonly sizeOf: () => Promise<number> },
  records: readonly SnapshotRecord[],
): Promise<void> => {
  const { folder, objects, keep, limits, sizeOf } = input;
  const live = liveSessions(records, Date.now() - limits.liveMs);
  const loose = records.filter(({ id, session }) => id !== keep && (session === null || !live.has(session)));
  let rest = records;
  while (loose.length > 0 && (await sizeOf()) > limits.storeBytes) {
    const dropped = new Set(loose.splice(0, Math.max(1, Math.ceil(loose.length / 4))).map(({ id }) => id));
    for (const id of dropped) await removeRecord(folder, id);
    rest = rest.filter(({ id }) => !dropped.has(id));
    await repack(objects, await reachable(objects, rest));
    await sweepKept(folder, objects, rest);
  }
};

const liveSessions = (records: readonly SnapshotRecord[], since: number): ReadonlySet<string> =>
  new Set(records.flatMap(({ session, at }) => (session !== null && at >= since ? [session] : [])));

/** Every content that the snapshots are made of. */
const reachable = async (
  objects: Objects,
  records: readonly SnapshotRecord[],
): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  for (const { tree, repositories } of records) {
    await reach(objects, tree, found);
    for (const repository of repositories) {
      await reach(objects, repository.tree, found);
      for (const { lists, alternates } of Object.values(repository.kept)) {
        for (const list of Object.values(lists)) found.add(list);
        if (alternates !== null) found.add(alternates);
      }
    }
  }
  return found;
};

const reach = async (objects: Objects, tree: string, found: Set<string>): Promise<void> => {
  if (found.has(tree)) return;
  found.add(tree);
  for (const { type, hash } of decodeFolder(await objects.get(tree)))
    if (type === 'folder') await reach(objects, hash, found);
    else if (type !== 'left') found.add(hash);
};

/** Packs in which nothing is needed go; of those in which little is, the needed parts are written anew. */
const repack = async (objects: Objects, needed: ReadonlySet<string>): Promise<void> => {
  const wasteful: PackFile[] = [];
  for (const pack of objects.packs) {
    const kept = pack.hashes.filter((hash) => needed.has(hash));
    if (kept.length === 0) await objects.removePack(pack.name);
    else if (bytesOf(objects, kept) < pack.size / 2) wasteful.push(pack);
  }
  await rewrite(objects, wasteful, (hash) => needed.has(hash));
};

const bytesOf = (objects: Objects, hashes: readonly string[]): number =>
  hashes.reduce((sum, hash) => sum + (objects.locationOf(hash)?.length ?? 0), 0);

const joinSmallPacks = (objects: Objects): Promise<void> =>
  rewrite(
    objects,
    objects.packs.filter(({ size }) => size < smallPack),
    () => true,
  );

/** What is wanted of packs is durable in new ones before the old ones go. */
const rewrite = async (
  objects: Objects,
  packs: readonly PackFile[],
  wanted: (hash: string) => boolean,
): Promise<void> => {
  const names = new Set(packs.map(({ name }) => name));
  for (const { hashes } of packs)
    for (const hash of hashes)
      if (wanted(hash) && names.has(objects.locationOf(hash)?.pack ?? ''))
        await objects.addStored(hash, await objects.stored(hash));
  await objects.commit();
  for (const { name } of packs) await objects.removePack(name);
};

/** Lets go of git's objects that no remaining snapshot needs. */
const sweepKept = async (
  folder: string,
  objects: Objects,
  records: readonly SnapshotRecord[],
): Promise<void> => {
  const needed = new Set<string>();
  for (const { repositories } of records)
    for (const { kept } of repositories)
      for (const one of Object.values(kept))
        for (const name of await keptNames(objects, one)) needed.add(name);
  const top = join(folder, 'kept');
  for (const name of await readdir(top).catch(() => []))
    for (const file of await readdir(join(top, name)))
      if (!needed.has(`${name}/${file}`)) await unlink(join(top, name, file)).catch(() => undefined);
};

const sweepUnfinished = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.tmp')) continue;
    const stats = await lstat(join(folder, name)).catch(() => null);
    const old = stats !== null && Date.now() - stats.mtimeMs > unfinishedMs;
    if (old || ownerState(name) === 'dead') await unlink(join(folder, name)).catch(() => undefined);
  }
};
