import { setTimeout } from 'node:timers/promises';
import { AppError, isAppError } from '@tandem/protocol';
import { acquireLock } from '../store/lock.ts';

/** A snapshot of a large workspace seen for the first time takes this long on a slow disk. */
const patienceMs = 120_000;
const pauseMs = 15;

/** Does the work while no other process uses the store. @throws AppError busy, naming the holder */
export const withStoreLock = async <T>(
  folder: string,
  work: () => Promise<T>,
  what = 'the snapshots',
): Promise<T> => {
  const until = Date.now() + patienceMs;
  for (;;) {
    const lock = await acquireLock(folder, process.pid).catch(async (error: unknown) => {
      if (!isAppError(error) || error.code !== 'busy') throw error;
      if (Date.now() > until) throw new AppError('busy', error.message.replace('this session', what));
      await setTimeout(pauseMs);
      return null;
    });
    if (lock === null) continue;
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }
};
