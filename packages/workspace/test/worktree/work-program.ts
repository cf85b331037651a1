import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';

/** One thing that a person, an agent or a tool does in a worktree, or to it. */
export type Deed = { readonly kind: DeedKind; readonly at: number; readonly text: string };
export type DeedKind = (typeof kinds)[number];

const kinds = [
  ...([
    'write',
    'write',
    'write',
    'remove',
    'removeTree',
    'chmod',
    'link',
    'folderToLink',
    'fileToFolder',
  ] as const),
  ...([
    'stage',
    'stageAll',
    'intend',
    'unstage',
    'forceAdd',
    'assume',
    'caseRename',
    'ignored',
    'installed',
  ] as const),
  ...(['commit', 'commit', 'amend', 'resetHard', 'detach', 'switch', 'stash', 'conflict', 'push'] as const),
  ...(['nestedRepository', 'submoduleFile', 'lock', 'indexLock', 'nestedWorktree', 'process'] as const),
  ...(['originWrite', 'originCommit', 'removedByHand', 'noLogs'] as const),
] as const;
export const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.nat(11),
  text: fc.constantFrom('', 'x\n', 'one\ntwo\n', 'a\r\nb\r\n', 'ä \u{1F600}', '\0binary\xff', 'same\n'),
});

const paths = [
  ...[
    'a.txt',
    'b.txt',
    'Case.txt',
    'case.txt',
    'dir/c.txt',
    'dir/sub/d.txt',
    'dir/sub/e.txt',
    'new file\n.txt',
  ],
  ...['-dash', 'ünï/código.txt', 'deep/er/est/f.txt', 'run.sh'],
];

export const gitIn = (cwd: string, ...words: readonly string[]): string | null => {
  try {
    return execFileSync('git', [...identity, ...words], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_EDITOR: 'true' },
    });
  } catch {
    return null;
  }
};

const identity = [
  '-c',
  'user.name=t',
  '-c',
  'user.email=t@t',
  '-c',
  'gc.auto=0',
  '-c',
  'protocol.file.allow=always',
];

/** `admin`: git's own folder of the worktree. */
export type Place = { readonly root: string; readonly origin: string; readonly admin: string };

/** Does one. False when there was nothing for it to do. Paths behind a link are left alone: they are elsewhere. */
export const perform = (place: Place, { kind, at, text }: Deed): boolean => {
  const { root } = place;
  const path = paths[at % paths.length] as string;
  const absolute = join(root, path);
  switch (kind) {
    case 'write':
      return change(root, path, () => writeFileSync(absolute, text));
    case 'remove':
      return change(root, path, () => rmSync(absolute));
    case 'removeTree':
      return change(root, dirname(path), () =>
        rmSync(join(root, dirname(path) === '.' ? 'dir' : dirname(path)), { recursive: true }),
      );
    case 'chmod':
      return change(root, path, () => chmodSync(absolute, at % 2 === 0 ? 0o755 : 0o600));
    case 'link':
      return change(root, path, () => {
        rmSync(absolute, { force: true });
        symlinkSync(at % 2 === 0 ? 'a.txt' : '/nowhere/at-all', absolute);
      });
    case 'removedByHand':
      return change(root, 'a.txt', () => rmSync(root, { recursive: true }));
    case 'folderToLink':
      return change(root, 'dir', () => {
        rmSync(join(root, 'dir'), { recursive: true });
        symlinkSync(at % 2 === 0 ? '.' : place.origin, join(root, 'dir'));
      });
    case 'fileToFolder':
      return change(root, 'b.txt', () => {
        rmSync(join(root, 'b.txt'), { recursive: true });
        mkdirSync(join(root, 'b.txt'));
        writeFileSync(join(root, 'b.txt/in.txt'), text);
      });
    case 'ignored':
      return change(root, ['.env', 'build/out.bin', 'data.sqlite'][at % 3] as string, (one) =>
        writeFileSync(one, text),
      );
    case 'installed':
      return change(root, 'node_modules/fresh/index.js', (one) => writeFileSync(one, text));
    case 'submoduleFile':
      return change(root, 'lib/lib.txt', (one) => writeFileSync(one, text));
    case 'originWrite':
      return change(place.origin, path, (one) => writeFileSync(one, text));
    case 'indexLock':
      return change(root, 'a.txt', () => writeFileSync(join(place.admin, 'index.lock'), ''));
    case 'process':
      return change(root, 'a.txt', () => inside.add(spawn('sleep', ['60'], { cwd: root, stdio: 'ignore' })));
    default:
      return performGit(place, { kind, at, text }, path);
  }
};

type GitDeed = Exclude<
  DeedKind,
  | 'write'
  | 'remove'
  | 'removeTree'
  | 'removedByHand'
  | 'chmod'
  | 'link'
  | 'folderToLink'
  | 'fileToFolder'
  | 'ignored'
  | 'installed'
  | 'submoduleFile'
  | 'originWrite'
  | 'indexLock'
  | 'process'
>;

const performGit = (
  { root, origin }: Place,
  { kind, at, text }: { readonly kind: GitDeed; readonly at: number; readonly text: string },
  path: string,
): boolean => {
  const git = (...words: readonly string[]): boolean => gitIn(root, ...words) !== null;
  const name = `${kind}-${at}-${text.length}`;
  switch (kind) {
    case 'stage':
      return git('add', '--', path);
    case 'stageAll':
      return git('add', '-A');
    case 'intend':
      return git('add', '-N', '--', path);
    case 'unstage':
      return git('reset', '-q', '--', path);
    case 'forceAdd':
      return git('add', '-f', '--', '.env');
    case 'assume':
      return git('update-index', at % 2 === 0 ? '--assume-unchanged' : '--skip-worktree', '--', path);
    case 'caseRename':
      return git('mv', 'Case.txt', 'case.TXT') || git('mv', 'case.TXT', 'Case.txt');
    case 'commit':
      return git('commit', '-q', '-a', '--allow-empty', '-m', name);
    case 'amend':
      return git('commit', '-q', '--amend', '--allow-empty', '-m', name);
    case 'resetHard':
      return git('reset', '-q', '--hard', 'HEAD~1');
    case 'detach':
      return git('checkout', '-q', '--detach');
    case 'switch':
      return git('checkout', '-q', '-b', name);
    case 'stash':
      return git('stash', 'push', '-q');
    case 'push':
      return git('branch', '-f', `pushed-${at}`, 'HEAD');
    case 'conflict':
      return conflict(root, name);
    case 'nestedRepository':
      return (
        git('init', '-q', 'nested') &&
        (at % 2 === 0 || gitIn(join(root, 'nested'), 'commit', '-q', '--allow-empty', '-m', 'n') !== null)
      );
    case 'lock':
      return git('worktree', 'unlock', '.') && git('worktree', 'lock', '--reason', 'mine', '.');
    case 'nestedWorktree':
      return git('worktree', 'add', '-q', '--detach', 'within');
    case 'noLogs':
      return git('config', 'core.logAllRefUpdates', 'false');
    case 'originCommit':
      return gitIn(origin, 'commit', '-q', '--allow-empty', '-m', name) !== null;
  }
};

/** Two sides of a line, made without touching the files first, and a merge that stops. */
const conflict = (root: string, name: string): boolean => {
  if (gitIn(root, 'diff', '--quiet', 'HEAD') === null || isLink(join(root, 'a.txt'))) return false;
  const blob = gitIn(root, 'rev-parse', 'HEAD:run.sh')?.trim();
  if (blob === undefined || gitIn(root, 'checkout', '-q', '-b', `side-${name}`) === null) return false;
  writeFileSync(join(root, 'a.txt'), `side ${name}\n`);
  gitIn(root, 'commit', '-q', '-am', `side ${name}`);
  gitIn(root, 'checkout', '-q', '--detach', 'HEAD~1');
  writeFileSync(join(root, 'a.txt'), `ours ${name}\n`);
  gitIn(root, 'commit', '-q', '-am', `ours ${name}`);
  return gitIn(root, 'merge', '-q', `side-${name}`) === null;
};

const change = (root: string, path: string, work: (absolute: string) => unknown): boolean => {
  const absolute = join(root, path);
  let up = dirname(path);
  for (; up !== '.'; up = dirname(up)) if (isLink(join(root, up))) return false;
  try {
    mkdirSync(dirname(absolute), { recursive: true });
    work(absolute);
    return true;
  } catch {
    return false;
  }
};

const isLink = (path: string): boolean => {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
};

const inside = new Set<ReturnType<typeof spawn>>();

/** Takes away what no name waves through: locks, processes, worktrees inside. */
export const release = async ({ root, admin }: Place): Promise<void> => {
  for (const child of inside) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  inside.clear();
  rmSync(join(admin, 'index.lock'), { force: true });
  if (existsSync(join(admin, 'locked'))) rmSync(join(admin, 'locked'));
  if (existsSync(join(root, 'within'))) gitIn(root, 'worktree', 'remove', '--force', 'within');
};

/** A repository with everything in it that a worktree may begin with: a submodule, ignored files, packages. */
export const freshRepository = (base: string): string => {
  const library = join(base, 'library');
  const root = join(base, 'work');
  for (const folder of [library, root]) {
    mkdirSync(folder, { recursive: true });
    gitIn(folder, 'init', '-q', '-b', 'main', '--template=');
  }
  writeFileSync(join(library, 'lib.txt'), 'lib\n');
  gitIn(library, 'add', '-A');
  gitIn(library, 'commit', '-q', '-m', 'library');
  for (const path of ['a.txt', 'b.txt', 'Case.txt', 'dir/c.txt', 'dir/sub/d.txt', 'run.sh'])
    change(root, path, (one) => writeFileSync(one, `${path}\n`));
  writeFileSync(join(root, '.gitignore'), '.env\nbuild/\n*.sqlite\nnode_modules/\n');
  gitIn(root, 'submodule', 'add', '-q', library, 'lib');
  gitIn(root, 'add', '-A');
  gitIn(root, 'commit', '-q', '-m', 'first');
  gitIn(root, 'tag', 'first');
  gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'second');
  change(root, '.env', (one) => writeFileSync(one, 'K=1\n'));
  change(root, 'node_modules/m/index.js', (one) => writeFileSync(one, 'm'));
  void renameSync;
  return root;
};
