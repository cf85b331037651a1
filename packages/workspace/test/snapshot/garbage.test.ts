import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSnapshots } from '../../src/snapshot/snapshots.ts';
import { git, gitRepository, put, tempDir } from '../support/temp.ts';
import { back, takerOf } from './acting.ts';

const sizeOf = (folder: string): number =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.objects'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

test('above the limit the oldest snapshots go, and their contents; the newer stay whole', async () => {
  const root = gitRepository({ 'a.txt': '1' });
  const folder = tempDir();
  const limits = { storeBytes: 400_000 };
  const snapshots = createSnapshots({ source: { root }, folder, limits });
  for (let index = 0; index < 12; index += 1) {
    put(root, { same: 'kept by all', changing: randomBytes(60_000) });
    git(root, 'commit', '-q', '--allow-empty', '-m', `commit ${index}`);
    expect((await snapshots.take(`snp_${index}`)).notes).toEqual([]);
  }
  expect(sizeOf(folder)).toBeLessThan(400_000);
  const fresh = createSnapshots({ source: { root }, folder, limits });
  await expect(fresh.diffSince('snp_0')).rejects.toMatchObject({ code: 'not_found' });
  const wanted = readFileSync(join(root, 'changing'));
  put(root, { changing: 'x', same: 'y' });
  const { files } = await back(takerOf(fresh), [{ before: 'snp_11', after: null }]);
  expect(files).toEqual(['changing', 'same']);
  expect(readFileSync(join(root, 'changing'))).toEqual(wanted);
});

test('what a session in use could undo never goes, and that the limit is passed is said', async () => {
  const root = tempDir();
  const folder = tempDir();
  const snapshots = createSnapshots({ source: { root }, folder, limits: { storeBytes: 200_000 } });
  let notes: readonly string[] = [];
  for (let index = 0; index < 8; index += 1) {
    put(root, { changing: randomBytes(60_000) });
    ({ notes } = await snapshots.take(`snp_${index}`, { session: 'ses_live' }));
  }
  expect(notes).toEqual([expect.stringMatching(/above their limit; all of them belong to sessions in use/)]);
  const kept = readdirSync(folder).filter((name) => name.endsWith('.snapshot'));
  expect(kept).toHaveLength(8);
  const old = createSnapshots({ source: { root }, folder, limits: { storeBytes: 200_000, liveMs: -1 } });
  expect((await old.take('snp_last', { session: 'ses_other' })).notes).toEqual([]);
  expect(sizeOf(folder)).toBeLessThan(200_000);
});

test('many small packs become one, and nothing is lost by it', async () => {
  const root = tempDir();
  const folder = tempDir();
  const snapshots = createSnapshots({ source: { root }, folder });
  for (let index = 0; index < 50; index += 1) {
    put(root, { [`f${index}`]: String(index) });
    await snapshots.take(`snp_${index}`);
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('.objects')).length).toBeLessThan(48);
  await back(takerOf(createSnapshots({ source: { root }, folder })), [{ before: 'snp_0', after: 'snp_49' }]);
  expect(readdirSync(root)).toEqual(['f0']);
});
