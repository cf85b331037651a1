/**
 * `npm run bench:worktree [-- --rounds N --dependencies N]`: a worktree of ours beside `git worktree add` and a copy of
 * the installed packages, in turns in one run. Writes the section "worktrees" of docs/worktrees.md.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createWorktrees } from '@tandem/workspace';
import { markdownTable, writeSection } from './document.ts';
import { median } from './stats.ts';
import { type Cost, costOf, makeWorkspace } from './worktree/workspace.ts';

type Way = {
  readonly name: string;
  /** Makes a worktree; returns where it is. */
  readonly make: (round: number) => Promise<string>;
  readonly remove: (root: string) => Promise<void>;
};

type Row = { readonly name: string; readonly seconds: number; readonly cost: Cost };

const signal = new AbortController().signal;

const waysIn = (base: string, root: string): readonly Way[] => {
  const worktrees = createWorktrees({ stateDir: join(base, 'state'), now: () => new Date().toISOString() });
  const run = (program: string, ...words: readonly string[]): void =>
    void execFileSync(program, words, { cwd: root, stdio: 'ignore' });
  const byHand = (name: string, copy: readonly string[]): Way => ({
    name,
    make: async (round) => {
      const folder = join(base, `by-hand-${round}`);
      run('git', 'worktree', 'add', '-q', '--detach', folder);
      run('cp', ...copy, join(root, 'node_modules'), join(folder, 'node_modules'));
      return folder;
    },
    remove: async (folder) => run('git', 'worktree', 'remove', '--force', folder),
  });
  const ours = (name: string, kind: 'head' | 'mirror'): Way => ({
    name,
    make: async () => (await worktrees.create({ origin: root, start: { kind } }, { signal })).root,
    remove: async (folder) => {
      const { trash } = await worktrees.discard(
        { origin: root, name: folder.split('/').at(-1) ?? '' },
        { despite: [] },
      );
      await worktrees.purge({ origin: root, trash });
    },
  });
  return [
    byHand('`git worktree add`, then `cp -a`', ['-a']),
    byHand('`git worktree add`, then `cp -al` (hard links)', ['-al']),
    ours('tandem, from HEAD', 'head'),
    ours('tandem, as the workspace is (50 files changed, 50 new)', 'mirror'),
  ];
};

const measure = async (ways: readonly Way[], rounds: number): Promise<readonly Row[]> => {
  const seconds = ways.map((): number[] => []);
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const [at, way] of ways.entries()) {
      // What another way left to be written is not this one's to wait for.
      execFileSync('sync');
      const start = performance.now();
      const root = await way.make(round);
      seconds[at]?.push((performance.now() - start) / 1000);
      costs[at] = costOf(join(root, 'node_modules'));
      if (!existsSync(join(root, 'node_modules/package-1/lib')))
        throw new Error(`${way.name}: packages are missing`);
      await way.remove(root);
    }
  return ways.map(({ name }, at) => ({
    name,
    seconds: median(seconds[at] ?? []) ?? 0,
    cost: costs[at] ?? { megabytes: 0, inodes: 0 },
  }));
};

export const renderWorktrees = (rows: readonly Row[], conditions: string): string => {
  const base = rows[0]?.seconds ?? 0;
  return [
    `${conditions}. \`npm run bench:worktree\` makes this table.`,
    '',
    markdownTable(
      ['Way', 'Time', 'Faster', 'Disk for packages', 'Inodes for packages'],
      rows.map(({ name, seconds, cost }) => [
        name,
        `${seconds.toFixed(2)} s`,
        `× ${(base / seconds).toFixed(1)}`,
        `${cost.megabytes.toFixed(1)} MB`,
        cost.inodes.toLocaleString('en'),
      ]),
    ),
  ].join('\n');
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      tracked: { type: 'string', default: '2000' },
      dependencies: { type: 'string', default: '50000' },
    },
  });
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-bench-')));
  try {
    const root = join(base, 'work');
    const size = { tracked: Number(values.tracked), dependencies: Number(values.dependencies) };
    makeWorkspace(root, size);
    const rows = await measure(waysIn(base, root), Number(values.rounds));
    const machine = `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? process.arch}`;
    const files = `${size.tracked.toLocaleString('en')} tracked files and ${size.dependencies.toLocaleString('en')} of packages`;
    const text = renderWorktrees(
      rows,
      `Median of ${values.rounds} rounds in turns, each begun with nothing left to write, ${files}, ${new Date().toISOString().slice(0, 10)}, ${machine}`,
    );
    writeSection('worktrees', text, 'worktrees.md');
    console.log(text);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
};

if (import.meta.main) await main();
