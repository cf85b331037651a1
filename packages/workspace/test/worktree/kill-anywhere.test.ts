import { expect, test } from 'vitest';
import { type Killed, killAnywhere } from './kill-anywhere.ts';

/** In the middle; the slow suite takes every step. */
const one = (steps: number): readonly number[] => [Math.ceil(steps * 0.6)];

test.each<Killed>(['create', 'discard', 'restore', 'land', 'purge'])('a kill during %s', async (what) => {
  expect(await killAnywhere(what, one)).toBe(1);
});
