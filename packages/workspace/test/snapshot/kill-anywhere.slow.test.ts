import { expect, test } from 'vitest';
import { killAnywhere } from './kill-anywhere.ts';

const all = (steps: number): readonly number[] => Array.from({ length: steps }, (_, index) => index + 1);

test('a kill at any change of the file system while a snapshot is taken', async () => {
  expect(await killAnywhere('take', all)).toBeGreaterThan(10);
}, 1_800_000);

test('a kill at any change of the file system while files and refs are put back', async () => {
  expect(await killAnywhere('restore', all)).toBeGreaterThan(40);
}, 1_800_000);
