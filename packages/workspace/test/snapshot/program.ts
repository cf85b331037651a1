import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';

/** One thing that a program does; `at` and `to` choose among the names, `text` is what is written. */
export type Operation = {
  readonly kind: Kind;
  readonly at: number;
  readonly to: number;
  readonly text: string;
};

const names = [
  ...['a.txt', 'dir/b.txt', 'dir/deep/c.txt', 'Case.txt', 'case.txt', 'with space.txt', 'ünï.txt'],
  ...['debug.log', 'build/out.bin', 'build/more/x', 'dir', 'new', 'new/file', '.gitignore', '.env'],
];
const branches = ['main', 'side', 'feature/one', 'feature'];
const modes = [0o644, 0o755, 0o600, 0o444, 0o700];

type Act = (root: string, operation: Operation) => void;

const run = (root: string, file: string, ...words: string[]): string =>
  execFileSync(file, words, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...identity, GIT_CEILING_DIRECTORIES: dirname(root), LC_ALL: 'C' },
  });

const identity = {
  GIT_AUTHOR_NAME: 't',
  GIT_AUTHOR_EMAIL: 't@t',
  GIT_COMMITTER_NAME: 't',
  GIT_COMMITTER_EMAIL: 't@t',
  GIT_EDITOR: 'true',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

const git =
  (...words: string[]): Act =>
  (root, { at, to }) =>
    void run(
      root,
      'git',
      ...words.map((word) =>
        word
          .replace('NAME', names[at % names.length] as string)
          .replace('BRANCH', branches[at % branches.length] as string)
          .replace('OTHER', branches[to % branches.length] as string),
      ),
    );

const fileAt = (root: string, index: number): string => join(root, names[index % names.length] as string);

/** The second where the first has stopped half-way, or had before. */
const stopped =
  (first: Act, second: Act): Act =>
  (root, operation) => {
    try {
      first(root, operation);
    } catch {
      second(root, operation);
    }
  };

/** Every kind of step, the ways of losing work among them. What cannot be done where it comes is left out. */
const acts = {
  write: (root, { at, text }) => {
    mkdirSync(dirname(fileAt(root, at)), { recursive: true });
    writeFileSync(fileAt(root, at), text);
  },
  append: (root, { at, text }) => writeFileSync(fileAt(root, at), text, { flag: 'a' }),
  remove: (root, { at }) => rmSync(fileAt(root, at)),
  removeTree: (root, { at }) => rmSync(fileAt(root, at), { recursive: true }),
  makeFolder: (root, { at }) => void mkdirSync(fileAt(root, at), { recursive: true }),
  chmod: (root, { at, to }) => chmodSync(fileAt(root, at), modes[to % modes.length] as number),
  symlink: (root, { at, to }) => symlinkSync(names[to % names.length] as string, fileAt(root, at)),
  rename: (root, { at, to }) => renameSync(fileAt(root, at), fileAt(root, to)),
  sed: (root, { at }) => void run(root, 'sed', '-i', 's/[a-m]/z/', names[at % names.length] as string),
  add: git('add', '--', 'NAME'),
  addAll: git('add', '-A'),
  intend: git('add', '-N', '--', 'NAME'),
  commit: git('commit', '-qm', 'one'),
  commitAll: git('commit', '-qam', 'all'),
  amend: git('commit', '-q', '--amend', '--allow-empty', '-m', 'amended'),
  branch: git('branch', 'BRANCH', 'HEAD'),
  branchForce: git('branch', '-f', 'BRANCH', 'OTHER'),
  branchDelete: git('branch', '-D', 'BRANCH'),
  branchRename: git('branch', '-M', 'BRANCH', 'OTHER'),
  tag: git('tag', '-f', 'v1'),
  tagNote: git('tag', '-f', '-a', '-m', 'note', 'v2'),
  tagDelete: git('tag', '-d', 'v1'),
  switch: git('checkout', '-q', 'BRANCH'),
  switchForce: git('checkout', '-qf', 'BRANCH'),
  detach: git('checkout', '-q', '--detach'),
  orphan: git('checkout', '-q', '--orphan', 'lone'),
  checkoutAll: git('checkout', '--', '.'),
  restoreAll: git('restore', '--staged', '--worktree', '.'),
  resetHard: git('reset', '-q', '--hard'),
  resetBack: git('reset', '-q', '--hard', 'HEAD~1'),
  resetSoft: git('reset', '-q', '--soft', 'HEAD~1'),
  cleanAll: git('clean', '-qfdx'),
  clean: git('clean', '-qfd'),
  removeTracked: git('rm', '-qrf', '.'),
  move: git('mv', '-f', 'NAME', 'moved.txt'),
  stash: git('stash', '-q'),
  stashAll: git('stash', '-q', '-u'),
  stashPop: git('stash', 'pop', '-q'),
  stashDrop: git('stash', 'drop', '-q'),
  stashClear: git('stash', 'clear'),
  merge: git('merge', '-q', '--no-edit', 'BRANCH'),
  mergeAbort: stopped(git('merge', '-q', '--no-edit', 'BRANCH'), git('merge', '--abort')),
  rebase: git('rebase', '-q', 'BRANCH'),
  rebaseAbort: stopped(git('rebase', '-q', 'BRANCH'), git('rebase', '--abort')),
  cherryPick: git('cherry-pick', 'BRANCH'),
  revert: git('revert', '--no-edit', 'HEAD'),
  worktreeAdd: git('worktree', 'add', '-q', '-f', '--detach', 'tree'),
  worktreeRemove: git('worktree', 'remove', '--force', 'tree'),
  worktreePrune: git('worktree', 'prune'),
  packRefs: git('pack-refs', '--all'),
  gc: git('gc', '-q', '--prune=now'),
  expire: (root) => {
    run(root, 'git', 'reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
    run(root, 'git', 'gc', '-q', '--prune=now');
  },
  rewrite: git('update-ref', 'refs/heads/side', 'HEAD'),
  config: git('config', 'core.pager', 'cat'),
  init: git('init', '-q', 'nested'),
  nestedCommit: git('-C', 'nested', 'commit', '-q', '--allow-empty', '-m', 'inner'),
  nestedRemove: (root) => rmSync(join(root, 'nested'), { recursive: true }),
  removeGit: (root) => rmSync(join(root, '.git'), { recursive: true }),
} satisfies Readonly<Record<string, Act>>;

type Kind = keyof typeof acts;

export const kinds = Object.keys(acts) as readonly Kind[];

const content = fc.constantFrom('one\n', 'two\r\nlines\r\n', '\ufeffbom', '', 'no end', 'abc\nxyz\n');

export const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.nat(names.length - 1),
  to: fc.nat(names.length - 1),
  text: content,
});

/** Does what can be done of a program. Returns the kinds that had an effect or at least did not fail. */
export const perform = (root: string, program: readonly Operation[]): readonly Kind[] => {
  const done: Kind[] = [];
  for (const one of program) {
    try {
      acts[one.kind](root, one);
      done.push(one.kind);
    } catch {
      // A random step often has nothing to work on.
    }
  }
  return done;
};

let template: string | null = null;

/** A repository with two branches, a stash, something staged, something changed and something ignored. */
export const freshRepository = (root: string): void => {
  template ??= makeTemplate();
  cpSync(template, root, { recursive: true, verbatimSymlinks: true });
};

const makeTemplate = (): string => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-template-')));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  run(root, 'git', 'init', '-q', '-b', 'main');
  for (const [path, text] of [
    ['.gitignore', '*.log\nbuild/\n'],
    ['a.txt', 'first\n'],
    ['dir/b.txt', 'b\r\n'],
    ['dir/deep/c.txt', 'c'],
  ] as const)
    write(path, text);
  run(root, 'git', 'add', '-A');
  run(root, 'git', 'commit', '-qm', 'first');
  run(root, 'git', 'checkout', '-qb', 'side');
  write('dir/b.txt', 'side\n');
  run(root, 'git', 'commit', '-qam', 'side');
  run(root, 'git', 'checkout', '-q', 'main');
  write('a.txt', 'second\n');
  // So that a merge, a rebase or a cherry-pick of the other branch stops half-way.
  write('dir/b.txt', 'second\n');
  run(root, 'git', 'commit', '-qam', 'second');
  write('a.txt', 'stashed\n');
  run(root, 'git', 'stash', '-q');
  write('dir/deep/c.txt', 'staged\n');
  run(root, 'git', 'add', '-A');
  write('a.txt', 'changed\n');
  write('untracked.txt', 'u');
  write('debug.log', 'ignored');
  write('build/out.bin', 'ignored too');
  mkdirSync(join(root, 'empty'));
  symlinkSync('a.txt', join(root, 'link'));
  return root;
};

/** All that a person could miss: bytes, modes, links, empty folders, refs, index, stash, and that git finds it whole. */
export const stateOf = (root: string): Readonly<Record<string, string>> => {
  const state: Record<string, string> = {};
  addTree(root, '', state);
  return { ...state, ...gitState(root), ...gitState(join(root, 'nested')) };
};

const gitState = (root: string): Readonly<Record<string, string>> => {
  if (!existsSync(join(root, '.git'))) return {};
  const ask = (...words: string[]): string => {
    try {
      return run(root, 'git', ...words);
    } catch (error) {
      return `fails: ${String((error as { readonly stderr?: unknown }).stderr)}`;
    }
  };
  // Every object that a ref, a log or the index leads to is there.
  const whole = ask('rev-list', '--objects', '--all', '--reflog', '--indexed-objects', '--quiet');
  return {
    [`${root} refs`]: ask('for-each-ref', '--format=%(refname) %(objectname)'),
    [`${root} HEAD`]: readFileSync(join(root, '.git/HEAD'), 'utf8'),
    [`${root} index`]: ask('ls-files', '-s', '-v'),
    [`${root} stash`]: ask('stash', 'list', '--format=%gd %H %gs'),
    [`${root} reflog`]: ask('reflog', '--all', '--format=%gd %H %gs'),
    [`${root} status`]: ask('status', '--porcelain=v2', '--branch', '--ignored'),
    [`${root} config`]: readFileSync(join(root, '.git/config'), 'utf8'),
    [`${root} worktrees`]: ask('worktree', 'list', '--porcelain'),
    ...(whole === '' ? {} : { [`${root} damage`]: whole }),
  };
};

const addTree = (root: string, folder: string, state: Record<string, string>): void => {
  for (const name of readdirSync(join(root, folder)).sort()) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const stats = lstatSync(join(root, path));
    if (name === '.git' && stats.isDirectory()) continue;
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isDirectory()) {
      state[`${path}/`] = mode;
      addTree(root, path, state);
    } else if (stats.isSymbolicLink()) state[path] = `-> ${readlinkSync(join(root, path))}`;
    else state[path] = `${mode} ${readFileSync(join(root, path), 'latin1')}`;
  }
};
