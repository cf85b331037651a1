import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { open } from '../support/open.ts';
import { git, gitRepository, put, tempDir } from '../support/temp.ts';

test('in git: tracked and new files, not ignored, deleted or nested ones', async () => {
  const root = gitRepository({
    '.gitignore': 'out/\n*.log\n',
    'a.ts': '',
    'gone.ts': '',
    'dir/b b.ts': '',
    'é.md': '',
  });
  put(root, { 'new.ts': '', 'x.log': '', 'out/x': '', 'tracked.log': '' });
  git(root, 'add', '-f', 'tracked.log');
  rmSync(join(root, 'gone.ts'));
  put(root, { 'nested/inner': '' });
  git(join(root, 'nested'), 'init', '-q');
  symlinkSync('a.ts', join(root, 'link'));
  const workspace = await open(root);
  const all = ['.gitignore', 'a.ts', 'dir/b b.ts', 'link', 'new.ts', 'tracked.log', 'é.md'];
  expect(await workspace.list()).toEqual(all);
  expect(await workspace.list({ glob: '*.ts' })).toEqual(['a.ts', 'dir/b b.ts', 'new.ts']);
  expect(await workspace.list({ glob: 'dir/**' })).toEqual(['dir/b b.ts']);
  expect(await workspace.list({ limit: 2 })).toEqual(all.slice(0, 2));
});

test('a folder of a repository lists only its own files', async () => {
  const root = gitRepository({ 'a.ts': '', 'sub/b.ts': '' });
  expect(await (await open(join(root, 'sub'))).list()).toEqual(['b.ts']);
});

test('without git: nested ignore files and default skips', async () => {
  const root = tempDir();
  put(root, {
    '.gitignore': '*.log\n/only-here\n',
    'a.py': '',
    'a.log': '',
    'only-here': '',
    'sub/only-here': '',
    'sub/.gitignore': '!keep.log\nsecret/\n',
    'sub/keep.log': '',
    'sub/secret/x': '',
    'node_modules/m/index.js': '',
    '__pycache__/x.pyc': '',
  });
  expect(await (await open(root)).list()).toEqual([
    '.gitignore',
    'a.py',
    'sub/.gitignore',
    'sub/keep.log',
    'sub/only-here',
  ]);
});

test('grep gives path, line and text, skips binary files, keeps to the limit', async () => {
  const root = tempDir();
  put(root, {
    'a.ts': 'one\r\nconst x = foo(1)\nFOO\n',
    'b.ts': 'foo\nfoo',
    'c.bin': new Uint8Array([0, 102, 111, 111]),
    'long.js': `${'x'.repeat(5_000)}foo${'y'.repeat(5_000_000)}`,
  });
  const workspace = await open(root);
  const hits = await workspace.grep({ pattern: 'fo+\\b', limit: 10, glob: '*.ts' });
  expect(hits).toEqual([
    { path: 'a.ts', line: 2, text: 'const x = foo(1)' },
    { path: 'b.ts', line: 1, text: 'foo' },
    { path: 'b.ts', line: 2, text: 'foo' },
  ]);
  expect((await workspace.grep({ pattern: 'foo', limit: 10, ignoreCase: true })).length).toBe(5);
  expect((await workspace.grep({ pattern: '^one$', limit: 10 })).length).toBe(1);
  expect(await workspace.grep({ pattern: 'foo', limit: 2 })).toHaveLength(2);
  const [long] = await workspace.grep({ pattern: 'foo', limit: 1, glob: 'long.js' });
  expect(long?.text.length).toBeLessThan(500);
  expect(long?.text).toContain('foo');
});

test('a bad or endless pattern is refused instead of hanging', async () => {
  const root = tempDir();
  put(root, { a: 'a'.repeat(200) });
  const workspace = await open(root);
  await expect(workspace.grep({ pattern: '(', limit: 1 })).rejects.toMatchObject({ code: 'usage' });
  await expect(workspace.grep({ pattern: '(a+)+$|(a|aa)+b', limit: 1 })).resolves.toHaveLength(1);
  await expect(workspace.grep({ pattern: '^(a+)+b$', limit: 1 })).rejects.toMatchObject({ code: 'usage' });
});

test('not a directory is refused', async () => {
  const root = tempDir();
  mkdirSync(join(root, 'x'));
  await expect(open(join(root, 'none'))).rejects.toMatchObject({ code: 'usage' });
});
