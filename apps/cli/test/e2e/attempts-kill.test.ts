import { expect, test } from 'vitest';
import { after, before, begin, killWhen } from './attempts-kill.ts';
import { attemptsMachine } from './attempts-machine.ts';

test('kill -9 while an attempt verifies: resume goes on, nothing is lost and nothing is left without a name', async () => {
  await killWhen('attempt 2: verifying');
});

test('kill -9 while an attempt is accepted, at many moments: the files are as before or wholly landed', async () => {
  const machine = attemptsMachine();
  const { ended } = begin(machine);
  const session = /session (ses_\w+)/.exec((await ended).err)?.[1] ?? '';
  for (const delay of [250, 350, 450, 600, 800]) {
    const { child, ended: gone } = machine.start(['attempts', 'accept', session]);
    const killing = setTimeout(() => child.kill('SIGKILL'), delay);
    const { code } = await gone;
    clearTimeout(killing);
    expect([before, after]).toContain(machine.read('greet.js'));
    if (code === 0) break;
  }
  const last = await machine.run(['attempts', 'accept', session]);
  expect([last.code === 0 || /accepted already/.test(last.err), machine.read('greet.js')]).toEqual([
    true,
    after,
  ]);
  expect((await machine.run(['undo', '--session', session])).code).toBe(0);
  expect([machine.read('greet.js'), machine.read('mine.txt')]).toEqual([before, 'not in git\n']);
});
