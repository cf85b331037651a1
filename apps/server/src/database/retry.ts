import type { Clock } from '@tandem/core';
import { databaseError, mayPass } from './error.ts';

const firstPauseMs = 25;
const maxPauseMs = 1_000;

/**
 * Does the work again while the database is away, for at most `forMs`. `work` must bear being done twice.
 * @throws AppError offline when the time is over; whatever else the work throws, at once
 */
export const retrying = async <T>(
  work: (attempt: number) => Promise<T>,
  options: { readonly clock: Clock; readonly forMs: number; readonly signal: AbortSignal },
): Promise<T> => {
  const { clock, forMs, signal } = options;
  const end = clock.ms() + forMs;
  for (let attempt = 0, pause = firstPauseMs; ; attempt++, pause = Math.min(maxPauseMs, pause * 2)) {
    try {
      signal.throwIfAborted();
      return await work(attempt);
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error) || clock.ms() + pause > end) throw databaseError(error);
      await clock.sleep(pause, signal);
    }
  }
};
