import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, put } from '../support/temp.ts';
import { always, forked, gateOf, lines, run } from './support.ts';

const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');
const conflicting = () =>
  forked(
    { 'a.txt': lines(9), 'b.txt': 'b\n' },
    { 'a.txt': lines(9, { 2: 'ours 2', 8: 'ours 8' }) },
    { 'a.txt': lines(9, { 2: 'theirs 2' }), 'b.txt': 'theirs\n', 'new.txt': 'new\n' },
  );

test('a merge without conflicts is a commit of its own with two parents, and only its files change', async () => {
  const root = forked(
    { 'a.txt': lines(9), 'mine.txt': '1\n' },
    { 'a.txt': lines(9, { 1: 'o' }) },
    { 'a.txt': lines(9, { 9: 't' }) },
  );
  put(root, { 'mine.txt': 'not committed\n', 'untracked.txt': 'mine\n' });
  git(root, 'add', 'mine.txt');
  put(root, { 'mine.txt': 'changed again\n' });
  const { gate } = gateOf(root);
  const report = await gate.start('topic', run());
  expect(report).toMatchObject({ status: 'merged', changed: 1, conflicted: [], dropped: [] });
  expect(git(root, 'log', '-1', '--format=%P%n%B')).toBe(
    `${git(root, 'rev-parse', 'HEAD^1', 'topic').trim().replace('\n', ' ')}\nMerge branch 'topic'\n\nMerge-Verify: none\n\n`,
  );
  expect(git(root, 'rev-parse', 'HEAD').trim()).toBe(report.commit);
  expect(read(root, 'a.txt')).toBe(lines(9, { 1: 'o', 9: 't' }));
  expect(git(root, 'status', '--porcelain')).toBe('MM mine.txt\n?? untracked.txt\n');
  expect(read(root, 'mine.txt')).toBe('changed again\n');
});

test('what nobody decides is kept beside the tree, goes on when its file is edited, and the commit says who', async () => {
  const root = conflicting();
  const { gate } = gateOf(root);
  const before = [git(root, 'status', '--porcelain'), git(root, 'rev-parse', 'HEAD')];
  const report = await gate.start('topic', run());
  expect(report).toMatchObject({ status: 'open', open: [{ path: 'a.txt', line: 2 }], openPaths: [] });
  expect([git(root, 'status', '--porcelain'), git(root, 'rev-parse', 'HEAD')]).toEqual(before);
  await expect(gate.start('topic', run())).rejects.toThrow('tandem merge --continue ends it');
  const { file } = report.files[0]!;
  expect(readFileSync(file, 'utf8')).toContain(
    '<<<<<<< main\nours 2\n||||||| base\nline 2\n=======\ntheirs 2\n>>>>>>> topic\n',
  );
  expect(await gate.resume(run())).toMatchObject({ status: 'open' });
  writeFileSync(file, lines(9, { 2: 'both 2', 8: 'ours 8' }));
  const done = await gate.resume(run());
  expect(done).toMatchObject({
    status: 'merged',
    settled: [{ path: 'a.txt', how: 'person', by: 'edited' }],
    dropped: [
      { path: 'a.txt', side: 'ours', line: 2, text: 'ours 2' },
      { path: 'a.txt', side: 'theirs', line: 2, text: 'theirs 2' },
    ],
  });
  expect(git(root, 'log', '-1', '--format=%(trailers:only)')).toBe(
    [
      'Merged-Hunk: a.txt:1 person(edited)',
      'Dropped-Line: ours a.txt:2 ours 2',
      'Dropped-Line: theirs a.txt:2 theirs 2',
      'Merge-Verify: none',
      '\n',
    ].join('\n'),
  );
  expect(read(root, 'a.txt')).toBe(lines(9, { 2: 'both 2', 8: 'ours 8' }));
  expect([read(root, 'b.txt'), read(root, 'new.txt'), git(root, 'status', '--porcelain')]).toEqual([
    'theirs\n',
    'new\n',
    '',
  ]);
  await expect(gate.resume(run())).rejects.toThrow('No merge of tandem is open here');
});

test('a file edited in part stays as it was edited', async () => {
  const root = forked(
    { 'a.txt': lines(20) },
    { 'a.txt': lines(20, { 2: 'o2', 18: 'o18' }) },
    { 'a.txt': lines(20, { 2: 't2', 18: 't18' }) },
  );
  const { gate } = gateOf(root);
  const { files } = await gate.start('topic', run());
  const file = files[0]!.file;
  const half = readFileSync(file, 'utf8')
    .replace(/<{7}[\s\S]*?>{7} topic\n/, 'mine\n')
    .replace('line 10', 'also mine');
  writeFileSync(file, half);
  expect(await gate.resume(run())).toMatchObject({
    status: 'open',
    open: [{ hunk: { ours: 'o18\n', theirs: 't18\n' } }],
  });
  expect(readFileSync(file, 'utf8')).toBe(half);
  expect(await gate.resume(run({ person: always('theirs') }))).toMatchObject({ status: 'merged' });
  expect(read(root, 'a.txt')).toBe(lines(20, { 2: 'mine', 10: 'also mine', 18: 't18' }));
});

test('who quits or aborts finds everything as it was', async () => {
  const root = conflicting();
  put(root, { 'mine.txt': 'mine\n' });
  const { gate, state } = gateOf(root);
  const all = () => [
    git(root, 'status', '--porcelain'),
    git(root, 'for-each-ref'),
    git(root, 'rev-parse', 'HEAD'),
    read(root, 'a.txt'),
  ];
  const before = all();
  expect(await gate.start('topic', run({ person: async () => null }))).toMatchObject({ status: 'abandoned' });
  expect(all()).toEqual(before);
  await gate.start('topic', run());
  expect(await gate.abandon()).toMatchObject({ status: 'abandoned' });
  expect(all()).toEqual(before);
  await expect(gate.abandon()).rejects.toThrow('No merge of tandem is open');
  const { files } = await gate.start('topic', run());
  writeFileSync(files[0]!.file, `${readFileSync(files[0]!.file, 'utf8')}edited\n`);
  expect(await gate.resume(run({ person: async () => null }))).toMatchObject({ status: 'open' });
  expect(readFileSync(files[0]!.file, 'utf8')).toContain('edited\n');
  await gate.abandon();
  expect(existsSync(join(state, 'merges'))).toBe(true);
  expect(await gate.start('topic', run({ person: always('ours') }))).toMatchObject({ status: 'merged' });
});

test('verify runs on the merge in a scratch; when it fails nothing is committed and the merge stays open', async () => {
  const root = forked({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' }, { 'c.txt': 'c\n' });
  put(root, { 'a.txt': 'dirty\n' });
  const { gate } = gateOf(root);
  const head = git(root, 'rev-parse', 'HEAD');
  const verify = (command: string) => ({ verify: { command, timeoutMs: 60_000 } });
  const failed = await gate.start('topic', run(verify('cat a.txt b.txt c.txt; touch left; exit 3')));
  expect(failed).toMatchObject({
    status: 'verify_failed',
    verify: { exit: 3, output: 'a\nb\nc\n' },
    commit: null,
  });
  expect([git(root, 'rev-parse', 'HEAD'), existsSync(join(root, 'left'))]).toEqual([head, false]);
  const done = await gate.resume(run(verify('test -f c.txt')));
  expect(done).toMatchObject({ status: 'merged', verify: { command: 'test -f c.txt', exit: 0 } });
  expect(git(root, 'log', '-1', '--format=%(trailers:key=Merge-Verify,valueonly)').trim()).toBe(
    'passed: test -f c.txt',
  );
  expect(read(root, 'a.txt')).toBe('dirty\n');
});

test('what is merged already is said so', async () => {
  const root = forked({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' }, { 'c.txt': 'c\n' });
  const { gate } = gateOf(root);
  await gate.start('topic', run());
  expect(await gate.start('topic', run())).toMatchObject({ status: 'up_to_date', commit: null });
});

test('a text that no longer parses is said once, and taken when a person goes on', async () => {
  const root = forked(
    { 'a.txt': lines(3) },
    { 'a.txt': lines(3, { 2: 'does not' }) },
    { 'a.txt': lines(3, { 2: 'parse' }) },
  );
  const { gate } = gateOf(root);
  const report = await gate.start('topic', run());
  writeFileSync(report.files[0]!.file, 'this does not parse\n');
  const told = await gate.resume(run());
  expect(told).toMatchObject({
    status: 'open',
    open: [],
    notes: ['a.txt does not parse as merged: line 1: unexpected text'],
  });
  expect(await gate.resume(run())).toMatchObject({ status: 'merged', notes: told.notes });
});
