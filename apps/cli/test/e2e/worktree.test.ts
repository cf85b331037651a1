import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Outcome } from '../../../../test/support/watch-child.ts';
import { Machine } from './tandem.ts';

const git = (cwd: string, ...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words], { cwd, encoding: 'utf8' });

const machineWith = (files: Readonly<Record<string, string>>): Machine => {
  const machine = new Machine();
  git(machine.workspace, 'init', '-q', '-b', 'main');
  git(machine.workspace, 'config', 'user.name', 't');
  git(machine.workspace, 'config', 'user.email', 't@t');
  for (const [path, text] of Object.entries(files)) machine.write(path, text);
  git(machine.workspace, 'add', '-A');
  git(machine.workspace, 'commit', '-qm', 'first');
  return machine;
};

/** What differs from place to place and from run to run. */
const steady = ({ code, out, err }: Outcome): Outcome => {
  const masked = (text: string): string =>
    text
      .replace(/\b2\d{4}-2\d{4}\b|\b3\d{4}-3\d{4}\b/g, '<the ports>')
      .replace(/\/worktrees\/[0-9a-f]{8}\//g, '/worktrees/<id>/')
      .replace(/\b\d{14}-[0-9a-f]{6}\b/g, '<trash id>')
      .replace(/\b[0-9a-f]{7,10} (?=(on tandem|work))/g, '<commit> ')
      .replace(/commit [0-9a-f]{10}/g, 'commit <commit>');
  return { code, out: masked(out), err: masked(err) };
};

test('a worktree is made, listed, refused to go, merged, discarded, restored, purged', async () => {
  const machine = machineWith({ 'a.txt': 'a\n', 'b.txt': 'b\n', '.gitignore': '.env\n' });
  const run = async (...words: string[]) => steady(await machine.run(['worktree', ...words]));
  expect(await run()).toEqual({
    code: 0,
    out: '',
    err: 'No worktrees here. The first one: tandem worktree new\n',
  });
  machine.write('a.txt', 'dirty\n');
  const made = await machine.run(['worktree', 'new', 'fix-login']);
  const root = made.out.trim();
  expect([made.code, readFileSync(join(root, 'a.txt'), 'utf8')]).toEqual([0, 'dirty\n']);
  machine.expectGolden('worktree-new', steady(made));
  await machine.run(['worktree', 'new', 'second', '--from', 'HEAD']);
  writeFileSync(join(root, 'b.txt'), 'mine\n');
  writeFileSync(join(root, 'new.txt'), 'one\ntwo\n');
  writeFileSync(join(root, '.env'), 'KEY=1\n');
  git(root, 'commit', '-qm', 'work of mine', 'b.txt');
  const list = async (columns: number) =>
    steady(await machine.run(['worktree', 'list'], { env: { COLUMNS: String(columns) } }));
  machine.expectGolden('worktree-list-80', await list(80));
  machine.expectGolden('worktree-list-40', await list(40));
  const listed = JSON.parse((await machine.run(['worktree', 'list', '--json'])).out);
  expect(listed[0]).toMatchObject({
    name: 'fix-login',
    root,
    commits: 1,
    holds: [{ kind: 'commits' }, { kind: 'untracked' }, { kind: 'ignored' }],
  });
  machine.expectGolden(
    'worktree-discard-refused',
    await run('discard', 'fix-login', '--despite', 'untracked'),
  );
  expect(await run('discard', 'fix-login', '--despite', 'locked')).toMatchObject({ code: 2 });
  expect((await run('diff', 'fix-login')).out).toContain('+++ b/new.txt');

  expect(await run('merge', 'fix-login')).toEqual({
    code: 0,
    out: 'b.txt\nnew.txt\n',
    err: '2 files of fix-login brought in; the worktree stays\n',
  });
  expect([machine.read('b.txt'), machine.read('new.txt'), machine.read('a.txt')]).toEqual([
    'mine\n',
    'one\ntwo\n',
    'dirty\n',
  ]);

  const gone = await machine.run([
    'worktree',
    'discard',
    'fix-login',
    '--despite',
    'commits,untracked',
    '--despite',
    'ignored',
  ]);
  expect([gone.code, existsSync(root)]).toEqual([0, false]);
  machine.expectGolden('worktree-trash', await run('trash'));
  expect((await machine.run(['worktree', 'restore', gone.out.trim()])).out).toBe(`${root}\n`);
  expect(readFileSync(join(root, '.env'), 'utf8')).toBe('KEY=1\n');
  const again = await machine.run([
    'worktree',
    'discard',
    'fix-login',
    '--despite',
    'commits,untracked,ignored',
  ]);
  expect(await machine.run(['worktree', 'purge', again.out.trim()])).toMatchObject({ code: 0 });
  expect((await run('trash')).out).toBe('');
});

test('what changed here meanwhile goes through the merge gate', async () => {
  const machine = machineWith({ 'a.txt': 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n' });
  const root = (await machine.run(['worktree', 'new', 'side', '--from', 'HEAD'])).out.trim();
  writeFileSync(join(root, 'a.txt'), 'ONE\ntwo\nthree\nfour\nfive\nsix\nseven\n');
  machine.write('a.txt', 'one\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n');
  git(machine.workspace, 'commit', '-qam', 'meanwhile');
  const merged = await machine.run(['worktree', 'merge', 'side']);
  expect([merged.code, machine.read('a.txt')]).toEqual([0, 'ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n']);
  expect(git(machine.workspace, 'log', '--format=%s', 'tandem/side', '-1')).toBe('Work of side\n');
});

test('words that mean nothing, a name that is none, no repository', async () => {
  const machine = machineWith({ 'a.txt': '' });
  for (const [words, code, said] of [
    [['nothing'], 2, 'worktree knows list'],
    [['merge'], 2, 'needs the name'],
    [['discard', 'none'], 1, 'There is no worktree none here'],
    [['restore', 'none'], 1, 'There is nothing called none in the trash'],
    [['new', 'a/b'], 2, 'is no name for a worktree'],
  ] as const)
    expect(await machine.run(['worktree', ...words])).toMatchObject({
      code,
      err: expect.stringContaining(said),
    });
  rmSync(join(machine.workspace, '.git'), { recursive: true });
  expect(await machine.run(['worktree'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('git init'),
  });
});
