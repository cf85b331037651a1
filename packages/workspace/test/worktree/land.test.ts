import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, gitRepository, put, tempDir } from '../support/temp.ts';
import { read, statusOf, worktreesOf } from './made.ts';
import { bytesBelow } from './state.ts';

const files = (root: string) => {
  const all = new Map(bytesBelow(root));
  for (const path of all.keys())
    if (path === '' || path === '.git' || path.startsWith('.git/')) all.delete(path);
  return all;
};

test('its own work, committed or not, comes into files where nothing changed; the index stays', async () => {
  const root = gitRepository({
    ...{ 'a.txt': 'a\n', 'b.txt': 'b\n', 'gone.txt': 'g\n', 'in/only.txt': 'o\n', 'run.sh': '', file: 'f\n' },
    ...{ 'folder/x.txt': 'x\n', 'same.txt': 's\n' },
  });
  chmodSync(join(root, 'a.txt'), 0o640);
  put(root, { 'b.txt': 'dirty\n', 'untracked.txt': 'u\n' });
  git(root, 'add', 'b.txt');
  const { create, land, diff } = worktreesOf(root);
  const made = await create('one');
  const inside = (path: string): string => join(made.root, path);
  put(made.root, { 'a.txt': 'mine\n', 'untracked.txt': 'mine\n', 'new/deep.txt': 'n\n' });
  git(made.root, 'add', '-A');
  git(made.root, 'commit', '-qm', 'work');
  for (const path of ['gone.txt', 'in', 'file', 'folder']) rmSync(inside(path), { recursive: true });
  put(made.root, { 'file/now.txt': 'folder\n', folder: 'file\n', 'same.txt': 'both\n' });
  chmodSync(inside('run.sh'), 0o755);
  symlinkSync('a.txt', inside('link'));
  put(root, { 'elsewhere.txt': 'e\n', 'same.txt': 'both\n' });
  const index = git(root, 'ls-files', '-s');
  const expected = files(made.root);
  expected.set('elsewhere.txt', files(root).get('elsewhere.txt') as string);
  expected.set('a.txt', '100640 mine\n');
  const { files: landed } = await land('one');
  expect(files(root)).toEqual(expected);
  expect(landed.map(({ path }) => path)).toEqual(
    ['a.txt', 'file', 'file/now.txt', 'folder', 'folder/x.txt', 'gone.txt', 'in/only.txt', 'link'].concat([
      'new/deep.txt',
      'run.sh',
      'same.txt',
      'untracked.txt',
    ]),
  );
  expect(git(root, 'ls-files', '-s')).toBe(index);
  expect([existsSync(join(root, 'in')), statSync(join(root, 'run.sh')).mode & 0o111]).toEqual([false, 0o111]);
  expect((await diff('one')).diff).toContain('+++ b/new/deep.txt\n@@ -0,0 +1 @@\n+n\n');
  expect((await land('one')).files).toHaveLength(12);
});

test('what changed there meanwhile is named, and then nothing is done', async () => {
  const root = gitRepository({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'c/d.txt': 'd\n' });
  const { create, land } = worktreesOf(root);
  const made = await create('one');
  put(made.root, { 'a.txt': 'mine\n', 'b.txt': 'mine\n', 'c/d.txt': 'mine\n', 'new.txt': 'mine\n' });
  const refused = async (path: string): Promise<void> => {
    const before = statusOf(root);
    await expect(land('one')).rejects.toMatchObject({ code: 'conflict', details: { paths: [path] } });
    expect(statusOf(root)).toEqual(before);
  };
  put(root, { 'b.txt': 'theirs\n' });
  await refused('b.txt');
  put(root, { 'b.txt': 'b\n' });
  chmodSync(join(root, 'b.txt'), 0o755);
  await refused('b.txt');
  chmodSync(join(root, 'b.txt'), 0o644);
  mkdirSync(join(root, 'new.txt'));
  put(root, { 'new.txt/x': '' });
  const before = statusOf(root);
  await expect(land('one')).rejects.toMatchObject({ code: 'conflict' });
  expect(statusOf(root)).toEqual(before);
  rmSync(join(root, 'new.txt'), { recursive: true });
  const elsewhere = tempDir();
  put(elsewhere, { 'd.txt': 'd\n' });
  rmSync(join(root, 'c'), { recursive: true });
  symlinkSync(elsewhere, join(root, 'c'));
  await refused('c/d.txt');
  expect(read(elsewhere, 'd.txt')).toBe('d\n');
  rmSync(join(root, 'c'));
  put(root, { 'c/d.txt': 'd\n' });
  git(made.root, 'init', '-q', 'nested');
  put(made.root, { 'nested/x': '' });
  git(join(made.root, 'nested'), 'add', '-A');
  git(join(made.root, 'nested'), 'commit', '-qm', 'x');
  await refused('nested');
  expect(lstatSync(join(root, 'a.txt')).isFile()).toBe(true);
});

test('what took the place of a folder that the work removed is left alone', async () => {
  const root = gitRepository({ 'in/only.txt': 'o\n', 'deep/er/x.txt': 'x\n' });
  const { create, land } = worktreesOf(root);
  const made = await create('one');
  const elsewhere = tempDir();
  mkdirSync(join(elsewhere, 'er'));
  for (const path of ['in', 'deep']) {
    rmSync(join(made.root, path), { recursive: true });
    rmSync(join(root, path), { recursive: true });
    symlinkSync(elsewhere, join(root, path));
  }
  await land('one');
  expect([lstatSync(join(root, 'in')).isSymbolicLink(), existsSync(join(root, 'deep/er'))]).toEqual([
    true,
    true,
  ]);
});

test('all of it becomes one commit on its branch, which can be merged', async () => {
  const root = gitRepository({ 'a.txt': 'a\n' });
  git(root, 'config', 'user.name', 't');
  git(root, 'config', 'user.email', 't@t');
  const { create, worktrees } = worktreesOf(root);
  const made = await create('one', { kind: 'head' });
  put(made.root, { 'a.txt': 'mine\n', 'new.txt': 'n\n' });
  const commit = () => worktrees.commit({ origin: root, name: 'one', message: 'Work of one' });
  const { commit: id, branch } = await commit();
  expect([branch, git(root, 'log', '-1', '--format=%H %s', branch).trim()]).toEqual([
    'tandem/one',
    `${id} Work of one`,
  ]);
  expect((await commit()).commit).toBe(id);
  expect(git(made.root, 'status', '--porcelain')).toBe('');
  git(root, 'merge', '-q', branch);
  expect(read(root, 'new.txt')).toBe('n\n');
  git(made.root, 'checkout', '-q', '-b', 'other');
  await expect(commit()).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('refs/heads/other'),
  });
});
