import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { open } from '../support/open.ts';
import { put, tempDir } from '../support/temp.ts';

test('reads text with its manner, null for nothing, a refusal for what is no text', async () => {
  const root = tempDir();
  put(root, {
    'a.txt': 'x\r\ny\r\n',
    'b.bin': new Uint8Array([1, 0, 2]),
    big: 'x'.repeat(2 * 1024 * 1024 + 1),
  });
  mkdirSync(join(root, 'folder'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const workspace = await open(root);
  expect(await workspace.read('./a.txt')).toEqual({ path: 'a.txt', text: 'x\ny\n', eol: 'crlf', bom: false });
  expect(await workspace.read('none')).toBeNull();
  expect(await workspace.read('a.txt/below').catch((error) => error.code)).toBe('usage');
  for (const path of ['b.bin', 'big', 'folder', 'pipe', '../x']) {
    await expect(workspace.read(path)).rejects.toMatchObject({ code: 'usage' });
  }
});

test('a write keeps mode, symlink and line ends, makes folders and leaves no temporary file', async () => {
  const root = tempDir();
  put(root, { 'run.sh': 'a\r\nb\r\n' });
  chmodSync(join(root, 'run.sh'), 0o754);
  symlinkSync('run.sh', join(root, 'link'));
  const workspace = await open(root);
  await workspace.write('link', 'a\nc\n');
  await workspace.write('new/deep/file', 'x\r\ny\n');
  expect(readFileSync(join(root, 'run.sh'), 'utf8')).toBe('a\r\nc\r\n');
  expect(statSync(join(root, 'run.sh')).mode & 0o777).toBe(0o754);
  expect(lstatSync(join(root, 'link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(root, 'new/deep/file'), 'utf8')).toBe('x\r\ny\n');
  expect(readdirSync(root).sort()).toEqual(['link', 'new', 'run.sh']);
});

test('never writes outside, into .git, over a folder or below a file', async () => {
  const root = tempDir();
  const outside = tempDir();
  put(root, { file: '', 'folder/x': '' });
  symlinkSync(outside, join(root, 'out'));
  symlinkSync(join(outside, 'later'), join(root, 'dangling'));
  const workspace = await open(root);
  for (const path of ['out/x', 'dangling', '../x', '.git/hooks/x', 'folder', 'file/x', '.']) {
    await expect(workspace.write(path, 'x')).rejects.toMatchObject({ code: 'usage' });
  }
  expect(readdirSync(outside)).toEqual([]);
});

test('remove takes the link, not its target; nothing there is no error', async () => {
  const root = tempDir();
  const outside = tempDir();
  put(outside, { kept: 'x' });
  symlinkSync(join(outside, 'kept'), join(root, 'link'));
  const workspace = await open(root);
  await workspace.remove('link');
  await workspace.remove('link');
  expect(readdirSync(root)).toEqual([]);
  expect(readdirSync(outside)).toEqual(['kept']);
});
