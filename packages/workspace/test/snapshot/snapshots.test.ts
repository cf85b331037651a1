import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createSnapshots } from '../../src/snapshot/snapshots.ts';
import { open } from '../support/open.ts';
import { git, gitRepository, put, tempDir } from '../support/temp.ts';
import { acted, alter, back, change, contents, takerOf, treeIn } from './acting.ts';

test('content, modes, links and empty folders come back, ignored ones too; what came since goes', async () => {
  const root = gitRepository({ '.gitignore': 'secret\n', 'a.txt': 'a\r\n', 'dir/b.txt': 'b', 'run.sh': 'x' });
  put(root, { secret: 's', 'dirty.txt': 'd', 'bytes.bin': new Uint8Array([0, 255, 1]) });
  mkdirSync(join(root, 'empty/inner'), { recursive: true });
  chmodSync(join(root, 'run.sh'), 0o755);
  symlinkSync('a.txt', join(root, 'link'));
  const workspace = await open(root);
  const before = contents(root);
  const segment = await acted(workspace, () => {
    put(root, {
      'a.txt': 'changed',
      'new/deep/file': 'n',
      'bytes.bin': 'text',
      '.gitignore': '',
      secret: 'S',
    });
    for (const path of ['dir', 'link', 'empty']) rmSync(join(root, path), { recursive: true });
    writeFileSync(join(root, 'dir'), 'a file now');
    chmodSync(join(root, 'run.sh'), 0o600);
    symlinkSync('/etc', join(root, 'link'));
  });
  const { files, conflicts } = await back(workspace, [segment]);
  expect(conflicts).toEqual([]);
  expect(files).toEqual(
    [
      ...['.gitignore', 'a.txt', 'bytes.bin', 'dir', 'dir/b.txt', 'empty', 'empty/inner', 'link', 'run.sh'],
      ...['new', 'new/deep', 'new/deep/file', 'secret'],
    ].sort(),
  );
  expect(contents(root)).toEqual(before);
  expect((await back(workspace, [segment])).files).toEqual([]);
});

test('line ends, byte order mark, missing last newline, mode and link survive an edit and its undo', async () => {
  const root = gitRepository({
    'crlf.txt': 'one\r\ntwo\r\n',
    'bom.txt': '\ufeffone\r\n',
    'end.txt': 'one\ntwo',
  });
  put(root, { 'run.sh': '#!/bin/sh\necho one' });
  chmodSync(join(root, 'run.sh'), 0o755);
  symlinkSync('crlf.txt', join(root, 'link.txt'));
  const workspace = await open(root);
  const before = contents(root);
  const segments: { before: string; after: string }[] = [];
  for (const path of ['crlf.txt', 'bom.txt', 'end.txt', 'run.sh', 'link.txt']) {
    const { text } = (await workspace.read(path)) ?? { text: '' };
    segments.push(await acted(workspace, () => undefined));
    await workspace.snapshot(`snp_edit_${path.slice(0, 3)}`);
    await workspace.write(path, text.replace('one', '1'));
    segments.push({ before: `snp_edit_${path.slice(0, 3)}`, after: `snp_edited_${path.slice(0, 3)}` });
    await workspace.snapshot(`snp_edited_${path.slice(0, 3)}`);
  }
  expect(readFileSync(join(root, 'crlf.txt'), 'utf8')).toBe('1\r\ntwo\r\n');
  expect(readFileSync(join(root, 'bom.txt'), 'utf8')).toBe('\ufeff1\r\n');
  expect(readFileSync(join(root, 'end.txt'), 'utf8')).toBe('1\ntwo');
  expect(statSync(join(root, 'run.sh')).mode & 0o777).toBe(0o755);
  expect(readlinkSync(join(root, 'link.txt'))).toBe('crlf.txt');
  await back(workspace, segments);
  expect(contents(root)).toEqual(before);
});

test('what a person changed is not touched, and where both changed it is shown and nothing is done', async () => {
  const root = gitRepository({ 'a.txt': '1\n', 'b.txt': '1\n', 'c.txt': '1\n' });
  const workspace = await open(root);
  const segment = await acted(workspace, () => put(root, { 'a.txt': '2\n', 'b.txt': '2\n' }));
  put(root, { 'c.txt': 'mine\n', 'new.txt': 'mine\n' });
  expect((await back(workspace, [segment])).files).toEqual(['a.txt', 'b.txt']);
  expect(contents(root)).toMatchObject({ 'c.txt': '644 mine\n', 'new.txt': '644 mine\n' });

  const again = await acted(workspace, () => put(root, { 'a.txt': '3\n', 'b.txt': '3\n' }));
  put(root, { 'b.txt': 'mine\n' });
  const refused = await back(workspace, [again]);
  expect(refused).toEqual({
    files: [],
    refs: [],
    conflicts: [{ path: 'b.txt', diff: expect.stringContaining('-3\n+mine\n') }],
  });
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('3\n');
  expect(await back(workspace, [again], 'leave')).toMatchObject({ files: ['a.txt'] });
  const forced = await acted(workspace, () => undefined);
  expect((await back(workspace, [again], 'overwrite')).files).toEqual(['b.txt']);
  expect(readFileSync(join(root, 'b.txt'), 'utf8')).toBe('1\n');
  await workspace.snapshot('snp_forced');
  await back(workspace, [{ before: forced.after, after: 'snp_forced' }]);
  expect(readFileSync(join(root, 'b.txt'), 'utf8')).toBe('mine\n');
});

test('a change between two of the actions is somebody else’s too', async () => {
  const root = gitRepository({ 'a.txt': '1\n', 'b.txt': '1\n' });
  const workspace = await open(root);
  const first = await acted(workspace, () => put(root, { 'a.txt': '2\n', 'b.txt': '2\n' }));
  put(root, { 'a.txt': 'mine\n' });
  const second = await acted(workspace, () => put(root, { 'a.txt': '3\n' }));
  expect((await back(workspace, [first, second])).conflicts.map(({ path }) => path)).toEqual(['a.txt']);
  expect((await back(workspace, [second])).files).toEqual(['a.txt']);
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('mine\n');
});

test('a commit of a person since is a reason to stop; the agent’s own commit is undone', async () => {
  const root = gitRepository({ 'a.txt': '1' });
  const workspace = await open(root);
  const head = git(root, 'rev-parse', 'HEAD');
  const segment = await acted(workspace, () => {
    put(root, { 'a.txt': '2' });
    git(root, 'commit', '-qam', 'by the agent');
  });
  expect((await back(workspace, [segment])).refs).toEqual(['refs/heads/main']);
  expect([git(root, 'rev-parse', 'HEAD'), readFileSync(join(root, 'a.txt'), 'utf8')]).toEqual([head, '1']);
  expect(git(root, 'status', '--porcelain')).toBe('');

  const edit = await acted(workspace, () => put(root, { 'a.txt': '3' }));
  git(root, 'commit', '-qam', 'by a person');
  const refused = await back(workspace, [edit]);
  expect(refused.conflicts.map(({ path }) => path)).toEqual(['HEAD']);
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('3');
  expect(await back(workspace, [edit], 'overwrite')).toMatchObject({ files: ['a.txt'], refs: [] });
  expect(git(root, 'log', '-1', '--format=%s')).toBe('by a person\n');
});

test('looking at a repository, or packing it, is no reason to stop', async () => {
  const root = gitRepository({ 'a.txt': '1', 'b.txt': '1' });
  const workspace = await open(root);
  git(root, 'branch', 'side');
  const segment = await acted(workspace, () => {
    put(root, { 'a.txt': '2' });
    git(root, 'add', 'a.txt');
    git(root, 'branch', '-D', 'side');
  });
  utimesSync(join(root, 'b.txt'), new Date(), new Date(2020, 1, 1));
  git(root, 'status');
  git(root, 'gc', '-q', '--prune=now');
  const { files, refs, conflicts } = await back(workspace, [segment]);
  expect({ files, refs, conflicts }).toEqual({ files: ['a.txt'], refs: ['refs/heads/side'], conflicts: [] });
  expect(git(root, 'status', '--porcelain')).toBe('');
  expect(git(root, 'rev-parse', 'side')).toBe(git(root, 'rev-parse', 'HEAD'));
});

test('commits that no ref leads to any more come back after expiry, and a whole repository after rm -rf .git', async () => {
  const root = gitRepository({ 'a.txt': '1' });
  put(root, { 'a.txt': 'stashed' });
  git(root, 'stash', '-q');
  const stash = git(root, 'rev-parse', 'stash');
  const workspace = await open(root);
  const before = git(root, 'log', '--format=%H', '--all');
  const dropped = await acted(workspace, () => {
    git(root, 'stash', 'clear');
    git(root, 'reflog', 'expire', '--expire=now', '--all');
    git(root, 'gc', '-q', '--prune=now');
  });
  expect(() => git(root, 'cat-file', '-e', stash.trim())).toThrow();
  await back(workspace, [dropped]);
  expect(git(root, 'stash', 'list')).toContain('stash@{0}');
  expect(git(root, 'show', 'stash:a.txt')).toBe('stashed');
  const removed = await acted(workspace, () => rmSync(join(root, '.git'), { recursive: true }));
  await back(workspace, [removed]);
  expect(git(root, 'log', '--format=%H', '--all')).toBe(before);
  expect(git(root, 'fsck', '--strict')).toBe('');
});

test('on another file system git’s objects are copied, and said to be left out where they are too many', async ({
  skip,
}) => {
  const other = otherDisk();
  if (other === null) return skip('there is only one file system here');
  const lose = (root: string) => (): void => {
    git(root, 'branch', '-D', 'side');
    git(root, 'reflog', 'expire', '--expire=now', '--all');
    git(root, 'gc', '-q', '--prune=now');
  };
  const make = (): string => {
    const root = gitRepository({ 'a.txt': '1' });
    git(root, 'checkout', '-qb', 'side');
    git(root, 'commit', '-q', '--allow-empty', '-m', 'only here');
    git(root, 'checkout', '-q', 'main');
    return root;
  };
  const root = make();
  const snapshots = takerOf(createSnapshots({ source: { root }, folder: join(other, 'one') }));
  await back(snapshots, [await acted(snapshots, lose(root))]);
  expect(git(root, 'log', '-1', '--format=%s', 'side')).toBe('only here\n');
  const limits = { storeBytes: 400 };
  const small = createSnapshots({ source: { root: make() }, folder: join(other, 'two'), limits });
  expect((await small.take('snp_1')).notes).toContainEqual(expect.stringMatching(/on another file system/));
});

test('a linked worktree, and a folder below the top, undo what was done to the shared refs', async () => {
  const main = gitRepository({ 'a.txt': '1', 'sub/b.txt': '1' });
  const linked = join(tempDir(), 'linked');
  git(main, 'worktree', 'add', '-q', '-b', 'side', linked);
  for (const root of [linked, join(linked, 'sub'), join(main, 'sub')]) {
    const workspace = await open(root);
    const refs = git(root, 'for-each-ref');
    const segment = await acted(workspace, () => {
      put(root, { 'new.txt': 'n' });
      git(root, 'add', '-A');
      git(root, 'commit', '-qm', 'more');
      git(root, 'tag', 'v1');
    });
    expect((await back(workspace, [segment])).conflicts).toEqual([]);
    expect(git(root, 'for-each-ref')).toBe(refs);
    expect(git(root, 'status', '--porcelain')).toBe('');
  }
});

test('what another worktree does meanwhile is not undone', async () => {
  const main = gitRepository({ 'a.txt': '1' });
  const linked = join(tempDir(), 'linked');
  git(main, 'worktree', 'add', '-q', '-b', 'side', linked);
  const workspace = await open(main);
  const segment = await acted(workspace, () => {
    git(main, 'branch', 'mine');
    put(linked, { 'a.txt': '2' });
    git(linked, 'commit', '-qam', 'somebody else’s');
  });
  expect((await back(workspace, [segment])).refs).toEqual(['refs/heads/mine']);
  expect(git(linked, 'log', '-1', '--format=%s')).toBe('somebody else’s\n');
  expect(git(linked, 'status', '--porcelain')).toBe('');
});

test('nor what a person does in the main worktree, seen from a linked one', async () => {
  const main = gitRepository({ 'a.txt': '1', 'b.txt': '1' });
  const linked = join(tempDir(), 'linked');
  git(main, 'worktree', 'add', '-q', '-b', 'side', linked);
  const workspace = await open(linked);
  const segment = await acted(workspace, () => {
    git(linked, 'branch', 'mine');
    put(main, { 'a.txt': '2' });
    git(main, 'commit', '-qam', 'somebody else’s');
    put(main, { 'b.txt': '2' });
    git(main, 'add', 'b.txt');
    git(main, 'bisect', 'start');
  });
  const state = (): readonly string[] => [
    git(main, 'log', '-1', '--format=%s'),
    git(main, 'status', '--porcelain'),
    git(main, 'reflog'),
    git(main, 'bisect', 'log'),
  ];
  const before = state();
  expect(before.slice(0, 2)).toEqual(['somebody else’s\n', 'M  b.txt\n']);
  expect((await back(workspace, [segment])).refs).toEqual(['refs/heads/mine']);
  expect(state()).toEqual(before);
});

test('a submodule and a repository inside come back with their own state', async () => {
  const other = gitRepository({ 'lib.txt': 'lib' });
  const root = gitRepository({ 'a.txt': '1' });
  git(root, '-c', 'protocol.file.allow=always', 'submodule', '-q', 'add', other, 'lib');
  git(root, 'commit', '-qm', 'with lib');
  git(root, 'clone', '-q', other, 'inner');
  const state = (): string[] =>
    ['lib', 'inner'].map((at) => git(join(root, at), 'log', '--format=%H %s', '--all'));
  const before = [state(), contents(join(root, 'lib')), contents(join(root, 'inner'))];
  const workspace = await open(root);
  const segment = await acted(workspace, () => {
    put(root, { 'lib/lib.txt': 'changed' });
    git(join(root, 'lib'), 'commit', '-qam', 'changed');
    rmSync(join(root, 'inner'), { recursive: true });
  });
  expect((await back(workspace, [segment])).conflicts).toEqual([]);
  expect([state(), contents(join(root, 'lib')), contents(join(root, 'inner'))]).toEqual(before);
  expect(git(join(root, 'inner'), 'status', '--porcelain')).toBe('');
});

test('without git, and in a bare repository, everything is kept all the same', async () => {
  const plain = tempDir();
  put(plain, { 'a.txt': '1', 'dist/out.js': 'built', '.gitignore': '*.tmp', 'x.tmp': 't' });
  const bare = tempDir();
  git(bare, 'clone', '-q', '--bare', gitRepository({ 'a.txt': '1' }), '.');
  for (const root of [plain, bare]) {
    const before = contents(root);
    const workspace = await open(root);
    const segment = await acted(workspace, () => {
      for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
    });
    await back(workspace, [segment]);
    expect(contents(root)).toEqual(before);
  }
  expect((await (await open(plain)).snapshot('snp_plain')).notes).toEqual([]);
});

test('a file that changes without changing size or time is still seen, by every way of looking', async () => {
  const root = gitRepository({ 'a.txt': 'one' });
  const workspace = await open(root);
  const time = new Date(2026, 0, 1);
  utimesSync(join(root, 'a.txt'), time, time);
  await workspace.snapshot('snp_1');
  writeFileSync(join(root, 'a.txt'), 'two');
  utimesSync(join(root, 'a.txt'), time, time);
  expect((await workspace.diffSince('snp_1')).files).toEqual([{ path: 'a.txt', added: 1, removed: 1 }]);
});

test('random changes are all seen, whether a process has watched or comes anew', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 6 }), async (rounds) => {
      const root = tempDir();
      const folder = tempDir();
      const watching = takerOf(createSnapshots({ source: { root }, folder }));
      for (const [index, changes] of rounds.entries()) {
        for (const one of changes) alter(root, one);
        await watching.snapshot(`snp_${index}`);
        const other = tempDir();
        await createSnapshots({ source: { root }, folder: other, watch: false }).take('snp_1');
        expect(treeIn(folder, `snp_${index}`)).toBe(treeIn(other, 'snp_1'));
      }
    }),
    { numRuns: 10 },
  );
});

test.each(['deleted', 'moved away'])(
  'a folder that was %s and came anew under its name is watched anew',
  async (how) => {
    const root = tempDir();
    const folder = tempDir();
    const watching = createSnapshots({ source: { root }, folder });
    const files = { 'd/e/f/c': '0', 'd/e/g': '0' };
    put(root, files);
    await watching.take('snp_begin');
    for (let round = 0; round < 5; round += 1) {
      if (how === 'deleted') rmSync(join(root, 'd'), { recursive: true });
      else renameSync(join(root, 'd'), join(root, `old${round}`));
      put(root, files);
      // Until it is so old that a look at its times would do.
      const made = statSync(join(root, 'd/e/f/c')).ctimeMs;
      while (Date.now() - made < 150) await watching.take(`snp_${round}_anew`);
      put(root, { 'd/e/f/c': String(round + 1) });
      await watching.take(`snp_${round}_changed`);
      const other = tempDir();
      await createSnapshots({ source: { root }, folder: other, watch: false }).take('snp_1');
      expect(treeIn(folder, `snp_${round}_changed`)).toBe(treeIn(other, 'snp_1'));
    }
  },
);

test('snapshots outlive the process and never touch the repository', async () => {
  const root = gitRepository({ 'a.txt': '1', sub: '' });
  const stateDir = tempDir();
  const index = readFileSync(join(root, '.git/index'));
  const git = (): string => readdirSync(join(root, '.git'), { recursive: true }).sort().join();
  const names = git();
  const segment = await acted(await open(root, stateDir), () => put(root, { 'a.txt': '2' }));
  expect([readFileSync(join(root, '.git/index')), git()]).toEqual([index, names]);
  const reopened = await open(root, stateDir);
  await back(reopened, [segment]);
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('1');
  expect([readFileSync(join(root, '.git/index')), git()]).toEqual([index, names]);
  const none = {
    segments: [{ before: 'snp_none', after: null }],
    now: segment.after,
    others: 'refuse',
  } as const;
  await expect(reopened.restore(none)).rejects.toMatchObject({ code: 'not_found' });
  await expect(reopened.snapshot('../x')).rejects.toMatchObject({ code: 'usage' });
});

test('another process stores only what has changed since', async () => {
  const root = tempDir();
  const folder = tempDir();
  put(root, Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, `content ${index}`])));
  await createSnapshots({ source: { root }, folder }).take('snp_1');
  put(root, { f7: 'other' });
  await createSnapshots({ source: { root }, folder }).take('snp_2');
  await createSnapshots({ source: { root }, folder }).take('snp_3');
  const packs = readdirSync(folder).filter((name) => name.endsWith('.objects'));
  expect(packs).toHaveLength(2);
  const first = readdirSync(folder).filter((name) => name.endsWith('.snapshot'));
  expect(first).toHaveLength(3);
});

test('what is too large is said, and neither kept nor harmed', async () => {
  const root = gitRepository({
    'a.txt': '1',
    '.gitignore': 'heavy/\nlight/\nforced/\n',
    'forced/kept.txt': '1',
  });
  git(root, 'add', '-f', 'forced/kept.txt');
  git(root, 'commit', '-qm', 'forced');
  writeFileSync(join(root, 'huge'), '');
  truncateSync(join(root, 'huge'), 2_000_000);
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`heavy/${index}`, 'x']));
  put(root, {
    ...many,
    'light/one': '1',
    ...Object.fromEntries(Object.entries(many).map(([k, v]) => [`forced/${k}`, v])),
  });
  const folder = tempDir();
  const limits = { fileBytes: 1_000_000, ignoredFiles: 20 };
  const snapshots = takerOf(createSnapshots({ source: { root }, folder, limits }));
  const { notes } = await snapshots.snapshot('snp_first');
  expect(notes).toEqual([
    'huge is not in the snapshot: larger than what is kept of one file',
    'heavy is not in the snapshot: ignored, and over the limit for what is ignored',
    'forced/heavy is not in the snapshot: ignored, and over the limit for what is ignored',
  ]);
  const segment = await acted(snapshots, () => {
    put(root, { 'a.txt': '2', 'light/one': '2', 'heavy/0': '2', 'forced/kept.txt': '2' });
    writeFileSync(join(root, 'huge'), 'small now');
  });
  expect((await back(snapshots, [segment])).files).toEqual(['a.txt', 'forced/kept.txt', 'light/one']);
  expect(readFileSync(join(root, 'huge'), 'utf8')).toBe('small now');
  expect(readFileSync(join(root, 'heavy/0'), 'utf8')).toBe('2');
});

test('our own state folder inside the workspace is no part of it; of a huge one the outer parts are kept', async () => {
  const root = tempDir();
  put(root, { 'a.txt': '1', 'deep/er/b.txt': '1' });
  const workspace = await open(root, join(root, 'state'));
  const segment = await acted(workspace, () => put(root, { 'a.txt': '2', 'state/sessions/log': 'kept' }));
  expect((await back(workspace, [segment])).files).toEqual(['a.txt']);
  expect(readFileSync(join(root, 'state/sessions/log'), 'utf8')).toBe('kept');
  const limits = { allFiles: 1 };
  const small = takerOf(
    createSnapshots({ source: { root }, folder: tempDir(), own: join(root, 'state'), limits }),
  );
  put(root, { 'deep/c.txt': '1' });
  expect((await small.snapshot('snp_small')).notes).toEqual([
    'deep/er is not in the snapshot: the workspace is larger than what is kept of one',
  ]);
  const kept = await acted(small, () => put(root, { 'deep/c.txt': '2', 'deep/er/b.txt': '2' }));
  expect((await back(small, [kept])).files).toEqual(['deep/c.txt']);
});

test('an ignored folder that grows over the limit is left, and what was kept of it stays kept', async () => {
  const root = gitRepository({ '.gitignore': 'out/\n' });
  put(root, { 'out/a': '1' });
  const workspace = takerOf(
    createSnapshots({ source: { root }, folder: tempDir(), limits: { ignoredFiles: 3 } }),
  );
  const grown = await acted(workspace, () =>
    put(root, { 'out/a': '2', 'out/b': '2', 'out/c': '2', 'out/d': '2', 'out/e': '2' }),
  );
  expect((await back(workspace, [grown])).files).toEqual([]);
  const small = await acted(workspace, () => rmSync(join(root, 'out'), { recursive: true }));
  expect((await back(workspace, [{ before: grown.before, after: small.after }])).files).toEqual([
    'out',
    'out/a',
  ]);
  expect(readFileSync(join(root, 'out/a'), 'utf8')).toBe('1');
});

test('nothing is written through a link that stands where a folder was', async () => {
  const root = gitRepository({ 'dir/a.txt': '1' });
  const outside = tempDir();
  const workspace = await open(root);
  const segment = await acted(workspace, () => put(root, { 'dir/a.txt': '2' }));
  renameSync(join(root, 'dir'), join(root, 'moved'));
  symlinkSync(outside, join(root, 'dir'));
  expect((await back(workspace, [segment], 'overwrite')).files).toEqual([]);
  expect(readdirSync(outside)).toEqual([]);
});

test('git at work is waited for by the person, not overrun', async () => {
  const root = gitRepository({ 'a.txt': '1' });
  const workspace = await open(root);
  const segment = await acted(workspace, () => {
    put(root, { 'a.txt': '2' });
    git(root, 'add', '-A');
  });
  writeFileSync(join(root, '.git/index.lock'), '');
  await expect(back(workspace, [segment])).rejects.toThrow(/git is at work/);
  rmSync(join(root, '.git/index.lock'));
  expect((await back(workspace, [segment])).files).toEqual(['a.txt']);
  expect(existsSync(join(root, '.git/index.lock'))).toBe(false);
});

const otherDisk = (): string | null => {
  try {
    if (statfsSync('/dev/shm').type === statfsSync(tempDir()).type) return null;
    const folder = mkdtempSync('/dev/shm/tandem-test-');
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch {
    return null;
  }
};
