import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSnapshots } from '../../src/snapshot/snapshots.ts';
import { open } from '../support/open.ts';
import { git, gitRepository, put, tempDir } from '../support/temp.ts';
import { contents } from './acting.ts';

test('the diff is a patch that git applies, for every kind of change', async () => {
  const root = gitRepository({
    'edited.txt': Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n'),
    'crlf.txt': 'one\r\ntwo\r\n',
    'gone.txt': 'bye\n',
    'empty-gone': '',
    'run.sh': 'x\n',
    'becomes-link': 'text\n',
    'with space.txt': 'a\n',
    'tab\t"quote".txt': 'a\n',
    'ünï.txt': 'ü\n',
  });
  symlinkSync('gone.txt', join(root, 'link'));
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'second');
  const twin = tempDir();
  git(twin, 'clone', '-q', root, '.');
  const workspace = await open(root);
  await workspace.snapshot('snp_1');
  put(root, {
    'edited.txt': `first\n${readFileSync(join(root, 'edited.txt'), 'utf8').replace('line 20\n', '')}\n`,
    'crlf.txt': 'one\r\n2\r\n',
    'new/file.txt': 'no newline',
    'empty-new': '',
    'run.sh': 'y\n',
    'with space.txt': 'b\n',
    'tab\t"quote".txt': 'b\n',
    'ünï.txt': 'ö\n',
  });
  chmodSync(join(root, 'run.sh'), 0o755);
  for (const path of ['gone.txt', 'empty-gone', 'becomes-link', 'link']) rmSync(join(root, path));
  symlinkSync('edited.txt', join(root, 'becomes-link'));
  symlinkSync('crlf.txt', join(root, 'link'));
  const { diff, files } = await workspace.diffSince('snp_1');
  expect(diff).toContain(
    '--- /dev/null\n+++ b/new/file.txt\n@@ -0,0 +1 @@\n+no newline\n\\ No newline at end of file\n',
  );
  expect(files.find((file) => file.path === 'edited.txt')).toEqual({
    path: 'edited.txt',
    added: 2,
    removed: 2,
  });
  const patch = join(tempDir(), 'patch');
  writeFileSync(patch, diff);
  git(twin, 'apply', patch);
  expect(contents(twin)).toEqual(contents(root));
});

test('git applies the diff between any two texts', async () => {
  const root = tempDir();
  const twin = tempDir();
  git(twin, 'init', '-q');
  const snapshots = createSnapshots({ source: { root }, folder: tempDir() });
  const text = fc.array(
    fc.constantFrom('a\n', 'b\n', 'c\n', '\n', '\r\n', 'x', '-- a\n', '\\ No newline\n'),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(text, text, async (old, fresh) => {
      writeFileSync(join(root, 'f'), old.join(''));
      writeFileSync(join(twin, 'f'), old.join(''));
      await snapshots.take('snp_1');
      writeFileSync(join(root, 'f'), fresh.join(''));
      const { diff } = await snapshots.diffSince('snp_1');
      writeFileSync(join(twin, 'patch'), diff);
      if (diff !== '') git(twin, 'apply', '--whitespace=nowarn', 'patch');
      expect(readFileSync(join(twin, 'f'), 'utf8')).toBe(fresh.join(''));
    }),
    { numRuns: 40 },
  );
});

test('a binary change is noted and does not keep the rest from being applied', async () => {
  const root = gitRepository({ 'a.txt': '1\n', 'z.txt': '1\n' });
  const twin = tempDir();
  git(twin, 'clone', '-q', root, '.');
  const workspace = await open(root);
  await workspace.snapshot('snp_1');
  put(root, { 'a.txt': '2\n', 'm.bin': new Uint8Array([0, 1]), 'z.txt': '2\n' });
  const { diff, files } = await workspace.diffSince('snp_1');
  expect(diff).toContain('Binary files a/m.bin and b/m.bin differ\n');
  expect(files.map((file) => file.path)).toEqual(['a.txt', 'm.bin', 'z.txt']);
  writeFileSync(join(twin, '.git/patch'), diff);
  git(twin, 'apply', '.git/patch');
  expect(readFileSync(join(twin, 'z.txt'), 'utf8')).toBe('2\n');
});

test('ignored files and other repositories are no part of the diff; a tracked file in an ignored folder is', async () => {
  const root = gitRepository({ '.gitignore': 'out/\n', 'a.txt': '1\n' });
  put(root, { 'out/kept.txt': '1\n' });
  git(root, 'add', '-f', 'out/kept.txt');
  git(root, 'commit', '-qm', 'forced');
  const workspace = await open(root);
  await workspace.snapshot('snp_1');
  put(root, { 'out/kept.txt': '2\n', 'out/other.txt': 'x\n' });
  git(root, 'init', '-q', 'inner');
  put(root, { 'inner/b.txt': '1\n' });
  expect((await workspace.diffSince('snp_1')).files.map(({ path }) => path)).toEqual(['out/kept.txt']);
});
