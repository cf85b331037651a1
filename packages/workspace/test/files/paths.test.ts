import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { isAppError } from '@tandem/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRelative, createPathGuard, refuseGitFolder } from '../../src/files/paths.ts';
import { tempDir } from '../support/temp.ts';

const refused = async (work: () => unknown): Promise<boolean> => {
  try {
    await work();
    return false;
  } catch (error) {
    return isAppError(error) && error.code === 'usage';
  }
};

test.each(['', '/etc/passwd', '..', '../x', 'a/../../x', 'a/..', 'C:\\x', 'C:/x', 'a\0b', '/'])(
  'refuses %j',
  async (path) => {
    expect(await refused(() => checkRelative(path))).toBe(true);
  },
);

test('cleans what is harmless', () => {
  expect(['./a//b/', 'a/./b', 'a', '.', '..a/b..'].map(checkRelative)).toEqual([
    'a/b',
    'a/b',
    'a',
    '.',
    '..a/b..',
  ]);
});

test('whatever the path, what is allowed lies inside the root', async () => {
  const root = tempDir();
  const outside = tempDir();
  mkdirSync(join(root, 'in'));
  symlinkSync(outside, join(root, 'out'));
  symlinkSync('in', join(root, 'ok'));
  symlinkSync('../..', join(root, 'in', 'up'));
  symlinkSync(join(outside, 'new'), join(root, 'dangling'));
  symlinkSync('loop', join(root, 'loop'));
  const guard = createPathGuard(root);
  const part = fc.oneof(
    fc.constantFrom(
      '..',
      '.',
      '',
      'in',
      'out',
      'ok',
      'up',
      'dangling',
      'loop',
      'x',
      '...',
      '..\\x',
      '~',
      '%2e%2e',
    ),
    fc.string({ maxLength: 4 }),
  );
  const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(path, async (text) => {
      for (const way of [guard.target, guard.entry]) {
        let absolute: string;
        try {
          absolute = await way(text);
        } catch (error) {
          expect(isAppError(error) && error.code).toBe('usage');
          continue;
        }
        expect(absolute === root || absolute.startsWith(root + sep)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('follows a link inside, refuses one that leaves, also when its target does not exist yet', async () => {
  const root = tempDir();
  const outside = tempDir();
  writeFileSync(join(root, 'a'), '');
  symlinkSync('a', join(root, 'link'));
  symlinkSync(join(outside, 'new'), join(root, 'dangling'));
  symlinkSync('made/later', join(root, 'inner'));
  const guard = createPathGuard(root);
  expect(await guard.target('link')).toBe(join(root, 'a'));
  expect(await guard.entry('link')).toBe(join(root, 'link'));
  expect(await guard.target('inner')).toBe(join(root, 'made/later'));
  expect(await refused(() => guard.target('dangling'))).toBe(true);
  expect(await guard.entry('dangling')).toBe(join(root, 'dangling'));
});

test.each(['.git/hooks/pre-commit', '.GIT/config', 'sub/.Git/x', 'git~1/config', '.git ./x', '.git'])(
  'refuses to write %j',
  async (path) => {
    expect(await refused(() => refuseGitFolder(path))).toBe(true);
  },
);

test('leaves other dot files alone', () => {
  for (const path of ['.gitignore', '.github/x', 'a/.gitkeep', 'digit~1']) refuseGitFolder(path);
});
