import { lstatSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Restored, RestoreRequest, SnapshotTaken } from '@tandem/core';
import type { ListSource } from '../files/list.ts';
import { diskError } from '../files/write.ts';
import { gitCommand } from '../git/git-command.ts';
import { changesSince, type SnapshotDiff } from './changes.ts';
import { collectGarbage, type StoreLimits } from './garbage.ts';
import { gitPlaces, isInRepository, objectFolders, skipInGit } from './git-places.ts';
import { createIgnored } from './ignored.ts';
import { type Kept, keepObjects, type SeenLists } from './kept-objects.ts';
import { type Looked, lookAt } from './look.ts';
import { Objects } from './objects.ts';
import { checkSnapshotId, type GitRecord, readRecord, type SnapshotRecord, writeRecord } from './record.ts';
import { restoreSnapshots } from './restore.ts';
import type { Limits, Place } from './scan.ts';
import { doubtMissing, loadSeen, newFolder, type SeenPlaces, saveSeen } from './seen.ts';
import { withStoreLock } from './store-lock.ts';
import { Watch } from './watch.ts';

export type Snapshots = {
  readonly take: (id: string, options?: { readonly session?: string }) => Promise<SnapshotTaken>;
  /** @throws AppError not_found | conflict */
  readonly restore: (request: RestoreRequest) => Promise<Restored>;
  readonly diffSince: (id: string) => Promise<SnapshotDiff>;
};

export type SnapshotOptions = {
  readonly source: ListSource;
  /** Where everything is kept; on the same file system as the workspace, keeping git's objects costs no room. */
  readonly folder: string;
  readonly limits?: Partial<Limits & StoreLimits>;
  /** A folder of ours that may lie in the workspace and is no part of it; absolute. */
  readonly own?: string;
  /** False for a workspace that lives shortly: the kernel is not asked to tell of changes. */
  readonly watch?: boolean;
};

const defaultLimits: Limits & StoreLimits = {
  fileBytes: 64 * 1024 * 1024,
  ignoredBytes: 128 * 1024 * 1024,
  ignoredFiles: 10_000,
  allBytes: 4 * 1024 * 1024 * 1024,
  allFiles: 200_000,
  storeBytes: 4 * 1024 * 1024 * 1024,
  liveMs: 30 * 24 * 60 * 60 * 1000,
};

/** Changes since the file of what was seen was written, past which it is written again. */
const staleAfter = 200;
const maxNotes = 20;
/** Snapshots between two looks at what git's held objects cost. */
const measureEvery = 64;

/** Contents of a workspace and its repositories at moments, kept in `folder`. One operation runs at a time. */
export const createSnapshots = (options: SnapshotOptions): Snapshots => {
  const keeper = new Keeper(options);
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const locked = async (): Promise<T> => {
      await mkdir(options.folder, { recursive: true, mode: 0o700 });
      return withStoreLock(join(options.folder, 'lock'), work);
    };
    const result = queue.then(locked).catch((error: unknown) => {
      throw diskError(error, options.folder);
    });
    queue = result.catch(() => undefined);
    return result;
  };
  return {
    take: (id, given) => inTurn(() => keeper.take(checkSnapshotId(id), given?.session ?? null)),
    restore: (request) => inTurn(() => keeper.restore(request)),
    diffSince: (id) => inTurn(() => keeper.diffSince(id)),
  };
};

/** What one process knows of a store: which contents are in it, and what was last seen of the workspace. */
class Keeper {
  readonly #options: SnapshotOptions;
  readonly #limits: Limits & StoreLimits;
  readonly #objects: Objects;
  readonly #lists: SeenLists = new Map();
  readonly #watch: Watch | null;
  readonly #budget: { bytes: number };
  #takes = 0;
  #seen: SeenPlaces | null = null;
  #unsaved = 0;
  /** Ignored folders that hold tracked files, so that no limit holds for them. */
  readonly #tracked = new Set<string>();

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#objects = new Objects(options.folder);
    this.#budget = { bytes: this.#limits.storeBytes / 4 };
    this.#watch = options.watch === false ? null : new Watch(join(options.folder, 'watch'));
  }

  async take(id: string, session: string | null): Promise<SnapshotTaken> {
    const { folder } = this.#options;
    await this.#open();
    let left: SnapshotRecord['left'] = [];
    try {
      const { looked, repositories } = await this.#lookAtAll();
      left = looked.left;
      await this.#objects.commit();
      await writeRecord(folder, { v: 2, id, at: Date.now(), session, tree: looked.tree, repositories, left });
    } finally {
      this.#objects.discard();
    }
    await this.#save();
    const room = await collectGarbage({
      ...{ folder, objects: this.#objects, keep: id, limits: this.#limits },
      measure: this.#takes % measureEvery === 0,
    });
    this.#takes += 1;
    const held = this.#budget.bytes < 0 ? [tooFar] : [];
    return { notes: [...notesOf(left), ...held, ...room] };
  }

  async restore(request: RestoreRequest): Promise<Restored> {
    await this.#open();
    const { folder, source } = this.#options;
    return restoreSnapshots({ root: source.root, folder, objects: this.#objects, request });
  }

  async diffSince(id: string): Promise<SnapshotDiff> {
    await this.#open();
    const before = await readRecord(this.#options.folder, id);
    try {
      const { looked } = await this.#lookAtAll();
      await this.#objects.commit();
      return await changesSince({ objects: this.#objects, before: before.tree, now: looked.tree });
    } finally {
      this.#objects.discard();
    }
  }

  async #open(): Promise<void> {
    const gone = await this.#objects.refresh();
    const first = this.#seen === null;
    this.#seen ??= await loadSeen(this.#seenFile());
    if (gone || first) for (const { root } of this.#seen.values()) doubtMissing(root, this.#objects);
  }

  async #lookAtAll(): Promise<{ readonly looked: Looked; readonly repositories: readonly GitRecord[] }> {
    const mayDiffer = (await this.#watch?.changes()) ?? null;
    try {
      const followed = new Set<string>();
      const looked = await this.#look(mayDiffer, followed);
      const repositories = await this.#repositories(looked, mayDiffer, followed);
      this.#watch?.keep(followed);
      return { looked, repositories };
    } catch (error) {
      this.#watch?.doubt();
      throw error;
    }
  }

  async #look(mayDiffer: Place['mayDiffer'], followed: Set<string>): Promise<Looked> {
    const { source, folder } = this.#options;
    const ignored = createIgnored(join(folder, 'no-git'));
    const own = new Set([folder, this.#options.own]);
    const inGit = source.known === undefined && isInRepository(source.root);
    const place: Place = {
      absolute: source.root,
      ignored,
      limits: this.#limits,
      skip: (name, _parent, path) =>
        (name === '.git' && isFolder(join(source.root, path))) ||
        isUnfinished(name) ||
        own.has(join(source.root, path)),
      insist: (path) => this.#tracked.has(path),
      inGit,
      mayDiffer: mayDiffer ?? null,
      watch: this.#watch,
      ...(source.known === undefined ? {} : { known: new Set(source.known) }),
    };
    for (;;) {
      const looked = await this.#lookAt('', place, followed);
      const fresh = await this.#trackedIn(looked);
      if (fresh.length === 0) return looked;
      for (const path of fresh) this.#tracked.add(path);
    }
  }

  async #lookAt(key: string, place: Place, followed: Set<string>): Promise<Looked> {
    const places = this.#seen as SeenPlaces;
    const seen = places.get(key) ?? { root: newFolder(''), rules: 'none yet' };
    places.set(key, seen);
    const looked = await lookAt({ place, seen, objects: this.#objects });
    this.#unsaved += looked.read;
    for (const { path } of looked.visits)
      followed.add(path === '' ? place.absolute : `${place.absolute}/${path}`);
    return looked;
  }

  async #repositories(
    looked: Looked,
    mayDiffer: Place['mayDiffer'],
    followed: Set<string>,
  ): Promise<readonly GitRecord[]> {
    const { source, folder } = this.#options;
    const { repositories } = looked;
    const places = await gitPlaces({ root: source.root, repositories, above: source.known === undefined });
    const records: GitRecord[] = [];
    for (const { gitDir, worktree } of places) {
      const place: Place = {
        absolute: gitDir,
        ignored: null,
        limits: this.#limits,
        skip: skipInGit(gitDir),
        insist: () => true,
        inGit: false,
        mayDiffer: mayDiffer ?? null,
        watch: this.#watch,
      };
      const here = await this.#lookAt(gitDir, place, followed);
      const kept: Record<string, Kept> = {};
      for (const path of objectFolders(gitDir, here))
        kept[path] = await keepObjects({
          folder: join(gitDir, path),
          kept: join(folder, 'kept'),
          objects: this.#objects,
          seen: this.#lists,
          budget: this.#budget,
        });
      records.push({ gitDir, worktree, tree: here.tree, kept });
    }
    return records;
  }

  /** Ignored folders over the limit in which git tracks files all the same. */
  async #trackedIn(looked: Looked): Promise<readonly string[]> {
    const folders = looked.visits
      .filter(({ folder, path }) => folder.left !== '' && !this.#tracked.has(path))
      .map(({ path }) => path);
    const found: string[] = [];
    for (const path of folders) {
      const outcome = await gitCommand(this.#options.source.root, [
        'ls-files',
        '-z',
        '--',
        `:(literal)${path}`,
      ]);
      if (outcome.exit === 0 && outcome.stdout.length > 0) found.push(path);
    }
    return found;
  }

  async #save(): Promise<void> {
    if (this.#unsaved < staleAfter) return;
    await saveSeen(this.#seenFile(), this.#seen as SeenPlaces);
    this.#unsaved = 0;
  }

  #seenFile(): string {
    return join(this.#options.folder, 'seen.json.zst');
  }
}

const isUnfinished = (name: string): boolean => name.startsWith('.tandem-') && name.endsWith('.tmp');

const isFolder = (absolute: string): boolean =>
  lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;

const tooFar =
  'git objects are not all kept: the state folder is on another file system, and they are too large to copy';

const notesOf = (left: SnapshotRecord['left']): readonly string[] => [
  ...left.slice(0, maxNotes).map(({ path, why }) => `${path} is not in the snapshot: ${why}`),
  ...(left.length > maxNotes ? [`${left.length - maxNotes} more are not in the snapshot`] : []),
];
