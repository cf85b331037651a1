import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol';
import { isAlive, startTime } from '../exec/processes.ts';
import { diskError } from '../files/write.ts';

/** Who may write: the owner of the lock file with the highest number, which is the fence. */
type Holder = { readonly pid: number; readonly started: string | null; readonly host: string };

export type Lock = {
  readonly fence: number;
  /** False when another took over, which needs this process to have been taken for dead. */
  readonly isHeld: () => Promise<boolean>;
  readonly release: () => Promise<void>;
};

/** More tries mean that processes keep dying with the lock in hand. */
const maxTries = 50;

/**
 * Takes `lock.<n + 1>` in the folder, where `lock.<n>` is released or its owner is dead. The new name is made
 * exclusively, so of two who try one wins. @throws AppError busy, naming the holder
 */
export const acquireLock = async (folder: string, pid: number): Promise<Lock> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const last = await highest(folder);
      await refuseLiving(folder, last);
      const fence = last + 1;
      if (!(await createExclusively(folder, fence, pid))) continue;
      if ((await highest(folder)) !== fence) {
        // A very late look at the folder: others have gone on since.
        await unlink(lockPath(folder, fence)).catch(() => undefined);
        continue;
      }
      await removeBelow(folder, fence);
      return {
        fence,
        isHeld: async () => (await highest(folder)) === fence,
        release: () => release(folder, fence),
      };
    }
  } catch (error) {
    throw diskError(error, folder);
  }
  throw new AppError('busy', `The lock in ${folder} changes hands all the time; try again.`);
};

/** Whether a living process has the lock; one on another machine counts as living. */
export const isHeld = async (folder: string): Promise<boolean> => {
  const fence = await highest(folder).catch(() => 0);
  return fence > 0 && (await livingHolder(folder, fence)) !== null;
};

const lockPath = (folder: string, fence: number): string => join(folder, `lock.${fence}`);

const highest = async (folder: string): Promise<number> => Math.max(0, ...(await fences(folder)));

const fences = async (folder: string): Promise<readonly number[]> =>
  (await readdir(folder))
    .map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0))
    .filter((fence) => fence > 0);

const refuseLiving = async (folder: string, fence: number): Promise<void> => {
  const holder = fence === 0 ? null : await livingHolder(folder, fence);
  if (holder === null) return;
  const here = holder.host === hostname();
  const path = lockPath(folder, fence);
  throw new AppError(
    'busy',
    here
      ? `Process ${holder.pid} holds this session; end it there first (kill ${holder.pid}), or start another session.`
      : `Process ${holder.pid} on ${holder.host} holds this session. If that machine or container is gone, remove ${path}.`,
    { details: { pid: holder.pid, host: holder.host, lock: path } },
  );
};

const livingHolder = async (folder: string, fence: number): Promise<Holder | null> => {
  const holder = await readHolder(lockPath(folder, fence));
  if (holder === null || holder.pid === 0) return null;
  return holder.host === hostname() && !isAlive(holder.pid, holder.started) ? null : holder;
};

/** Null when it was released meanwhile, or was never written whole. */
const readHolder = async (path: string): Promise<Holder | null> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
};

const createExclusively = async (folder: string, fence: number, pid: number): Promise<boolean> => {
  const holder: Holder = { pid, started: startTime(pid), host: hostname() };
  const temporary = join(folder, `.lock-${randomBytes(6).toString('hex')}.tmp`);
  await writeFile(temporary, `${JSON.stringify(holder)}\n`, { flag: 'wx', mode: 0o600 });
  try {
    // A link appears with its content or not at all, unlike a file that is made and then written.
    await link(temporary, lockPath(folder, fence));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
};

const removeBelow = async (folder: string, fence: number): Promise<void> => {
  for (const old of await fences(folder)) {
    if (old < fence) await unlink(lockPath(folder, old)).catch(() => undefined);
  }
};

/** The file stays, without a holder, so that the next fence is higher. */
const release = async (folder: string, fence: number): Promise<void> => {
  if ((await highest(folder).catch(() => 0)) !== fence) return;
  const temporary = join(folder, `.lock-${randomBytes(6).toString('hex')}.tmp`);
  const free: Holder = { pid: 0, started: null, host: hostname() };
  try {
    await writeFile(temporary, `${JSON.stringify(free)}\n`, { flag: 'wx', mode: 0o600 });
    await rename(temporary, lockPath(folder, fence));
  } catch {
    // On a full disk the lock is freed by this process ending.
    await unlink(temporary).catch(() => undefined);
  }
};
