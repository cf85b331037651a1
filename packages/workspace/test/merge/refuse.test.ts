import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, gitRepository, put, tempDir } from '../support/temp.ts';
import { commitAll, forked, gateOf, lines, run } from './support.ts';

const simple = () =>
  forked({ 'a.txt': lines(9) }, { 'b.txt': 'b\n' }, { 'a.txt': lines(9, { 5: 't' }), 'c.txt': 'c\n' });
const start = (root: string, ref: string | null = 'topic') => gateOf(root).gate.start(ref, run());
const stateOf = (root: string) => [
  git(root, 'for-each-ref'),
  git(root, 'status', '--porcelain', '--ignored', '-uall'),
  git(root, 'ls-files', '-s'),
];

test.each([
  ['no repository', () => tempDir(), 'is in no git repository'],
  [
    'a bare repository',
    () => {
      const root = tempDir();
      git(root, 'init', '-q', '--bare');
      return root;
    },
    'bare repository',
  ],
  [
    'a branch without a commit',
    () => {
      const root = tempDir();
      git(root, 'init', '-q');
      return root;
    },
    'no commit yet',
  ],
] as const)('%s is refused', async (_what, make, message) => {
  await expect(start(make())).rejects.toThrow(message);
});

test('a name that is none is refused with the names there are, and one like an option with what to write', async () => {
  const root = simple();
  await expect(start(root, 'topc')).rejects.toMatchObject({
    code: 'not_found',
    details: { names: ['main', 'topic'] },
  });
  await expect(start(root, '--exec=x')).rejects.toThrow('would be an option to git');
  await expect(start(root, 'HEAD:a.txt')).rejects.toThrow('There is no commit');
  await expect(start(root, null)).rejects.toThrow('This branch follows no other');
  await expect(start(root, 'no\nsuch\u001b[31m')).rejects.toThrow(
    'There is no commit "no\\nsuch\\u001b[31m" here.',
  );
});

test('what the branch follows is merged when nothing is named', async () => {
  const root = simple();
  git(root, 'branch', '-q', '--set-upstream-to', 'topic');
  expect(await start(root, null)).toMatchObject({ status: 'merged', from: { name: 'topic' } });
});

test.each([
  [
    'merge',
    (root: string) => git(root, 'merge', '-q', '--no-commit', '--no-ff', 'topic'),
    'A merge is going on here',
  ],
  [
    'cherry-pick',
    (root: string) => writeFileSync(join(root, '.git/CHERRY_PICK_HEAD'), git(root, 'rev-parse', 'topic')),
    'A cherry-pick',
  ],
  ['rebase', (root: string) => mkdirSync(join(root, '.git/rebase-merge')), 'A rebase'],
] as const)('beside a %s that is going on nothing begins', async (_what, begin, message) => {
  const root = simple();
  begin(root);
  const before = stateOf(root);
  await expect(start(root)).rejects.toThrow(message);
  expect(stateOf(root)).toEqual(before);
});

test.each([
  ['changed', (root: string) => put(root, { 'a.txt': 'mine\n' }), 'a.txt'],
  [
    'staged',
    (root: string) => {
      put(root, { 'a.txt': 'mine\n' });
      git(root, 'add', 'a.txt');
    },
    'a.txt',
  ],
  ['untracked', (root: string) => put(root, { 'c.txt': 'mine\n' }), 'c.txt'],
  [
    'ignored',
    (root: string) => {
      put(root, { '.git/info/exclude': 'c.txt\n', 'c.txt': 'mine\n' });
    },
    'c.txt',
  ],
  [
    'a folder with files',
    (root: string) => {
      put(root, { '.git/info/exclude': 'x\n', 'c.txt/x': 'mine\n' });
    },
    'c.txt/x',
  ],
] as const)('a %s file that the merge would touch is named and kept', async (_what, change, path) => {
  const root = simple();
  change(root);
  const before = stateOf(root);
  await expect(start(root)).rejects.toThrow(`would touch what is not committed: ${path}.`);
  expect(stateOf(root)).toEqual(before);
  expect(readFileSync(join(root, path), 'utf8')).toBe('mine\n');
});

test('work that comes in the way while a merge is open is named, and the merge stays open', async () => {
  const root = forked(
    { 'a.txt': lines(9) },
    { 'a.txt': lines(9, { 5: 'o' }) },
    { 'a.txt': lines(9, { 5: 't' }) },
  );
  const { gate } = gateOf(root);
  await gate.start('topic', run());
  put(root, { 'a.txt': 'meanwhile\n' });
  const choices = { 'a.txt': 'theirs' } as const;
  await expect(gate.resume(run({ choices }))).rejects.toThrow('not committed: a.txt');
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('meanwhile\n');
  git(root, 'checkout', '-q', 'a.txt');
  commitAll(root, { 'other.txt': 'x\n' }, 'went on');
  await expect(gate.resume(run())).rejects.toThrow('HEAD is not where the merge of topic began');
  expect(await gate.abandon()).toMatchObject({ status: 'abandoned' });
  expect(await gate.start('topic', run({ choices }))).toMatchObject({ status: 'merged' });
});

test('histories that share nothing are refused with what to type', async () => {
  const root = gitRepository({ 'a.txt': 'a\n' });
  git(root, 'checkout', '-q', '--orphan', 'topic');
  commitAll(root, { 'b.txt': 'b\n' }, 'other');
  git(root, 'config', 'user.name', 'Ada');
  git(root, 'config', 'user.email', 'ada@example.org');
  await expect(start(root, 'main')).rejects.toThrow('--allow-unrelated-histories');
});

test('one who has no name is told before any work is done', async () => {
  const root = simple();
  git(root, 'config', '--unset', 'user.email');
  git(root, 'config', 'user.useConfigOnly', 'true');
  const home = process.env.HOME;
  process.env.HOME = tempDir();
  try {
    await expect(start(root)).rejects.toThrow('git does not know who commits');
  } finally {
    process.env.HOME = home;
  }
});

test('what has no signature is refused where git would refuse it', async () => {
  const root = simple();
  git(root, 'config', 'merge.verifySignatures', 'true');
  await expect(start(root)).rejects.toThrow('topic has no good signature');
});

test('a commit that is to be signed and cannot be is refused; nothing has changed', async () => {
  const root = simple();
  git(root, 'config', 'commit.gpgsign', 'true');
  git(root, 'config', 'gpg.program', '/bin/false');
  const before = stateOf(root);
  const { gate } = gateOf(root);
  await expect(gate.start('topic', run())).rejects.toThrow('The commit could not be made');
  expect(stateOf(root)).toEqual(before);
  git(root, 'config', 'commit.gpgsign', 'false');
  expect(await gate.resume(run())).toMatchObject({ status: 'merged' });
});

test('two at once: the second is told who is at work', async () => {
  const root = simple();
  const { gate, state } = gateOf(root);
  let second: Promise<unknown> = Promise.resolve();
  const verify = { command: 'true', timeoutMs: 60_000 };
  const first = gate.start('topic', run({ verify, choices: {} }));
  second = gateOf(root, state).gate.start('topic', run());
  await expect(Promise.all([first, second])).rejects.toThrow(`Process ${process.pid} is merging here`);
  await Promise.allSettled([first, second]);
  expect(existsSync(join(root, 'c.txt'))).toBe(true);
});
