import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createWorktrees, openWorkspace } from '../../src/index.ts';
import { git, gitRepository, never, put, tempDir } from '../support/temp.ts';
import { read, statusOf, worktreesOf } from './made.ts';

const branches = (root: string): string => git(root, 'for-each-ref', '--format=%(refname)');

describe('a mirror is what the origin is', () => {
  test('staged, unstaged, untracked, removed, modes, links, intent to add, hidden changes, odd names', async () => {
    const files = [
      'a.txt',
      'b.txt',
      'gone.txt',
      'run.sh',
      'hidden.txt',
      'skipped.txt',
      'Case.txt',
      'dir/deep.txt',
    ];
    const root = gitRepository(Object.fromEntries(files.map((name) => [name, `${name}\n`])));
    put(root, { 'a.txt': 'staged\n', 'new file\n.txt': 'n\n', 'ita.txt': 'i\n', 'sub dir/ö.txt': 'u\n' });
    git(root, 'add', 'a.txt');
    git(root, 'add', '-N', 'ita.txt');
    git(root, 'mv', 'Case.txt', 'case.txt');
    git(root, 'update-index', '--assume-unchanged', 'hidden.txt');
    git(root, 'update-index', '--skip-worktree', 'skipped.txt');
    put(root, { 'a.txt': 'staged and more\n', 'hidden.txt': 'changed\n', 'skipped.txt': 'changed\n' });
    rmSync(join(root, 'gone.txt'));
    chmodSync(join(root, 'run.sh'), 0o755);
    symlinkSync('a.txt', join(root, 'link'));
    symlinkSync('nowhere', join(root, 'dangling'));
    const before = statusOf(root);
    const { create, holds, diff, worktrees } = worktreesOf(root);
    const made = await create('one');
    expect(statusOf(made.root)).toEqual(before);
    expect(statusOf(root)).toEqual(before);
    expect(readlinkSync(join(made.root, 'link'))).toBe('a.txt');
    expect(await holds('one')).toEqual({});
    expect((await diff('one')).diff).toBe('');
    expect(git(root, 'show', `${made.start}:hidden.txt`)).toBe('changed\n');
    expect(await worktrees.list(root)).toEqual([
      { ...made, present: true, files: [], commits: 0, holds: [] },
    ]);
    put(made.root, { 'hidden.txt': 'mine\n', 'skipped.txt': 'mine\n' });
    expect((await diff('one')).files.map(({ path }) => path)).toEqual(['hidden.txt', 'skipped.txt']);
  });

  test('a folder that became a link: what only seems to be behind it stays where it is', async () => {
    const root = gitRepository({ 'a/b.txt': 'tracked\n', 'c.txt': '' });
    const elsewhere = tempDir();
    put(elsewhere, { 'b.txt': 'secret\n' });
    rmSync(join(root, 'a'), { recursive: true });
    symlinkSync(elsewhere, join(root, 'a'));
    const made = await worktreesOf(root).create('one');
    expect(readlinkSync(join(made.root, 'a'))).toBe(elsewhere);
    expect(statusOf(made.root)).toEqual(statusOf(root));
  });

  test('asked for through a link to the workspace, from a folder in it, from another worktree, on no branch', async () => {
    const root = gitRepository({ 'in/a.txt': 'a\n' });
    put(root, { 'in/new.txt': 'n\n' });
    git(root, 'checkout', '-q', '--detach');
    const link = join(tempDir(), 'link');
    symlinkSync(join(root, 'in'), link);
    const { create, stateDir } = worktreesOf(link);
    const first = await create('first');
    expect([first.origin, read(first.root, 'in/new.txt')]).toEqual([root, 'n\n']);
    const second = await worktreesOf(first.root, stateDir).create('second');
    expect([second.origin, read(second.root, 'in/new.txt')]).toEqual([first.root, 'n\n']);
  });

  test('a conflict, a bare repository, no commit, no repository and bad names are refused, and leave nothing', async () => {
    const root = gitRepository({ 'a.txt': 'a\n' });
    git(root, 'checkout', '-q', '-b', 'side');
    put(root, { 'a.txt': 'side\n' });
    git(root, 'commit', '-qam', 'side');
    git(root, 'checkout', '-q', 'main');
    put(root, { 'a.txt': 'main\n' });
    git(root, 'commit', '-qam', 'main');
    expect(() => git(root, 'merge', 'side')).toThrow();
    const before = branches(root);
    const { create, worktrees, stateDir } = worktreesOf(root);
    await expect(create('one')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('a.txt'),
    });
    await expect(create('one', { kind: 'ref', ref: 'nope' })).rejects.toMatchObject({ code: 'usage' });
    await expect(create('../one')).rejects.toMatchObject({ code: 'usage' });
    expect([branches(root), await worktrees.list(root)]).toEqual([before, []]);
    expect(git(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
    const empty = tempDir();
    git(empty, 'init', '-q');
    for (const [origin, said] of [
      [empty, 'no commit yet'],
      [tempDir(), 'in no git repository'],
      [join(root, '.git'), "git's own folder"],
      [join(root, 'nothere'), 'is not there'],
    ] as const)
      await expect(worktreesOf(origin, stateDir).create('x')).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining(said),
      });
    const bare = join(tempDir(), 'bare');
    git(root, 'clone', '-q', '--bare', root, bare);
    await expect(worktreesOf(bare, stateDir).create('x')).rejects.toMatchObject({ code: 'usage' });
    const made = await worktreesOf(bare, stateDir).create('x', { kind: 'ref', ref: 'side' });
    expect(read(made.root, 'a.txt')).toBe('side\n');
  });

  test('a name that is taken; names of its own; a signal that was given', async () => {
    const root = gitRepository({ 'a.txt': 'a\n' });
    git(root, 'branch', 'tandem/taken');
    const { create, worktrees } = worktreesOf(root);
    await expect(create('taken')).rejects.toMatchObject({ code: 'conflict' });
    const made = await Promise.all(
      [1, 2].map(() => worktrees.create({ origin: root, start: { kind: 'head' } }, { signal: never() })),
    );
    expect(made.map(({ name }) => name).sort()).toEqual(['work-1', 'work-2']);
    expect(new Set(made.map(({ ports }) => ports.first)).size).toBe(2);
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(worktrees.create({ origin: root, start: { kind: 'head' } }, { signal })).rejects.toThrow(
      'stopped',
    );
    expect(branches(root)).not.toContain('work-3');
  });
});

describe('from a commit', () => {
  test('HEAD or a ref, whatever is dirty in the origin', async () => {
    const root = gitRepository({ 'a.txt': 'one\n' });
    git(root, 'tag', 'v1');
    put(root, { 'a.txt': 'two\n' });
    git(root, 'commit', '-qam', 'two');
    put(root, { 'a.txt': 'dirty\n', 'new.txt': '' });
    const { create } = worktreesOf(root);
    const head = await create('head', { kind: 'head' });
    const tag = await create('tag', { kind: 'ref', ref: 'v1' });
    expect([read(head.root, 'a.txt'), read(tag.root, 'a.txt')]).toEqual(['two\n', 'one\n']);
    expect([head.start, tag.start]).toEqual(git(root, 'rev-parse', 'HEAD', 'v1').trim().split('\n'));
    expect([git(head.root, 'status', '--porcelain'), git(tag.root, 'status', '--porcelain')]).toEqual([
      '',
      '',
    ]);
    expect(git(head.root, 'rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe('tandem/head');
  });

  test('nothing of the repository runs: no hook, filter, monitor; work is seen, landed and discarded all the same', async () => {
    const root = gitRepository({ 'a.txt': 'a\n', 'b.bin': 'b\n' });
    const mark = join(tempDir(), 'ran');
    const script = join(root, '.git/run.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\ncat\n`, { mode: 0o755 });
    for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-commit']) {
      mkdirSync(join(root, '.git/hooks'), { recursive: true });
      writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    }
    put(root, { '.gitattributes': '* filter=evil diff=evil\n' });
    git(root, '-c', 'core.hooksPath=/dev/null', 'add', '-A');
    git(root, '-c', 'core.hooksPath=/dev/null', 'commit', '-qm', 'attributes');
    for (const key of [
      'filter.evil.clean',
      'filter.evil.smudge',
      'diff.evil.textconv',
      'core.fsmonitor',
      'diff.external',
    ])
      git(root, '-c', 'core.hooksPath=/dev/null', 'config', key, script);
    const { create, discard, restore, land, holds } = worktreesOf(root);
    for (const kind of ['head', 'mirror'] as const) {
      const made = await create(kind, { kind });
      expect(await holds(kind)).toEqual({});
      put(made.root, { 'a.txt': `${kind}\n`, [kind]: 'new\n' });
      expect(await holds(kind)).toEqual({ changes: ['a.txt'], untracked: [kind] });
      await land(kind);
      await restore((await discard(kind, 'changes', 'untracked')).trash);
      put(root, { 'a.txt': 'a\n' });
    }
    expect(existsSync(mark)).toBe(false);
  });

  test('line ends and a store of large files: the worktree has what the origin has', async () => {
    const root = gitRepository({
      '.gitattributes': '*.txt text eol=crlf\n*.bin filter=store\n',
      'a.txt': 'a\n',
    });
    git(root, 'config', 'filter.store.clean', 'echo pointer');
    git(root, 'config', 'filter.store.smudge', 'echo large');
    put(root, { 'large.bin': 'large\n' });
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'large');
    rmSync(join(root, 'a.txt'));
    git(root, 'checkout', '-q', 'a.txt');
    expect(git(root, 'show', ':large.bin')).toBe('pointer\n');
    const { create, holds, diff } = worktreesOf(root);
    for (const kind of ['head', 'mirror'] as const) {
      const made = await create(kind, { kind });
      expect([read(made.root, 'large.bin'), read(made.root, 'a.txt')]).toEqual(['large\n', 'a\r\n']);
      expect(git(made.root, 'status', '--porcelain')).toBe('');
      expect((await diff(kind)).files).toEqual([]);
      put(made.root, { 'a.txt': 'b\r\n' });
      // Two worktrees with the same commit within a second would each be right that the other has it.
      git(made.root, 'commit', '-qam', kind);
      expect(await holds(kind)).toEqual({
        commits: [expect.stringMatching(new RegExp(`^[0-9a-f]+ ${kind}$`))],
      });
    }
  });

  test('sparse checkouts, split indexes, shallow clones, other object formats', async () => {
    const source = gitRepository({ 'in/a.txt': 'a\n', 'out/b.txt': 'b\n' });
    put(source, { 'in/a.txt': 'aa\n' });
    git(source, 'commit', '-qam', 'second');
    const clone = join(tempDir(), 'clone');
    git(source, 'clone', '-q', '--depth', '1', `file://${source}`, clone);
    git(clone, 'sparse-checkout', 'set', '--cone', 'in');
    git(clone, 'update-index', '--split-index');
    put(clone, { 'in/new.txt': 'n\n' });
    const { create, holds, diff, discard, restore } = worktreesOf(clone);
    for (const kind of ['head', 'mirror'] as const) {
      const made = await create(kind, { kind });
      expect([existsSync(join(made.root, 'out')), existsSync(join(made.root, 'in/a.txt'))]).toEqual([
        false,
        true,
      ]);
      if (kind === 'mirror') expect(statusOf(made.root)).toEqual(statusOf(clone));
      else expect(git(made.root, 'status', '--porcelain')).toBe('');
      git(made.root, 'rm', '-q', 'in/a.txt');
      put(made.root, { 'in/c.txt': 'c\n' });
      expect((await diff(kind)).files.map(({ path }) => path)).toEqual(['in/a.txt', 'in/c.txt']);
      expect(await holds(kind)).toEqual({ changes: ['in/a.txt'], untracked: ['in/c.txt'] });
      const before = statusOf(made.root);
      await restore((await discard(kind, 'changes', 'untracked')).trash);
      expect(statusOf(made.root)).toEqual(before);
    }
    const other = tempDir();
    git(other, 'init', '-q', '--object-format=sha256');
    put(other, { 'a.txt': 'a\n' });
    git(other, 'add', '-A');
    git(other, 'commit', '-qm', 'first');
    put(other, { 'a.txt': 'b\n' });
    const made = await worktreesOf(other).create('one');
    expect([made.start.length, statusOf(made.root)]).toEqual([64, statusOf(other)]);
  });

  test('a submodule comes as its files; work in it is named and landed', async () => {
    const library = gitRepository({ 'lib.txt': 'lib\n', '.gitignore': 'out/\n' });
    const root = gitRepository({ 'a.txt': 'a\n' });
    git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'lib');
    git(root, 'commit', '-qm', 'library');
    put(root, { 'lib/own.txt': 'own\n' });
    const { create, holds, diff, land, discard, restore } = worktreesOf(root);
    const made = await create('one');
    expect([read(made.root, 'lib/lib.txt'), read(made.root, 'lib/own.txt')]).toEqual(['lib\n', 'own\n']);
    expect(git(made.root, 'status', '--porcelain')).toBe('');
    expect(await holds('one')).toEqual({});
    put(made.root, { 'lib/lib.txt': 'changed\n' });
    expect(await holds('one')).toEqual({ submodule: ['lib/lib.txt'] });
    expect((await diff('one')).files).toEqual([{ path: 'lib/lib.txt', added: 1, removed: 1 }]);
    await expect(discard('one', 'changes')).rejects.toMatchObject({ code: 'conflict' });
    await restore((await discard('one', 'submodule')).trash);
    await land('one');
    expect(read(root, 'lib/lib.txt')).toBe('changed\n');
  });
});

describe('what git ignores and the work needs', () => {
  test('packages are real folders of links that git ignores; small files come; caches do not', async () => {
    const root = gitRepository({
      '.gitignore': 'node_modules/\n.venv/\n.env\n*.pyc\n.cache/\ndist/\n',
      'p/a/i.js': '',
    });
    put(root, {
      'node_modules/plain/index.js': 'plain',
      'node_modules/@s/one/index.js': 'one',
      'node_modules/.bin/tool': '#!/bin/sh\n',
      '.venv/lib/python3.12/site-packages/pkg/__init__.py': '',
      '.venv/pyvenv.cfg': 'home = /usr\n',
      '.env': 'KEY=1\n',
      'dist/out.js': 'built',
      'a.pyc': '',
      '.cache/x': '',
      'nested/.git/HEAD': 'ref: refs/heads/main\n',
    });
    git(join(root, 'nested'), 'init', '-q');
    symlinkSync('../p/a', join(root, 'node_modules/a'));
    const { create, holds } = worktreesOf(root);
    const made = await create('one');
    const inside = (path: string) => join(made.root, path);
    expect(git(made.root, 'status', '--porcelain')).toBe('');
    for (const path of [
      'node_modules',
      'node_modules/@s',
      'node_modules/.bin',
      '.venv/lib/python3.12/site-packages',
    ])
      expect(lstatSync(inside(path)).isDirectory(), path).toBe(true);
    expect(realpathSync(inside('node_modules/plain'))).toBe(join(root, 'node_modules/plain'));
    expect(realpathSync(inside('node_modules/a'))).toBe(inside('p/a'));
    expect([read(made.root, '.env'), read(made.root, 'dist/out.js')]).toEqual(['KEY=1\n', 'built']);
    expect([existsSync(inside('a.pyc')), existsSync(inside('.cache'))]).toEqual([false, false]);
    expect(made.left).toEqual(['nested/']);
    put(made.root, { 'node_modules/fresh/index.js': 'fresh', 'a.pyc': '', '.cache/y': '' });
    expect(existsSync(join(root, 'node_modules/fresh'))).toBe(false);
    expect(await holds('one')).toEqual({});
    put(made.root, { '.env': 'KEY=2\n', 'dist/more.js': '' });
    expect(await holds('one')).toEqual({ ignored: ['.env', 'dist/'] });
  });

  test('.worktreeinclude names more: files that it matches and git ignores', async () => {
    const root = gitRepository({
      '.gitignore': 'data/\n*.log\n*.zip\n',
      '.worktreeinclude': 'data/keep/**\n*.log\na.txt\n',
    });
    put(root, {
      'data/keep/deep/x.zip': 'x',
      'data/other.zip': 'y',
      'b.log': 'log',
      'sub/c.log': 'log',
      'a.txt': 'u',
    });
    const { root: made } = await worktreesOf(root).create('one', { kind: 'head' });
    const there = ['data/keep/deep/x.zip', 'b.log', 'sub/c.log', 'data/other.zip', 'a.txt'];
    expect(there.map((path) => existsSync(join(made, path)))).toEqual([true, true, true, false, false]);
  });
});

describe('a place of its own', () => {
  test('ports, a temporary folder and an environment for every command; packages can be read', async () => {
    const root = gitRepository({ 'a.txt': '' });
    const { create, stateDir, discard, restore } = worktreesOf(root);
    const made = await create('One');
    const again = await create('two');
    expect(again.ports.first).not.toBe(made.ports.first);
    const workspace = await openWorkspace(made.root, { stateDir });
    const { output } = await workspace.run({
      command:
        'echo $PORT $TANDEM_PORTS $TANDEM_WORKTREE $COMPOSE_PROJECT_NAME $TANDEM_ORIGIN; touch $TMPDIR/x; pwd',
      timeoutMs: 10_000,
      signal: never(),
    });
    const { first, count } = made.ports;
    expect(output).toBe(`${first} ${first}-${first + count - 1} One tandem-one ${root}\n${made.root}\n`);
    expect(statSync(join(made.environment.TMPDIR as string, 'x')).isFile()).toBe(true);
    expect(made.root.startsWith(join(realpathSync(stateDir), 'worktrees'))).toBe(true);
    const { trash } = await discard('One');
    const third = await worktreesOf(root, stateDir).create('third');
    const back = await restore(trash);
    expect(new Set([back, again, third].map(({ ports }) => ports.first)).size).toBe(3);
    const elsewhere = await openWorkspace(root, { stateDir });
    const plain = await elsewhere.run({
      command: 'echo $TANDEM_WORKTREE',
      timeoutMs: 10_000,
      signal: never(),
    });
    expect(plain.output).toBe('\n');
  });

  test('a working tree that a configuration puts elsewhere is not mirrored', async () => {
    const root = gitRepository({ 'a.txt': '' });
    const home = tempDir();
    put(home, { 'private.txt': 'private' });
    git(root, 'config', 'core.worktree', home);
    await expect(worktreesOf(root).create('one')).rejects.toMatchObject({ code: 'usage' });
  });

  test('git of another name knows it as any other worktree, and its clean-up leaves it alone', async () => {
    const root = gitRepository({ 'a.txt': 'a\n' });
    const { create, holds } = worktreesOf(root);
    const made = await create('one');
    const listed = git(root, 'worktree', 'list', '--porcelain');
    expect(listed).toContain(`worktree ${made.root}\n`);
    expect(listed).toContain('locked made by tandem');
    expect(() => git(root, 'worktree', 'remove', '--force', made.root)).toThrow('locked');
    renameSync(made.root, `${made.root}.away`);
    git(root, 'worktree', 'prune');
    renameSync(`${made.root}.away`, made.root);
    expect(await holds('one')).toEqual({});
    expect(execFileSync('git', ['fsck', '--strict'], { cwd: root, stdio: 'pipe' }).toString()).toBe('');
    void createWorktrees;
  });
});
