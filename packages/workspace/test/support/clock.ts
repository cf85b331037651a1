import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '@tandem/core';

export const systemClock: Clock = {
  iso: () => new Date().toISOString(),
  ms: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};
