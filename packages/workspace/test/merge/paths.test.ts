import { chmodSync, existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MergeReport } from '../../src/merge/conflict.ts';
import { git, gitRepository, put } from '../support/temp.ts';
import { always, commitAll, forked, gateOf, lines, run } from './support.ts';

/** One conflict of every kind that no text answers. */
const everyKind = (): string => {
  const root = forked(
    {
      'deleted by us': 'base\n',
      'deleted by them': 'base\n',
      'renamed twice': lines(20),
      'renamed and gone': lines(20, { 1: 'x' }),
      'binary.dat': 'a\0b',
      'dir/one': '1\n',
      'dir/two': '2\n',
      'dir/three': '3\n',
    },
    {
      'deleted by us': null,
      'deleted by them': 'ours\n',
      'renamed twice': null,
      'our name': lines(20),
      'renamed and gone': null,
      'binary.dat': 'a\0o',
      'both added': 'top\nours\nend\n',
      'file or folder': 'file\n',
      dir: null,
      'moved/one': '1\n',
      'moved/two': '2\n',
      'moved/three': '3\n',
    },
    {
      'deleted by us': 'theirs\n',
      'deleted by them': null,
      'renamed twice': null,
      'their name': lines(20),
      'renamed and gone': null,
      'other name': lines(20, { 1: 'x' }),
      'binary.dat': 'a\0t',
      'both added': 'top\ntheirs\nend\n',
      'file or folder/inside': 'x\n',
      'dir/new': 'new\n',
    },
  );
  return root;
};

const kinds = ({ openPaths }: MergeReport) =>
  Object.fromEntries(
    openPaths.map(({ paths, kind, choices }) => [paths[0], [kind, ...choices.map(({ choice }) => choice)]]),
  );

test('conflicts that are not of lines are listed by kind with their choices, and never settled', async () => {
  const root = everyKind();
  const { gate } = gateOf(root);
  const report = await gate.start('topic', run());
  expect(report.open.map(({ path, kind, hunk }) => [path, kind, hunk.ours, hunk.theirs])).toEqual([
    ['both added', 'add/add', 'ours\n', 'theirs\n'],
  ]);
  expect(kinds(report)).toMatchInlineSnapshot(`
    {
      "binary.dat": [
        "binary",
        "ours",
        "theirs",
      ],
      "deleted by them": [
        "modify/delete",
        "ours",
        "theirs",
      ],
      "deleted by us": [
        "modify/delete",
        "ours",
        "theirs",
      ],
      "file or folder~HEAD": [
        "file/directory",
        "both",
      ],
      "moved/new": [
        "directory rename suggested",
        "both",
      ],
      "other name": [
        "rename/delete",
        "ours",
        "theirs",
      ],
      "our name": [
        "rename/rename",
        "ours",
        "theirs",
        "both",
      ],
    }
  `);
  expect(git(root, 'status', '--porcelain')).toBe('');
});

test.each(['ours', 'theirs'] as const)('%s takes the paths as they are on that side', async (side) => {
  const root = everyKind();
  const { gate } = gateOf(root);
  const { openPaths } = await gate.start('topic', run());
  const both = openPaths.filter(({ choices }) => choices[0]?.choice === 'both');
  const choices = Object.fromEntries(openPaths.map(({ paths }) => [paths[0], side]));
  for (const { paths } of both) choices[paths[0] ?? ''] = 'both' as never;
  const report = await gate.resume(run({ choices: { ...choices, 'both added': side } }));
  expect(report).toMatchObject({ status: 'merged', openPaths: [] });
  const ref = side === 'ours' ? 'HEAD^1' : 'HEAD^2';
  const decided = openPaths.filter((one) => !both.includes(one)).flatMap(({ paths }) => paths);
  expect(decided.length).toBeGreaterThan(7);
  const entries = (commit: string) => git(root, 'ls-tree', '-r', commit, '--', ...decided, 'both added');
  expect(entries('HEAD')).toBe(entries(ref));
  expect(readFileSync(join(root, 'moved/new'), 'utf8')).toBe('new\n');
  expect(git(root, 'status', '--porcelain')).toBe('');
  expect(git(root, 'log', '-1', '--format=%(trailers:key=Merged-Path,valueonly)')).toContain(
    `binary.dat ${side}(binary)`,
  );
});

test('a side that is not offered, or a path that is not in conflict, is refused by name', async () => {
  const { gate } = gateOf(everyKind());
  await gate.start('topic', run());
  await expect(gate.resume(run({ choices: { nowhere: 'ours' } }))).rejects.toThrow(
    'nowhere is not in conflict; these are: both added',
  );
  await expect(gate.resume(run({ choices: { 'binary.dat': 'both' } }))).rejects.toThrow(
    'binary.dat has no choice both; it has ours, theirs',
  );
});

test('types, modes, links and submodules', async () => {
  const inner = gitRepository({ 'x.txt': 'x\n' });
  const commits = [git(inner, 'rev-parse', 'HEAD').trim()];
  for (const text of ['y', 'z']) {
    commitAll(inner, { 'x.txt': text }, text);
    commits.push(git(inner, 'rev-parse', 'HEAD').trim());
    git(inner, 'checkout', '-q', commits[0]!);
  }
  const root = gitRepository({ 'run.sh': 'x\n' });
  const link = (commit: string) => git(root, 'update-index', '--add', '--cacheinfo', `160000,${commit},sub`);
  git(root, 'config', 'user.name', 'Ada');
  git(root, 'config', 'user.email', 'ada@example.org');
  link(commits[0]!);
  git(root, 'commit', '-qm', 'sub');
  git(root, 'checkout', '-qb', 'topic');
  symlinkSync('run.sh', join(root, 'thing'));
  git(root, 'add', 'thing');
  link(commits[1]!);
  chmodSync(join(root, 'run.sh'), 0o755);
  git(root, 'add', 'run.sh');
  git(root, 'commit', '-qm', 'theirs');
  git(root, 'checkout', '-q', '-f', 'main');
  put(root, { thing: 'a file\n' });
  git(root, 'add', 'thing');
  link(commits[2]!);
  git(root, 'commit', '-qm', 'ours');
  const { gate } = gateOf(root);
  const report = await gate.start('topic', run());
  expect(kinds(report)).toMatchInlineSnapshot(`
    {
      "sub": [
        "submodule not initialized",
        "ours",
        "theirs",
      ],
      "thing": [
        "distinct modes",
        "ours",
        "theirs",
        "both",
      ],
    }
  `);
  expect(await gate.resume(run({ person: always('theirs') }))).toMatchObject({ status: 'merged' });
  expect(git(root, 'ls-tree', 'HEAD', 'sub')).toContain(commits[1]!);
  expect(lstatSync(join(root, 'thing')).isSymbolicLink()).toBe(true);
  expect(lstatSync(join(root, 'run.sh')).mode & 0o111).not.toBe(0);
  expect(existsSync(join(root, 'thing~HEAD'))).toBe(false);
});

test('a renamed file is merged under its new name', async () => {
  const root = forked(
    { 'old.txt': lines(20) },
    { 'old.txt': null, 'new.txt': lines(20, { 3: 'o' }) },
    { 'old.txt': lines(20, { 3: 't', 15: 't15' }) },
  );
  const { gate } = gateOf(root);
  const report = await gate.start('topic', run({ person: always('theirs') }));
  expect(report).toMatchObject({ status: 'merged', conflicted: ['new.txt'] });
  expect(readFileSync(join(root, 'new.txt'), 'utf8')).toBe(lines(20, { 3: 't', 15: 't15' }));
});
