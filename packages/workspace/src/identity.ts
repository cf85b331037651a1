import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Ids } from '@tandem/core';

export const systemClock: Clock = {
  iso: () => new Date().toISOString(),
  ms: () => performance.now(),
  sleep: async (ms, signal) => {
    signal.throwIfAborted();
    await wait(ms, undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  },
};

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * Ids that sort by the time they were made, also within one millisecond and when the clock is set back: 9 characters of
 * milliseconds (enough until the year 5188), 3 of a counter, 8 random ones so that two processes never meet.
 */
export const createIds = (now: () => number = Date.now): Ids => {
  let last = 0;
  let count = 0;
  return {
    next: (prefix) => {
      const ms = Math.max(last, now());
      count = ms === last ? count + 1 : 0;
      last = ms;
      const time = ms.toString(36).padStart(9, '0');
      return `${prefix}_${time}${count.toString(36).padStart(3, '0')}${randomText(8)}`;
    },
  };
};

const randomText = (length: number): string =>
  Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
