import { test } from 'vitest';
import { killAnywhere } from './kill-anywhere.ts';

/** A few, spread over the whole; the slow suite takes all. */
const some = (steps: number): readonly number[] =>
  [0.3, 0.7, 1].map((share) => Math.max(1, Math.floor(steps * share)));

test('a kill while a snapshot is taken leaves the store sound', async () => {
  await killAnywhere('take', some);
});

test('a kill while files and refs are put back leaves what the same again completes', async () => {
  await killAnywhere('restore', some);
});
