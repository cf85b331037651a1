import { expect, test } from 'vitest';
import { type Killed, killAnywhere } from './kill-anywhere.ts';

const all = (steps: number): readonly number[] => Array.from({ length: steps }, (_, index) => index + 1);

test.each<Killed>(['create', 'discard', 'restore', 'land', 'purge'])(
  'a kill before any change of the file system, and before any git, during %s',
  async (what) => {
    const steps = await killAnywhere(what, all);
    console.log(`${what}: killed at each of ${steps} steps`);
    expect(steps).toBeGreaterThan(10);
  },
  1_800_000,
);
