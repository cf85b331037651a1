import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';

/** Looking at what is staged started the program that the repository's settings name as its file-system monitor. */
test('judge --staged starts nothing of the repository', async () => {
  const machine = new Machine();
  const git = (...words: string[]) => execFileSync('git', words, { cwd: machine.workspace });
  machine.write('a.txt', 'a\n');
  git('init', '--quiet');
  git('add', 'a.txt');
  git('config', 'core.fsmonitor', 'touch started');
  expect(await machine.run(['judge', '--staged'])).toEqual({ code: 0, out: '', err: '' });
  expect(machine.read('started')).toBeNull();
});
