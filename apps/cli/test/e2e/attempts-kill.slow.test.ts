import { expect, test } from 'vitest';
import { before, begin, killWhen, reportOf } from './attempts-kill.ts';
import { attemptsMachine } from './attempts-machine.ts';

test.each([
  ['the baseline', 'running the tests as they are'],
  ['the first worktree', 'attempt 1: scripted'],
  ['the work of an attempt', 'attempt 2: edit greet.js'],
  ['the choice', 'attempt 2: verifying once more'],
])(
  'kill -9 during %s: resume goes on, nothing is lost and nothing is left without a name',
  async (_, shown) => {
    await killWhen(shown);
  },
);

test('Ctrl-C ends it with 130; resume makes what is missing', async () => {
  const machine = attemptsMachine();
  const { child, ended, shows } = begin(machine);
  await shows('attempt 2: verifying');
  child.kill('SIGINT');
  const { code, err } = await ended;
  expect([code, machine.read('greet.js')]).toEqual([130, before]);
  const session = /session (ses_\w+)/.exec(err)?.[1] ?? '';
  const resumed = await machine.run(['attempts', 'resume', session, '--json', '--sandbox', 'full']);
  expect([resumed.code, reportOf(resumed.out).chosen]).toEqual([0, 2]);
});
