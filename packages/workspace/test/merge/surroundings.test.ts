import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, put, tempDir } from '../support/temp.ts';
import { always, commitAll, forked, gateOf, lines, run } from './support.ts';

const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');
const hook = (root: string, name: string, text: string): void => {
  const file = join(root, '.git/hooks', name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
};
const simple = () => forked({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' }, { 'c.txt': 'c\n' });
const twoSides = () =>
  forked(
    { 'a.txt': lines(9) },
    { 'a.txt': lines(9, { 5: 'o' }) },
    { 'a.txt': lines(9, { 5: 't' }), 'c.txt': 'c\n' },
  );

test("the repository's hooks see the merge in its scratch, may refuse it, and may change message and files", async () => {
  const root = simple();
  const log = join(root, '.git/log');
  hook(
    root,
    'pre-merge-commit',
    `git diff --cached --name-only >> '${log}'; pwd >> '${log}'; cat c.txt >> '${log}'; test ! -f refuse`,
  );
  put(root, { '.git/info/exclude': 'refuse\n', refuse: '' });
  const { gate } = gateOf(root);
  const head = git(root, 'rev-parse', 'HEAD');
  const refused = await gate.start('topic', run());
  expect(refused).toMatchObject({
    status: 'hook_failed',
    commit: null,
    notes: [expect.stringContaining('the hook pre-merge-commit refused')],
  });
  expect([git(root, 'rev-parse', 'HEAD'), existsSync(join(root, 'c.txt'))]).toEqual([head, false]);
  const [changed, where, text] = readFileSync(log, 'utf8').split('\n');
  expect([changed, where === root, text]).toEqual(['c.txt', false, 'c']);

  hook(root, 'pre-merge-commit', 'echo added > d.txt; git add d.txt');
  hook(root, 'commit-msg', 'echo "Ticket: 7" >> "$1"');
  hook(root, 'post-merge', `echo "after $1" >> '${log}'`);
  expect(await gate.resume(run())).toMatchObject({
    status: 'merged',
    notes: ['a hook changed what is committed'],
  });
  expect(git(root, 'log', '-1', '--format=%B')).toContain('Ticket: 7');
  expect([
    read(root, 'd.txt'),
    read(root, '.git/log').endsWith('after 0\n'),
    git(root, 'status', '--porcelain'),
  ]).toEqual(['added\n', true, '']);
});

test('what rerere remembers is used and said, and what is settled here it remembers', async () => {
  const root = twoSides();
  git(root, 'config', 'rerere.enabled', 'true');
  const { gate } = gateOf(root);
  expect(await gate.start('topic', run({ person: always('theirs') }))).toMatchObject({
    settled: [{ how: 'person' }],
  });
  git(root, 'reset', '-q', '--hard', 'HEAD^1');
  const again = await gate.start('topic', run());
  expect(again).toMatchObject({
    status: 'merged',
    settled: [{ path: 'a.txt', how: 'rerere', by: 'rr-cache' }],
  });
  expect(read(root, 'a.txt')).toBe(lines(9, { 5: 't' }));
  git(root, 'reset', '-q', '--hard', 'HEAD^1');
  expect(() => git(root, 'merge', '-q', 'topic')).toThrow();
  expect(read(root, 'a.txt')).toBe(lines(9, { 5: 't' }));
});

test('without rerere nothing is remembered', async () => {
  const root = twoSides();
  await gateOf(root).gate.start('topic', run({ person: always('theirs') }));
  expect(existsSync(join(root, '.git/rr-cache'))).toBe(false);
});

test('line ends and filters of the person are those of a checkout; what is committed is not', async () => {
  const root = twoSides();
  git(root, 'config', 'core.autocrlf', 'true');
  git(root, 'config', 'filter.shout.smudge', 'tr a-z A-Z');
  git(root, 'config', 'filter.shout.clean', 'tr A-Z a-z');
  git(root, 'config', 'rerere.enabled', 'true');
  commitAll(root, { '.gitattributes': 'c.txt filter=shout\n' }, 'attributes');
  const { gate } = gateOf(root);
  expect(await gate.start('topic', run({ person: always('theirs') }))).toMatchObject({ status: 'merged' });
  expect(read(root, 'a.txt')).toBe(lines(9, { 5: 't' }).replaceAll('\n', '\r\n'));
  expect(read(root, 'c.txt')).toBe('C\r\n');
  expect(git(root, 'show', 'HEAD:a.txt')).toBe(lines(9, { 5: 't' }));
  expect(git(root, 'show', 'HEAD:c.txt')).toBe('c\n');
  expect(git(root, 'status', '--porcelain')).toBe('');
});

test('bytes that are no UTF-8 come out as they went in', async () => {
  const root = twoSides();
  const bytes = Buffer.concat([Buffer.from(lines(9, { 5: 't' })), Buffer.from([0xe9, 0xff, 0x0a])]);
  git(root, 'checkout', '-q', 'topic');
  writeFileSync(join(root, 'a.txt'), bytes);
  git(root, 'commit', '-qam', 'latin');
  git(root, 'checkout', '-q', 'main');
  await gateOf(root).gate.start('topic', run({ person: always('theirs') }));
  expect(readFileSync(join(root, 'a.txt'))).toEqual(bytes);
});

test('a linked worktree merges on its own branch', async () => {
  const root = twoSides();
  const linked = join(tempDir(), 'linked');
  git(root, 'worktree', 'add', '-q', '-b', 'other', linked, 'main');
  hook(root, 'commit-msg', 'echo "Seen: yes" >> "$1"');
  const report = await gateOf(linked).gate.start('topic', run({ person: always('ours') }));
  expect(report).toMatchObject({ status: 'merged', into: { name: 'other' } });
  expect(git(linked, 'log', '-1', '--format=%B')).toContain('Seen: yes');
  expect([read(linked, 'c.txt'), git(linked, 'status', '--porcelain')]).toEqual(['c\n', '']);
  expect([existsSync(join(root, 'c.txt')), git(root, 'status', '--porcelain')]).toEqual([false, '']);
});

test('a detached HEAD is moved alone', async () => {
  const root = twoSides();
  const main = git(root, 'rev-parse', 'main');
  git(root, 'checkout', '-q', '--detach');
  expect(await gateOf(root).gate.start('topic', run({ person: always('ours') }))).toMatchObject({
    status: 'merged',
  });
  expect([git(root, 'rev-parse', 'main'), git(root, 'rev-parse', 'HEAD^1')]).toEqual([main, main]);
});

test('a sparse checkout stays sparse', async () => {
  const root = forked(
    { 'in/a.txt': 'a\n', 'out/b.txt': 'b\n' },
    { 'in/o.txt': 'o\n' },
    { 'out/b.txt': 'theirs\n', 'out/new.txt': 'n\n', 'in/t.txt': 't\n' },
  );
  git(root, 'sparse-checkout', 'set', '--cone', 'in');
  expect(existsSync(join(root, 'out'))).toBe(false);
  expect(await gateOf(root).gate.start('topic', run())).toMatchObject({ status: 'merged' });
  expect([
    existsSync(join(root, 'out')),
    existsSync(join(root, 'in/t.txt')),
    git(root, 'status', '--porcelain'),
  ]).toEqual([false, true, '']);
  expect(git(root, 'show', 'HEAD:out/b.txt')).toBe('theirs\n');
});

test('a conflict outside of a sparse checkout is settled without bringing the file', async () => {
  const root = forked(
    { 'in/a.txt': 'a\n', 'out/b.txt': lines(9) },
    { 'out/b.txt': lines(9, { 5: 'o' }) },
    { 'out/b.txt': lines(9, { 5: 't' }) },
  );
  git(root, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'in');
  git(root, 'config', 'rerere.enabled', 'true');
  hook(root, 'pre-merge-commit', 'test -f out/b.txt');
  const report = await gateOf(root).gate.start('topic', run({ choices: { 'out/b.txt': 'theirs' } }));
  expect(report).toMatchObject({ status: 'merged', settled: [{ path: 'out/b.txt', by: 'theirs' }] });
  expect([
    git(root, 'show', 'HEAD:out/b.txt'),
    existsSync(join(root, 'out')),
    git(root, 'status', '--porcelain'),
  ]).toEqual([lines(9, { 5: 't' }), false, '']);
});

test('inside a submodule it is the submodule that is merged', async () => {
  const inner = twoSides();
  const root = forked({ 'a.txt': 'a\n' }, {}, {});
  git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub');
  git(root, 'commit', '-qm', 'sub');
  const sub = join(root, 'sub');
  git(sub, 'config', 'rerere.enabled', 'true');
  git(sub, 'config', 'user.name', 'Ada');
  git(sub, 'config', 'user.email', 'ada@example.org');
  const report = await gateOf(sub).gate.start('origin/topic', run({ person: always('theirs') }));
  expect(report).toMatchObject({ status: 'merged', changed: 2 });
  expect([git(sub, 'log', '-1', '--format=%s'), git(sub, 'status', '--porcelain')]).toEqual([
    "Merge remote-tracking branch 'origin/topic'\n",
    '',
  ]);
  expect(git(root, 'status', '--porcelain')).toBe(' M sub\n');
});

test('names that could be taken for something else are only names', async () => {
  const names = [
    '-dash.txt',
    'new\nMerged-Hunk: forged',
    'ü \u001b[31m.txt',
    '* ?.txt',
    ':(top)x',
    '"quoted"',
    'a,b.txt',
  ];
  const side = (text: string) => Object.fromEntries(names.map((name) => [name, lines(9, { 5: text })]));
  const root = forked(side('base'), side('ours'), side('theirs'));
  const { gate } = gateOf(root);
  const report = await gate.start('topic', run());
  expect(report.open.map(({ path }) => path).toSorted()).toEqual(names.toSorted());
  expect(report.files.every(({ file }) => /^[\w./-]+$/.test(file))).toBe(true);
  const choices = Object.fromEntries(names.map((name) => [name, 'theirs'] as const));
  expect(await gate.resume(run({ choices }))).toMatchObject({ status: 'merged' });
  for (const name of names) expect(read(root, name)).toBe(lines(9, { 5: 'theirs' }));
  const trailers = git(root, 'log', '-1', '--format=%(trailers:key=Merged-Hunk,valueonly)')
    .trim()
    .split('\n');
  expect([trailers.length, trailers.includes('forged')]).toEqual([names.length, false]);
});

test('a merge driver that somebody else set up is asked as git would; where it fails, a person decides', async () => {
  const root = twoSides();
  put(root, { '.git/info/attributes': 'a.txt merge=own\n' });
  git(root, 'config', 'merge.own.driver', 'cp %B %A');
  expect(await gateOf(root).gate.start('topic', run())).toMatchObject({ status: 'merged', conflicted: [] });
  expect(read(root, 'a.txt')).toBe(lines(9, { 5: 't' }));
  git(root, 'reset', '-q', '--hard', 'HEAD^1');
  git(root, 'config', 'merge.own.driver', 'false');
  const report = await gateOf(root).gate.start('topic', run());
  expect(report.openPaths).toMatchObject([{ kind: 'merge=own', paths: ['a.txt'] }]);
});

test('our own driver is no reason to lose track of what was settled how', async () => {
  const root = twoSides();
  put(root, { '.git/info/attributes': '*.txt merge=tandem\n' });
  git(root, 'config', 'merge.tandem.driver', 'cp %B %A');
  expect(await gateOf(root).gate.start('topic', run())).toMatchObject({
    status: 'open',
    open: [{ path: 'a.txt' }],
  });
});
