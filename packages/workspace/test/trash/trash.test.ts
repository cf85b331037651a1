import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTrash } from '../../src/trash/trash.ts';
import { contents } from '../snapshot/acting.ts';
import { put, tempDir } from '../support/temp.ts';

let seconds = 0;
const now = (): string => {
  seconds += 1;
  return new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
};
const open = (limits?: { bytes: number; files: number }, folder = tempDir()) =>
  createTrash({ folder: join(folder, 'trash'), now, ...(limits === undefined ? {} : { limits }) });

/** A tree with everything that is easily lost. */
const makeTree = (): string => {
  const root = tempDir();
  put(root, { 'data/a.txt': 'a\r\n', 'data/deep/bytes': new Uint8Array([0, 255, 10]), 'data/run.sh': 'x' });
  chmodSync(join(root, 'data/run.sh'), 0o751);
  mkdirSync(join(root, 'data/empty'));
  symlinkSync('../nowhere', join(root, 'data/link'));
  return root;
};

test.each(['move', 'copy'] as const)('%s: listed, and back byte for byte', async (how) => {
  const root = makeTree();
  const before = contents(root);
  const trash = open();
  const { id } = await trash.put(join(root, 'data'), how);
  expect(existsSync(join(root, 'data'))).toBe(how === 'copy');
  rmSync(join(root, 'data'), { recursive: true, force: true });
  expect(await trash.list()).toEqual([
    { id, from: join(root, 'data'), at: expect.stringMatching(/^2026-/), files: 7, bytes: 7 },
  ]);
  expect(await trash.restore(id)).toBe(join(root, 'data'));
  expect(contents(root)).toEqual(before);
  expect(await trash.list()).toEqual([]);
});

test('single files and links, the newest first; a copy is its own, whatever the original becomes', async () => {
  const root = makeTree();
  const trash = open();
  const link = await trash.put(join(root, 'data/link'), 'move');
  const file = await trash.put(join(root, 'data/a.txt'), 'copy');
  writeFileSync(join(root, 'data/a.txt'), 'overwritten in place');
  expect((await trash.list()).map(({ id }) => id)).toEqual([file.id, link.id]);
  expect(existsSync(join(root, 'data/run.sh'))).toBe(true);
  await expect(trash.restore(file.id)).rejects.toMatchObject({ code: 'conflict' });
  const other = join(root, 'elsewhere/a.txt');
  expect(await trash.restore(file.id, other)).toBe(other);
  await trash.restore(link.id);
  expect(contents(root)).toMatchObject({ 'elsewhere/a.txt': '644 a\r\n', 'data/link': '-> ../nowhere' });
});

test('what is restored never overwrites, and what is not there is said', async () => {
  const root = makeTree();
  const trash = open();
  const { id } = await trash.put(join(root, 'data'), 'move');
  put(root, { 'data/mine': 'm' });
  await expect(trash.restore(id)).rejects.toMatchObject({ code: 'conflict' });
  expect(contents(root)).toEqual({ 'data/': '755', 'data/mine': '644 m' });
  await expect(trash.restore('20260101-none')).rejects.toMatchObject({ code: 'not_found' });
  await expect(trash.restore('../x')).rejects.toMatchObject({ code: 'usage' });
  await expect(trash.put(join(root, 'nothing'), 'move')).rejects.toMatchObject({ code: 'not_found' });
});

test('a copy that is too large is refused before it is begun; the trash does not go into itself', async () => {
  const root = makeTree();
  const home = tempDir();
  const trash = open({ bytes: 5, files: 100 }, home);
  await expect(trash.put(join(root, 'data'), 'copy')).rejects.toMatchObject({ code: 'limit' });
  await expect(trash.put(join(root, 'data/a.txt'), 'copy')).resolves.toMatchObject({ bytes: 3 });
  await expect(trash.put(home, 'move')).rejects.toMatchObject({ code: 'usage' });
  expect(existsSync(home)).toBe(true);
});

const otherDisk = (): string | null => {
  try {
    if (statfsSync('/dev/shm').type === statfsSync(tempDir()).type) return null;
    const folder = mkdtempSync('/dev/shm/tandem-trash-');
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch {
    return null;
  }
};

test('across file systems it is copied, compared, and only then taken away', async ({ skip }) => {
  const folder = otherDisk();
  if (folder === null) return skip('there is only one file system here');
  const root = makeTree();
  const before = contents(root);
  const trash = open(undefined, folder);
  const { id } = await trash.put(join(root, 'data'), 'move');
  expect(existsSync(join(root, 'data'))).toBe(false);
  expect(contents(join(folder, 'trash', id, 'content'))).toMatchObject({
    'run.sh': '751 x',
    'empty/': '755',
  });
  await trash.restore(id);
  expect(contents(root)).toEqual(before);
});

test('what a kill cut short is no entry', async () => {
  const folder = tempDir();
  put(folder, {
    'trash/20260101-cut/entry.json': '{"id":"20260101-cut"}',
    'trash/20260101-part/content.part/a': 'x',
  });
  expect(await open(undefined, folder).list()).toEqual([]);
  expect(readdirSync(join(folder, 'trash'))).toHaveLength(2);
});
