import { expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const machine = new Machine();

const sessionOf = async (...words: string[]): Promise<string> => {
  const { code, out, err } = await machine.run(['exec', '--json', ...words]);
  expect([code, err]).toEqual([0, expect.any(String)]);
  return JSON.parse(out).session;
};

test('a session is listed, continued, shown, forked, exported and undone', async () => {
  expect(await machine.run(['sessions'])).toEqual({
    code: 0,
    out: '',
    err: 'No sessions yet. The first one: tandem exec "…"\n',
  });
  machine.write('kept.txt', 'before\n');
  const model = machine.script('edit', [
    { toolCalls: [{ name: 'read', arguments: { path: 'kept.txt' } }] },
    { toolCalls: [{ name: 'write', arguments: { path: 'kept.txt', text: 'after\n' } }] },
    { text: 'Changed kept.txt.' },
  ]);
  const session = await sessionOf('--model', model, 'Change kept.txt');
  expect(machine.read('kept.txt')).toBe('after\n');
  machine.expectGolden('sessions', await machine.run(['sessions']));
  machine.expectGolden('resume-shows', await machine.run(['resume', '--last']));
  machine.expectGolden('export-markdown', await machine.run(['export', session]));

  const fork = await machine.run(['fork', session]);
  expect([fork.code, fork.out]).toEqual([0, expect.stringMatching(/^ses_\w+\n$/)]);
  const { out: forked } = await machine.run(['export', fork.out.trim(), '--json']);
  expect(JSON.parse(forked).events.map(({ type }: { type: string }) => type)).toContain('turn.completed');

  const undone = await machine.run(['undo', '--session', session]);
  expect(undone).toEqual({ code: 0, out: 'kept.txt\n', err: `1 file put back in ${machine.workspace}\n` });
  expect(machine.read('kept.txt')).toBe('before\n');
  const again = await machine.run(['undo', '--session', session]);
  expect([again.code, again.out]).toEqual([1, '']);
});

test('--continue, resume and --session go on in the same session', async () => {
  const model = machine.script('three', [{ text: 'One.' }]);
  const session = await sessionOf('--model', model, 'First');
  expect(await sessionOf('--continue', 'Second')).toBe(session);
  expect(await sessionOf('--session', session.slice(0, -2), 'Third')).toBe(session);
  const resumed = await machine.run(['resume', session, 'Fourth', '--json']);
  expect(JSON.parse(resumed.out)).toMatchObject({ session, status: 'completed', answer: 'One.' });
  const { err, code } = await machine.run(['exec', '-c', '-m', 'scripted/other.json', 'Fifth']);
  expect([code, err]).toEqual([2, expect.stringContaining('leave --model out')]);
});

test('a session that is not there', async () => {
  for (const words of [
    ['resume', 'ses_nothere', 'x'],
    ['export', 'ses_nothere'],
    ['fork', 'ses_nothere'],
  ]) {
    expect(await machine.run(words)).toEqual({
      code: 1,
      out: '',
      err: 'tandem: there is no session ses_nothere; see tandem sessions\n',
    });
  }
});
