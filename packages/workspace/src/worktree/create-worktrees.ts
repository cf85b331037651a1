import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscardedWorktree, Worktree, WorktreeFacts, Worktrees } from '@tandem/core';
import { isAppError } from '@tandem/protocol';
import { withStoreLock } from '../snapshot/store-lock.ts';
import { commitWorktree } from './commit.ts';
import { createWorktree, unmake } from './create.ts';
import { discardWorktree, forget, goAway, purge, purgeWorktree } from './discard.ts';
import { countCommits, lookAt } from './holds.ts';
import { landAgain, landWorktree } from './land.ts';
import {
  listRecords,
  type Places,
  placesOf,
  requirePresent,
  sweepNameless,
  type WorktreeRecord,
} from './record.ts';
import { findRepository, type Repository } from './repository.ts';
import { comeBack, restoreWorktree } from './restore.ts';
import { shadowOf } from './shadow.ts';
import { listEntries } from './trash.ts';
import { patchSince, workSince } from './work.ts';

export type WorktreesOptions = {
  /** Worktrees are made below it, in `worktrees/`; outside every workspace. */
  readonly stateDir: string;
  /** Now, ISO 8601 UTC. */
  readonly now: () => string;
};

export type TrashedWorktree = DiscardedWorktree & { readonly at: string; readonly worktree: Worktree };

/** What a person may ask beside what the engine needs. */
export type KeptWorktrees = Worktrees & {
  /** Newest first. Nothing leaves the trash by itself. */
  readonly discarded: (origin: string) => Promise<readonly TrashedWorktree[]>;
  /** Removes one from the trash for good, commits that only it holds too. @throws AppError not_found */
  readonly purge: (input: { readonly origin: string; readonly trash: string }) => Promise<void>;
  /** All that is in it as one commit on its branch; the last one where nothing is new. @throws AppError conflict, not_found */
  readonly commit: (input: {
    readonly origin: string;
    readonly name: string;
    readonly message: string;
  }) => Promise<{ readonly commit: string; readonly branch: string }>;
};

/** Worktrees below the state folder. One operation on those of a repository runs at a time, among all processes. */
export const createWorktrees = (options: WorktreesOptions): KeptWorktrees => {
  const inTurn = async <T>(
    origin: string,
    work: (places: Places, repository: Repository) => Promise<T>,
  ): Promise<T> => {
    const repository = await findRepository(origin);
    await mkdir(options.stateDir, { recursive: true });
    const places = placesOf(await realpath(options.stateDir), repository.common);
    await mkdir(places.folder, { recursive: true, mode: 0o700 });
    return withStoreLock(
      join(places.folder, '.lock'),
      async () => {
        await recover(places);
        return work(places, repository);
      },
      'the worktrees of this repository',
    );
  };
  return {
    create: (request, { signal }) =>
      inTurn(request.origin, (places, repository) =>
        createWorktree({ request, repository, places, createdAt: options.now(), signal }),
      ),
    list: (origin) => inTurn(origin, listFacts),
    diff: ({ origin, name }) =>
      inTurn(origin, async (places) => {
        const record = await requirePresent(places, name);
        const shadow = shadowOf(places, record);
        const { files } = await workSince(shadow, record.base);
        return { files, diff: await patchSince(shadow, record.base) };
      }),
    land: ({ origin, name }) => inTurn(origin, (places) => landWorktree(places, name)),
    discard: ({ origin, name }, { despite }) =>
      inTurn(origin, (places) => discardWorktree(places, { name, despite, at: options.now() })),
    restore: ({ origin, trash }) => inTurn(origin, (places) => restoreWorktree(places, trash)),
    discarded: (origin) =>
      inTurn(origin, async (places) =>
        (await listEntries(places)).map(({ id, at, files, record: { worktree } }) => ({
          ...{ trash: id, name: worktree.name, files, at, worktree },
        })),
      ),
    purge: ({ origin, trash }) => inTurn(origin, (places) => purgeWorktree(places, trash)),
    commit: ({ origin, ...input }) => inTurn(origin, (places) => commitWorktree(places, input)),
  };
};

const listFacts = async (places: Places): Promise<readonly WorktreeFacts[]> => {
  const facts: WorktreeFacts[] = [];
  for (const record of await listRecords(places)) {
    if (record.phase === 'making') continue;
    const { present, work, holds } = await lookAt(places, record);
    facts.push({
      ...record.worktree,
      present,
      files: work.files,
      commits: await countCommits(record),
      holds,
    });
  }
  return facts;
};

/**
 * What a kill left half made is taken away; what it left half landed, discarded or restored is taken to its end. What
 * cannot be now keeps its record, and is tried again the next time.
 */
const recover = async (places: Places): Promise<void> => {
  const unfinished: (() => Promise<void>)[] = [];
  for (const entry of await listEntries(places)) {
    if (entry.phase === 'keeping') unfinished.push(() => forget(places, entry));
    if (entry.phase === 'going') unfinished.push(() => goAway(places, entry));
    if (entry.phase === 'coming') unfinished.push(() => comeBack(places, entry));
    if (entry.phase === 'purging') unfinished.push(() => purge(places, entry));
  }
  for (const finish of unfinished) await finish().catch(refused);
  await sweepNameless(places);
  for (const record of await listRecords(places)) await settle(places, record).catch(refused);
};

const settle = async (places: Places, record: WorktreeRecord): Promise<void> => {
  if (record.phase === 'making') await unmake(places, record);
  if (record.phase === 'landing') await landAgain(places, record);
};

const refused = (error: unknown): void => {
  if (!isAppError(error)) throw error;
};
