import type { Clock } from '@tandem/core';

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });

export const realClock: Clock = {
  iso: () => new Date().toISOString(),
  ms: () => performance.now(),
  sleep: wait,
};

/** Every wait passes at once and is written down. */
export const createQuickClock = (): Clock & { readonly slept: number[] } => {
  const slept: number[] = [];
  return {
    slept,
    iso: () => '2026-01-01T00:00:00.000Z',
    ms: () => performance.now(),
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
    },
  };
};
