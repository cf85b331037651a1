import { type FSWatcher, watch } from 'node:fs';
import { lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export type AbsenceWatch = {
  /** Looks a last time, once no process of the command is left. What was taken away, by its path, and where it is. */
  readonly end: () => Promise<ReadonlyMap<string, string>>;
};

/** A command that makes it again and again fills no disk: what comes after this many is removed. */
const maxKept = 50;

const watchedNow = new Map<string, number>();

const count = (paths: Iterable<string>, by: 1 | -1): void => {
  for (const path of paths) watchedNow.set(path, (watchedNow.get(path) ?? 0) + by);
};

/** Whether a command that runs now may not make this: what is there is then its work, and no reason to trust it. */
export const isAwaited = (path: string): boolean => (watchedNow.get(path) ?? 0) > 0;

/**
 * Nothing can be mounted where nothing is, so what must not appear (or a link that must not change) is watched, and
 * moved into `folder` as soon as it does: at once where the system tells, at the latest at the end.
 */
export const watchAbsent = (input: {
  readonly watched: ReadonlyMap<string, string | null>;
  readonly folder: string;
}): AbsenceWatch => {
  const taken = new Map<string, string>();
  let kept = 0;
  let work: Promise<void> = Promise.resolve();
  const look = (path: string): void => {
    work = work.then(async () => {
      const place = await take(path, input);
      if (place === null) return;
      taken.set(path, place);
      if (++kept > maxKept && dirname(place) === input.folder)
        await rm(place, { recursive: true, force: true });
    });
  };
  count(input.watched.keys(), 1);
  const watchers = watchersOf([...input.watched.keys()], look);
  return {
    end: async () => {
      for (const watcher of watchers) watcher.close();
      for (const path of input.watched.keys()) look(path);
      await work;
      count(input.watched.keys(), -1);
      return taken;
    },
  };
};

const watchersOf = (paths: readonly string[], look: (path: string) => void): readonly FSWatcher[] => {
  const folders = Map.groupBy(paths, (path) => dirname(path));
  return [...folders].flatMap(([folder, inside]) => {
    try {
      const watcher = watch(folder, (_, name) => {
        for (const path of inside) if (name === null || name === basename(path)) look(path);
      });
      // Too many watches on this machine: the look at the end remains.
      watcher.on('error', () => watcher.close());
      return [watcher.unref()];
    } catch {
      return [];
    }
  });
};

let number = 0;

/** Null when the path is as it was. What cannot be moved to the folder is moved to a name beside it. */
const take = async (
  path: string,
  input: { readonly watched: ReadonlyMap<string, string | null>; readonly folder: string },
): Promise<string | null> => {
  const before = input.watched.get(path) ?? null;
  const now = await lstat(path).catch(() => null);
  if (now === null && before === null) return null;
  if (before !== null && now?.isSymbolicLink() === true && (await readlink(path)) === before) return null;
  const place = now === null ? 'nothing, it had been removed' : await moveAway(path, input.folder);
  // Another command of ours that may not make it either may have been quicker.
  if (before !== null) await symlink(before, path).catch(() => {});
  return place;
};

/** Where it is now; null when it is gone already. Never rejects: what could not be moved is said. */
const moveAway = async (path: string, folder: string): Promise<string | null> => {
  const name = `${Date.now()}-${++number}-${basename(path)}`;
  const problems: string[] = [];
  for (const place of [join(folder, name), join(dirname(path), `.tandem-taken-${name}`)]) {
    try {
      await mkdir(dirname(place), { recursive: true });
      await rename(path, place);
      return place;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      problems.push((error as Error).message);
    }
  }
  return `it by hand: ${problems.join('; ')}`;
};
