import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git, gitRepository, put, tempDir } from '../support/temp.ts';
import { worktreesOf } from './made.ts';
import { stateOfWorktree } from './state.ts';

const fresh = () =>
  gitRepository({ 'a.txt': 'a\n', 'b.txt': 'b\n', '.gitignore': '.env\nbuild/\nnode_modules/\n' });

describe('what holds a worktree is named, and nothing goes without its name', () => {
  test('a commit that is nowhere else: also on no branch, amended away, reset away, on a branch of its own', async () => {
    const root = fresh();
    const { create, holds, discard } = worktreesOf(root);
    const { root: made } = await create('one', { kind: 'head' });
    const commit = (text: string): void => {
      put(made, { 'a.txt': text });
      git(made, 'commit', '-qam', text);
    };
    commit('first');
    expect(await holds('one')).toEqual({ commits: [expect.stringContaining('first')] });
    await expect(discard('one')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/commits \([0-9a-f]+ first\).*--despite commits$/),
      details: { holds: [{ kind: 'commits', names: [expect.stringContaining('first')] }] },
    });
    await expect(
      discard('one', 'changes', 'untracked', 'ignored', 'submodule', 'missing', 'process', 'locked'),
    ).rejects.toMatchObject({ code: 'conflict' });
    git(root, 'branch', 'pushed', 'tandem/one');
    expect(await holds('one')).toEqual({});
    git(root, 'branch', '-D', 'pushed');
    git(made, 'commit', '-q', '--amend', '-m', 'amended');
    git(made, 'reset', '-q', '--hard', 'HEAD~1');
    expect((await holds('one')).commits?.map((line) => line.slice(8)).sort()).toEqual(['amended', 'first']);
    git(made, 'checkout', '-q', '--detach');
    commit('detached');
    expect((await holds('one')).commits?.[0]).toContain('detached');
    git(made, 'checkout', '-q', '-b', 'mine');
    expect((await holds('one')).commits?.map((line) => line.slice(8)).sort()).toEqual(['amended', 'first']);
  });

  test('what is dirty, staged, untracked, ignored, locked, in use, of others, inside', async () => {
    const root = fresh();
    const { create, holds, discard } = worktreesOf(root);
    const { root: made } = await create('one', { kind: 'head' });
    expect(await holds('one')).toEqual({});
    put(made, {
      'a.txt': 'dirty\n',
      'b.txt': 'staged\n',
      'new.txt': '',
      'forced/build/x': '',
      '.env': 'KEY=1\n',
    });
    git(made, 'add', 'b.txt');
    git(made, 'add', '-f', 'forced/build/x');
    put(made, { 'b.txt': 'b\n' });
    git(made, 'worktree', 'unlock', '.');
    git(made, 'worktree', 'lock', '--reason', 'on a stick', '.');
    put(join(root, '.git/worktrees/one'), { 'index.lock': '' });
    git(made, 'worktree', 'add', '-q', '-b', 'within', 'within');
    const child = spawn('sleep', ['60'], { cwd: made, stdio: 'ignore' });
    await once(child, 'spawn');
    expect(await holds('one')).toEqual({
      changes: ['a.txt', 'b.txt', 'forced/build/x'],
      submodule: ['within'],
      untracked: ['new.txt'],
      ignored: ['.env'],
      locked: ['git worktree lock: on a stick', join(root, '.git/worktrees/one/index.lock')],
      process: [`${child.pid} sleep`],
      nested: [join(made, 'within')],
    });
    const all = [
      'changes',
      'untracked',
      'ignored',
      'commits',
      'submodule',
      'locked',
      'process',
      'nested',
    ] as const;
    await expect(discard('one', ...all)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^one is not discarded, because of locked.*process.*nested.*See to that first\.$/s,
      ),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(Object.keys(await holds('one'))).not.toContain('process');
    expect(existsSync(made)).toBe(true);
  });

  test('a worktree that is not ours is none, and one whose place another took is left alone', async () => {
    const root = fresh();
    const { create, discard, worktrees, holds } = worktreesOf(root);
    git(root, 'worktree', 'add', '-q', '-b', 'theirs', join(tempDir(), 'theirs'));
    await expect(discard('theirs')).rejects.toMatchObject({ code: 'not_found' });
    expect(await worktrees.list(root)).toEqual([]);
    const made = await create('one', { kind: 'head' });
    rmSync(made.root, { recursive: true });
    symlinkSync(root, made.root);
    expect(await holds('one')).toMatchObject({ foreign: [made.root], missing: [made.root] });
    await expect(discard('one', 'missing', 'foreign')).rejects.toMatchObject({ code: 'conflict' });
    expect(readdirSync(root)).toContain('a.txt');
    const two = await create('two', { kind: 'head' });
    git(root, 'worktree', 'unlock', two.root);
    git(root, 'worktree', 'move', two.root, join(tempDir(), 'moved'));
    expect(await holds('two')).toMatchObject({ foreign: [join(root, '.git/worktrees/two')] });
  });
});

describe('the trash gives back every bit', () => {
  const restored = async (dirty: (made: string, root: string) => void): Promise<void> => {
    const root = fresh();
    const { create, worktrees, restore, stateDir } = worktreesOf(root);
    const made = await create('one', { kind: 'head' });
    dirty(made.root, root);
    const before = stateOfWorktree(made);
    const { holds = [] } = (await worktrees.list(root))[0] ?? {};
    const gone = await worktrees.discard(
      { origin: root, name: 'one' },
      { despite: holds.map(({ kind }) => kind) },
    );
    expect(git(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(git(root, 'for-each-ref', '--format=%(refname)', 'refs/heads/tandem', 'refs/tandem')).toBe(
      `refs/tandem/trash/${gone.trash}\n`,
    );
    git(root, 'reflog', 'expire', '--expire=now', '--all');
    git(root, 'gc', '-q', '--prune=now');
    expect(await worktrees.discarded(root)).toMatchObject([
      { trash: gone.trash, name: 'one', worktree: { name: 'one' } },
    ]);
    await restore(gone.trash);
    expect(stateOfWorktree(made)).toEqual(before);
    git(made.root, 'fsck', '--strict');
    expect(await worktrees.discarded(root)).toEqual([]);
    expect(git(root, 'for-each-ref', '--format=%(refname)', 'refs/tandem')).toBe('refs/tandem/start/one\n');
    const again = await worktrees.discard(
      { origin: root, name: 'one' },
      { despite: holds.map(({ kind }) => kind) },
    );
    await worktrees.purge({ origin: root, trash: again.trash });
    expect(await worktrees.discarded(root)).toEqual([]);
    expect(git(root, 'for-each-ref', '--format=%(refname)', 'refs/tandem')).toBe('');
    const kept = readdirSync(join(stateDir, 'worktrees'), { recursive: true }) as string[];
    expect(
      kept.filter((path) => !/(\.lock|\.trash|\.of|\.ports)(\/|$)|^[0-9a-f]+$|lock\.\d+$/.test(path)),
    ).toEqual([]);
  };

  test('staged, changed, untracked, ignored, modes, links, empty folders, read-only folders', () =>
    restored((made) => {
      put(made, { 'a.txt': 'staged\n', 'new file\n': 'n', '.env': 'KEY=1\n', 'build/out': 'o', 'ro/x': 'x' });
      git(made, 'add', 'a.txt');
      put(made, { 'a.txt': 'more\n' });
      rmSync(join(made, 'b.txt'));
      symlinkSync('a.txt', join(made, 'link'));
      mkdirSync(join(made, 'empty'));
      chmodSync(join(made, 'ro/x'), 0o4755);
      chmodSync(join(made, 'ro'), 0o555);
    }));

  test('a conflict half resolved, a rebase half done, what a resolution can be undone to', () =>
    restored((made) => {
      for (const side of ['one', 'two']) {
        git(made, 'checkout', '-q', '-b', side, 'tandem/one');
        put(made, { 'a.txt': `${side}\n`, 'b.txt': `${side}\n` });
        git(made, 'commit', '-qam', side);
      }
      expect(() => git(made, 'rebase', 'one')).toThrow();
      put(made, { 'a.txt': 'resolved\n' });
      git(made, 'add', 'a.txt');
    }));

  test('commits on no branch, amended away, staged and unstaged again; a bisection; an autostash', () =>
    restored((made) => {
      git(made, 'checkout', '-q', '--detach');
      for (const text of ['one', 'two', 'three']) {
        put(made, { 'a.txt': text });
        git(made, 'commit', '-qam', text);
      }
      git(made, 'commit', '-q', '--amend', '-m', 'amended');
      git(made, 'bisect', 'start', 'HEAD', 'HEAD~3');
      put(made, { 'c.txt': 'staged only' });
      git(made, 'add', 'c.txt');
      rmSync(join(made, 'c.txt'));
    }));

  test('its folder removed by hand: index, commits and branch come back, and the files from them', () =>
    restored((made) => {
      put(made, { 'a.txt': 'committed\n', 'b.txt': 'staged\n' });
      git(made, 'commit', '-q', '-m', 'work', 'a.txt');
      git(made, 'add', 'b.txt');
      const pointer = readFileSync(join(made, '.git'));
      rmSync(made, { recursive: true });
      mkdirSync(made);
      writeFileSync(join(made, '.git'), pointer);
    }));
});

test('a folder removed by hand is named; restored, git brings its files back', async () => {
  const root = fresh();
  const { create, discard, restore, worktrees } = worktreesOf(root);
  const made = await create('one', { kind: 'head' });
  put(made.root, { 'b.txt': 'staged\n' });
  git(made.root, 'add', 'b.txt');
  rmSync(made.root, { recursive: true });
  expect(await worktrees.list(root)).toMatchObject([
    { present: false, holds: [{ kind: 'changes' }, { kind: 'missing', names: [made.root] }] },
  ]);
  await expect(worktrees.diff({ origin: root, name: 'one' })).rejects.toMatchObject({ code: 'not_found' });
  const { trash } = await discard('one', 'missing', 'changes');
  git(root, 'gc', '-q', '--prune=now');
  await restore(trash);
  git(made.root, 'checkout', '-q', '--', '.');
  expect(readFileSync(join(made.root, 'b.txt'), 'utf8')).toBe('staged\n');
});

test('trees that git has made of what is staged stay too: the repository can be packed after a restore', async () => {
  const root = fresh();
  const { create, discard, restore } = worktreesOf(root);
  const made = await create('one', { kind: 'head' });
  put(made.root, { 'dir/new.txt': 'staged\n' });
  git(made.root, 'add', '-A');
  const tree = git(made.root, 'write-tree').trim();
  const { trash } = await discard('one', 'changes');
  git(root, 'gc', '-q', '--prune=now');
  await restore(trash);
  git(root, 'gc', '-q', '--prune=now');
  expect(git(made.root, 'write-tree').trim()).toBe(tree);
  expect(git(root, 'fsck', '--full', '--no-dangling')).toBe('');
});

test('nothing is put over what is there now; a branch that moved stays, and HEAD keeps its commit', async () => {
  const root = fresh();
  const { create, discard, restore, worktrees } = worktreesOf(root);
  const made = await create('one', { kind: 'head' });
  git(made.root, 'checkout', '-q', '-b', 'mine');
  put(made.root, { 'a.txt': 'work\n' });
  git(made.root, 'commit', '-qam', 'work');
  const tip = git(made.root, 'rev-parse', 'HEAD').trim();
  const { trash } = await discard('one');
  await expect(restore('20260101000000-ffffff')).rejects.toMatchObject({ code: 'not_found' });
  const other = await create('one', { kind: 'head' });
  await expect(restore(trash)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(other.root),
  });
  const { trash: second } = await discard('one');
  git(root, 'branch', 'tandem/one', tip);
  await expect(restore(trash)).rejects.toMatchObject({
    message: expect.stringContaining('branch tandem/one'),
  });
  git(root, 'branch', '-D', 'tandem/one');
  git(root, 'branch', '-f', 'mine', 'main');
  await restore(trash);
  expect(git(made.root, 'rev-parse', 'HEAD', '--abbrev-ref', 'HEAD').trim().split('\n')).toEqual([
    tip,
    'HEAD',
  ]);
  expect(git(root, 'rev-parse', 'mine')).toBe(git(root, 'rev-parse', 'main'));
  expect((await worktrees.discarded(root)).map(({ trash: id }) => id)).toEqual([second]);
});

test('a trash on another file system than the repository gets a compared copy', async () => {
  if (!existsSync('/dev/shm')) return;
  const root = fresh();
  const stateDir = join('/dev/shm', `tandem-test-${process.pid}`);
  try {
    const { create, discard, restore } = worktreesOf(root, stateDir);
    const made = await create('one', { kind: 'head' });
    put(made.root, { 'a.txt': 'dirty\n' });
    const before = stateOfWorktree(made);
    await restore((await discard('one', 'changes')).trash);
    expect(stateOfWorktree(made)).toEqual(before);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
  void renameSync;
});
