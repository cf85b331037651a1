/**
 * A process that does one thing with worktrees and is killed before its Nth change of the file system or Nth git:
 * `node killed-worktree.mjs ORIGIN STATE create|discard|restore|land|purge N`. Prints their number when it comes to its end.
 */
import child from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { killAt } from '../support/kill-at.mjs';

const [origin = '', stateDir = '', what = '', last = '0'] = process.argv.slice(2);
const counter = killAt(last);

counter.count(fs.promises, [
  'open',
  'rename',
  'unlink',
  'link',
  'symlink',
  'mkdir',
  'rmdir',
  'rm',
  'chmod',
  'cp',
]);
counter.count(fs.promises, ['writeFile', 'copyFile']);
counter.count(fs, ['writeFileSync', 'unlinkSync', 'chmodSync']);
counter.count(child, ['spawn']);
syncBuiltinESMExports();

const { createWorktrees } = await import('../../src/worktree/create-worktrees.ts');
const worktrees = createWorktrees({ stateDir, now: () => '2026-01-01T00:00:00.000Z' });
const one = { origin, name: 'one' };
const [entry] = what === 'restore' || what === 'purge' ? await worktrees.discarded(origin) : [];
const trash = { origin, trash: entry?.trash ?? '' };
counter.begin();
if (what === 'create') {
  const { signal } = new AbortController();
  await worktrees.create({ ...one, start: { kind: 'mirror' } }, { signal });
} else if (what === 'discard')
  await worktrees.discard(one, {
    despite: ['commits', 'changes', 'untracked', 'ignored', 'submodule', 'missing'],
  });
else if (what === 'restore') await worktrees.restore(trash);
else if (what === 'land') await worktrees.land(one);
else await worktrees.purge(trash);
process.stdout.write(`${counter.steps()}\n`);
