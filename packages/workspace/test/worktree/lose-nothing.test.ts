import { expect, test } from 'vitest';
import { loseNothing } from './lose-nothing.ts';

test('whatever is done in a worktree is named before it goes, and comes back byte for byte', async () => {
  expect((await loseNothing({ cases: 12 })).cases).toBeGreaterThanOrEqual(12);
}, 120_000);
