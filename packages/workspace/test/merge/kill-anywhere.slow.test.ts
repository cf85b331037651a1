import { expect, test } from 'vitest';
import { killAnywhere } from './kill-anywhere.ts';

test('killed at every single step', async () => {
  expect(await killAnywhere((steps) => steps.map((_, index) => index + 1))).toBeGreaterThan(60);
}, 3_000_000);
