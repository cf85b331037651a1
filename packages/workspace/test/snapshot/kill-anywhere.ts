import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { createSnapshots } from '../../src/snapshot/snapshots.ts';
import { freshRepository, type Operation, perform, stateOf } from './program.ts';

const step = (kind: Operation['kind'], at = 0, to = 0): Operation => ({ kind, at, to, text: 'other\n' });

/** Loses something of every kind: files, links, modes, a branch, the stash, commits, the index. */
const losses: readonly Operation[] = [
  step('write', 11),
  step('chmod', 1, 1),
  step('commitAll'),
  step('removeTree', 9),
  step('branchDelete', 1),
  step('stashDrop'),
  step('cleanAll'),
  step('resetBack'),
  step('expire'),
];

/**
 * A process is killed before each chosen change of the file system while it takes a snapshot or restores. What it
 * leaves is sound: older snapshots are whole, and the same done again comes to the end it would have come to.
 */
export const killAnywhere = async (
  what: 'take' | 'restore',
  choose: (steps: number) => readonly number[],
): Promise<number> => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-kill-')));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const root = join(base, 'now/work');
  const folder = join(base, 'now/state');
  mkdirSync(root, { recursive: true });
  freshRepository(root);
  const before = stateOf(root);
  const open = () => createSnapshots({ source: { root }, folder, watch: false });
  await open().take('snp_before');
  perform(root, losses);
  await open().take('snp_after');
  await open().take('snp_now');
  const after = stateOf(root);
  cpSync(join(base, 'now'), join(base, 'pristine'), { recursive: true, verbatimSymlinks: true });
  const child = (last: number) =>
    spawnSync(process.execPath, ['--no-warnings', script, root, folder, what, String(last)], {
      encoding: 'utf8',
    });
  const steps = Number(child(0).stdout);
  expect(steps).toBeGreaterThan(5);
  const chosen = choose(steps);
  for (const last of chosen) {
    rmSync(join(base, 'now'), { recursive: true, force: true });
    cpSync(join(base, 'pristine'), join(base, 'now'), { recursive: true, verbatimSymlinks: true });
    expect(child(last).signal, `step ${last}`).toBe('SIGKILL');
    if (what === 'take') expect(stateOf(root), `step ${last}`).toEqual(after);
    await open().take('snp_again');
    const { conflicts } = await open().restore({
      segments: [{ before: 'snp_before', after: 'snp_after' }],
      now: 'snp_again',
      others: 'refuse',
    });
    expect({ conflicts, state: stateOf(root) }, `step ${last}`).toEqual({ conflicts: [], state: before });
    expect(unfinished(root), `step ${last}`).toEqual([]);
    if (what === 'take' && existsSync(join(folder, 'snp_cut.snapshot'))) await open().diffSince('snp_cut');
  }
  return chosen.length;
};

const script = join(import.meta.dirname, 'killed-process.mjs');

const unfinished = (root: string): readonly string[] =>
  (readdirSync(root, { recursive: true }) as string[]).filter((name) => name.includes('.tandem-'));
