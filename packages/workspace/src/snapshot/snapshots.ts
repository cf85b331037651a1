import { AppError } from '@tandem/protocol';
import type { ListSource } from '../files/list.ts';
import { diskError } from '../files/write.ts';
import { gitCommand } from '../git/git-command.ts';
import type { SnapshotDiff } from './changes.ts';
import { diffEntries } from './changes.ts';
import { collectGarbage } from './garbage.ts';
import type { Location, Manifest } from './manifest.ts';
import { checkSnapshotId, listManifests, readManifest, writeManifest } from './manifest.ts';
import { listPacks, PackWriter } from './packs.ts';
import { restoreEntries } from './restore.ts';
import { scan } from './scan.ts';

export type Snapshots = {
  readonly take: (id: string) => Promise<void>;
  /** What was there before is kept as snapshot `before_<id>`. @throws AppError conflict | not_found */
  readonly restore: (id: string) => Promise<readonly string[]>;
  readonly diffSince: (id: string) => Promise<SnapshotDiff>;
};

/** Contents of a workspace at moments, kept in `folder`. One operation runs at a time. */
export const createSnapshots = (input: {
  readonly source: ListSource;
  readonly folder: string;
}): Snapshots => {
  const { source, folder } = input;
  let latest: Manifest | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };
  // Of another process, at the first need: what it stored and looked at need not be again.
  const newest = async (): Promise<Manifest | null> => {
    const id = latest === null ? (await listManifests(folder)).at(-1) : undefined;
    return id === undefined ? latest : readManifest(folder, id).catch(() => null);
  };
  const load = async (id: string): Promise<Manifest> =>
    latest?.id === id ? latest : readManifest(folder, id);
  const take = async (id: string): Promise<Manifest> => {
    latest = await takeSnapshot({ source, folder, id: checkSnapshotId(id), latest: await newest() });
    return latest;
  };
  return {
    take: (id) => inTurn(async () => void (await take(id))),
    restore: (id) =>
      inTurn(async () => {
        const wanted = await load(id);
        await refuseMovedHead(source, wanted);
        const now = await take(`before_${id}`.slice(0, 80));
        return restoreEntries({ root: source.root, folder, now, wanted });
      }),
    diffSince: (id) =>
      inTurn(async () => {
        const before = await load(id);
        const now = await scan({ source, known: (await newest()) ?? before });
        return diffEntries({ root: source.root, folder, before, now });
      }),
  };
};

const takeSnapshot = async (input: {
  readonly source: ListSource;
  readonly folder: string;
  readonly id: string;
  readonly latest: Manifest | null;
}): Promise<Manifest> => {
  const { source, folder, id, latest } = input;
  const takenAt = Date.now();
  const stored = await knownLocations(folder, latest);
  const writer = new PackWriter(folder);
  try {
    const onContent = async (hash: string, bytes: Uint8Array): Promise<void> => {
      if (!stored.has(hash)) {
        const adding = writer.add(bytes);
        stored.set(hash, adding);
        await adding;
      }
    };
    // A hash whose pack is gone must be stored again, so nothing of that manifest may be taken as known.
    const whole = latest?.entries.every((entry) => stored.has(entry.hash)) === true;
    const { entries, skipped } = await scan({ source, known: whole ? latest : null, onContent });
    await writer.finish();
    const locations: Record<string, Location> = {};
    for (const { hash } of entries) locations[hash] = await (stored.get(hash) as Promise<Location>);
    const manifest: Manifest = { v: 1, id, takenAt, head: await headOf(source), entries, skipped, locations };
    await writeManifest(folder, manifest);
    await collectGarbage({ folder, keep: id });
    return manifest;
  } catch (error) {
    await writer.discard();
    throw diskError(error, folder);
  }
};

const knownLocations = async (
  folder: string,
  latest: Manifest | null,
): Promise<Map<string, Promise<Location>>> => {
  const packs = new Set((await listPacks(folder)).map((pack) => pack.name));
  const known = Object.entries(latest?.locations ?? {}).filter(([, location]) => packs.has(location.pack));
  return new Map(known.map(([hash, location]) => [hash, Promise.resolve(location)]));
};

const headOf = async (source: ListSource): Promise<string | null> => {
  if (source.ceiling !== undefined) return null;
  const outcome = await gitCommand(source.root, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  return outcome.exit === 0 ? outcome.stdout.toString('utf8').trim() : null;
};

/** Files of one commit put under another would look like somebody's changes: a person decides first. */
const refuseMovedHead = async (source: ListSource, wanted: Manifest): Promise<void> => {
  const head = await headOf(source);
  if (head === wanted.head) return;
  throw new AppError(
    'conflict',
    `git HEAD has moved since this snapshot (${short(wanted.head)} → ${short(head)}), so nothing was put back. To put the files back anyway, move HEAD there first, which keeps your files: git reset --soft ${wanted.head ?? '<the commit of then>'}`,
    { details: { expected: wanted.head, actual: head } },
  );
};

const short = (head: string | null): string => head?.slice(0, 10) ?? 'no commit';
