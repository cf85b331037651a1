import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { git, gitRepository, put } from '../support/temp.ts';
import { worktreesOf } from './made.ts';

test('what git swept away is read again from the files', async () => {
  const root = gitRepository({ 'a.txt': 'a\n' });
  const { create, diff, holds } = worktreesOf(root);
  const made = await create('one', { kind: 'head' });
  put(made.root, { 'a.txt': 'first\n', 'b.txt': 'new\n' });
  git(made.root, 'add', '-A');
  const before = await diff('one');
  git(made.root, 'reset', '-q');
  git(root, 'gc', '-q', '--prune=now');
  expect(await diff('one')).toEqual(before);
  expect(await holds('one')).toEqual({ changes: ['a.txt'], untracked: ['b.txt'] });
});

test('a sweep that runs is waited for before anything is moved; one that died is not', async () => {
  const root = gitRepository({ 'a.txt': 'a\n' });
  const { create, discard } = worktreesOf(root);
  const made = await create('one', { kind: 'head' });
  const pidFile = join(root, '.git/gc.pid');
  const sweep = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(sweep, 'spawn');
  writeFileSync(pidFile, `${sweep.pid} ${hostname()}`);
  const gone = discard('one');
  const order: string[] = [];
  void gone.then(() => order.push('discarded'));
  while (git(root, 'for-each-ref', 'refs/tandem/trash') === '') await setImmediate();
  for (let asked = 0; asked < 20; asked += 1) {
    git(root, 'rev-parse', 'HEAD');
    await setImmediate();
  }
  expect([order, existsSync(made.root)]).toEqual([[], true]);
  sweep.kill('SIGKILL');
  await once(sweep, 'exit');
  await gone;
  expect(existsSync(made.root)).toBe(false);
  rmSync(pidFile);
});
