import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { git, put, tempDir } from '../support/temp.ts';
import { statusOf, worktreesOf } from './made.ts';
import { bytesBelow, stateOfWorktree } from './state.ts';

export type Killed = 'create' | 'discard' | 'restore' | 'land' | 'purge';
const kinds = ['commits', 'changes', 'untracked', 'ignored', 'submodule', 'missing'] as const;

/**
 * A process is killed before each chosen change of the file system, and before each git, while it does one thing with a
 * worktree. The next one that opens the store finds nothing lost and leaves nothing half made.
 */
export const killAnywhere = async (
  what: Killed,
  choose: (steps: number) => readonly number[],
): Promise<number> => {
  const base = tempDir();
  const root = join(base, 'now/work');
  const stateDir = join(base, 'now/state');
  await prepare(root, stateDir, what);
  cpSync(join(base, 'now'), join(base, 'pristine'), { recursive: true, verbatimSymlinks: true });
  const child = (last: number) =>
    spawnSync(process.execPath, ['--no-warnings', script, root, stateDir, what, String(last)], {
      encoding: 'utf8',
    });
  const whole = child(0);
  const steps = Number(whole.stdout);
  expect(steps, whole.stderr).toBeGreaterThan(5);
  const chosen = choose(steps);
  for (const last of chosen) {
    rmSync(join(base, 'now'), { recursive: true, force: true });
    cpSync(join(base, 'pristine'), join(base, 'now'), { recursive: true, verbatimSymlinks: true });
    const before = seen(root, stateDir);
    expect(child(last).signal, `step ${last}`).toBe('SIGKILL');
    await checks[what]({ root, stateDir, before, step: `step ${last}` });
  }
  return chosen.length;
};

const script = join(import.meta.dirname, 'killed-worktree.mjs');

const prepare = async (root: string, stateDir: string, what: Killed): Promise<void> => {
  mkdirSync(root, { recursive: true });
  mkdirSync(join(stateDir, 'worktrees'), { recursive: true });
  git(root, 'init', '-q', '-b', 'main');
  put(root, { 'a.txt': 'a\n', 'b.txt': 'b\n', '.gitignore': '.env\nnode_modules/\n', 'in/c.txt': 'c\n' });
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'first');
  put(root, { 'a.txt': 'dirty\n', 'new.txt': 'n\n', '.env': 'K=1\n', 'node_modules/m/i.js': '' });
  if (what === 'create') return;
  const { create, discard } = worktreesOf(root, stateDir);
  const made = await create('one');
  put(made.root, { 'b.txt': 'committed\n' });
  git(made.root, 'commit', '-qm', 'work', 'b.txt');
  put(made.root, { 'a.txt': 'mine\n', 'own.txt': 'o\n', '.env': 'K=2\n', 'staged.txt': 's\n' });
  git(made.root, 'add', 'staged.txt');
  rmSync(join(made.root, 'in'), { recursive: true });
  if (what === 'restore' || what === 'purge') await discard('one', ...kinds);
};

type Check = (input: {
  readonly root: string;
  readonly stateDir: string;
  readonly before: Seen;
  readonly step: string;
}) => Promise<void>;

type Seen = { readonly origin: unknown; readonly worktree: unknown; readonly refs: string };

const seen = (root: string, stateDir: string): Seen => {
  const [id] = readdirSync(join(stateDir, 'worktrees'), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .map(({ name }) => name);
  const folder = join(stateDir, 'worktrees', id ?? '', 'one');
  return {
    origin: [statusOf(root), [...bytesBelow(root)].filter(([path]) => !path.startsWith('.git'))],
    worktree: existsSync(folder)
      ? stateOfWorktree({ root: folder, name: 'one', branch: 'tandem/one' })
      : null,
    refs: git(root, 'for-each-ref'),
  };
};

/** Below the state folder nothing is but what these say. */
const leftOver = (stateDir: string): readonly string[] =>
  (readdirSync(join(stateDir, 'worktrees'), { recursive: true }) as string[]).filter(
    (path) => !/^\.ports(\/.+)?$|^[0-9a-f]{8}(\/(\.of|\.trash|\.lock(\/.+)?))?$/.test(path),
  );

const checks: Readonly<Record<Killed, Check>> = {
  create: async ({ root, stateDir, before, step }) => {
    const { worktrees, create } = worktreesOf(root, stateDir);
    const listed = await worktrees.list(root);
    if (listed.length === 0) {
      expect(seen(root, stateDir), step).toEqual(before);
      expect([leftOver(stateDir), readdirSync(join(root, '.git')).includes('worktrees')], step).toEqual([
        [],
        expect.any(Boolean),
      ]);
      await create('one');
    }
    expect(await worktrees.list(root), step).toMatchObject([{ name: 'one', holds: [] }]);
  },
  discard: async ({ root, stateDir, before, step }) => {
    const { worktrees, restore, discard } = worktreesOf(root, stateDir);
    const listed = await worktrees.list(root);
    const trashed = await worktrees.discarded(root);
    expect([listed.length + trashed.length, seen(root, stateDir).origin], step).toEqual([1, before.origin]);
    if (listed.length === 1) {
      expect(seen(root, stateDir), step).toEqual(before);
      await discard('one', ...kinds);
    }
    const [entry] = await worktrees.discarded(root);
    await restore(entry?.trash ?? '');
    expect(seen(root, stateDir), step).toEqual(before);
  },
  restore: async ({ root, stateDir, before, step }) => {
    const { worktrees, restore } = worktreesOf(root, stateDir);
    const [entry] = await worktrees.discarded(root);
    if (entry !== undefined) {
      expect(seen(root, stateDir), step).toEqual(before);
      await restore(entry.trash);
    }
    const [one] = await worktrees.list(root);
    expect(
      one?.holds.map(({ kind }) => kind),
      step,
    ).toEqual(['commits', 'changes', 'untracked', 'ignored']);
    expect(
      one?.files.map(({ path }) => path),
      step,
    ).toEqual(['a.txt', 'b.txt', 'in/c.txt', 'own.txt', 'staged.txt']);
    expect(await worktrees.discarded(root), step).toEqual([]);
  },
  land: async ({ root, stateDir, before, step }) => {
    const { worktrees, land } = worktreesOf(root, stateDir);
    await worktrees.list(root);
    await land('one');
    const files = bytesBelow(root);
    expect(seen(root, stateDir).worktree, step).toEqual(before.worktree);
    for (const [path, text] of bytesBelow((await worktrees.list(root))[0]?.root ?? ''))
      if (!/^$|^\.git|^\.env|^node_modules/.test(path)) expect(files.get(path), `${step} ${path}`).toBe(text);
    expect([existsSync(join(root, 'in')), files.has('.env')], step).toEqual([false, true]);
    expect(
      [...files.keys()].filter((path) => path.includes('.tandem-')),
      step,
    ).toEqual([]);
  },
  purge: async ({ root, stateDir, before, step }) => {
    const { worktrees } = worktreesOf(root, stateDir);
    const [entry] = await worktrees.discarded(root);
    if (entry !== undefined) {
      expect(seen(root, stateDir), step).toEqual(before);
      await worktrees.purge({ origin: root, trash: entry.trash });
    }
    expect(leftOver(stateDir), step).toEqual([]);
    expect(git(root, 'for-each-ref', 'refs/tandem'), step).toBe('');
  },
};
