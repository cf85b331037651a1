import type { Clock } from '../ports.ts';

export type ManualClock = Clock & {
  /** Moves time on and wakes every sleeper whose time has come. */
  readonly advance: (ms: number) => void;
  readonly sleepers: () => number;
};

/** Time that moves only when told to. */
export const manualClock = (start = Date.UTC(2026, 0, 1)): ManualClock => {
  let now = 0;
  const sleeping = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    iso: () => new Date(start + now).toISOString(),
    ms: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const stop = (): void => {
          sleeping.delete(sleeper);
          reject(signal.reason);
        };
        const sleeper = {
          until: now + ms,
          wake: () => {
            signal.removeEventListener('abort', stop);
            resolve();
          },
        };
        signal.addEventListener('abort', stop, { once: true });
        sleeping.add(sleeper);
      }),
    advance: (ms) => {
      now += ms;
      for (const sleeper of [...sleeping]) {
        if (sleeper.until > now) continue;
        sleeping.delete(sleeper);
        sleeper.wake();
      }
    },
    sleepers: () => sleeping.size,
  };
};
