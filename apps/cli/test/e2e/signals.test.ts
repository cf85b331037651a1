import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const machine = new Machine();
const slow = machine.script('slow', [{ text: 'Late.', delayMs: 60_000 }]);
const quick = machine.script('quick', [{ text: 'Now.' }]);
const stream = ['--output-format', 'stream-json'];

type Line = { type: string; session: string; data: { outcome?: string } };
const eventsOf = (out: string): Line[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const running = async () => {
  const started = machine.start(['exec', '--model', slow, ...stream, 'Wait']);
  await started.shows('step.started');
  return started;
};

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the turn as interrupted, with exit %i', async (signal, code) => {
  const { child, ended } = await running();
  child.kill(signal);
  const outcome = await ended;
  expect(outcome.code).toBe(code);
  expect(eventsOf(outcome.out).at(-1)).toMatchObject({
    type: 'turn.completed',
    data: { outcome: 'interrupted' },
  });
});

test('SIGPIPE, which comes when a child that is written to has ended, leaves the turn alone', async () => {
  const later = machine.script('later', [{ text: 'Done.', delayMs: 400 }]);
  const { child, ended, shows } = machine.start(['exec', '--model', later, ...stream, 'Wait a little']);
  await shows('step.started');
  child.kill('SIGPIPE');
  const { code, out } = await ended;
  expect({ code, last: eventsOf(out).at(-1)?.data.outcome }).toEqual({ code: 0, last: 'ok' });
});

test('SIGINT while verify runs: the command and its children are gone with it', async () => {
  machine.write('add.js', 'export const add = (a, b) => a - b;\n');
  const model = machine.script('small', [{ text: 'x' }], { strength: 'small', parameters: 1.5 });
  const verify = 'echo started > "$PIDS"; (sleep 300 & echo $! >> "$PIDS"; wait)';
  const pids = join(machine.home, 'pids');
  const words = ['--verify', verify, '--files', 'add.js', 'Fix add in add.js'];
  const { child, ended } = machine.start(['exec', '--model', model, ...words], { env: { PIDS: pids } });
  await expect
    .poll(() => existsSync(pids) && readFileSync(pids, 'utf8').split('\n').length, { timeout: 10_000 })
    .toBe(3);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  const pid = Number(readFileSync(pids, 'utf8').split('\n')[1]);
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie waits for a parent that reaps it: dead all the same.
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
};

test('after kill -9 the session is intact, and resume goes on with it', async () => {
  const { child, ended } = await running();
  child.kill('SIGKILL');
  const { out } = await ended;
  const before = eventsOf(out);
  const { session } = before[0]!;
  const shown = await machine.run(['resume', session]);
  expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('## Wait')]);
  const { out: exported } = await machine.run(['export', session, '--json']);
  const { events } = JSON.parse(exported) as { events: Line[] };
  expect(events.slice(0, before.length)).toEqual(before);
  expect(events.map(({ type }) => type)).toContain('turn.completed');
});

test('two processes on one session: the second is told so', async () => {
  const { child, ended, shows: _ } = await running();
  const { out } = await machine.run(['sessions', '--json']);
  const { id } = JSON.parse(out)[0];
  const second = await machine.run(['resume', id, 'And this?']);
  expect([second.code, second.out]).toEqual([1, '']);
  expect(second.err).toMatch(/^tandem: Process \d+ holds this session/);
  child.kill('SIGINT');
  await ended;
});

test('a reader that leaves early is no error worth a stack', async () => {
  const { child, ended, shows } = machine.start(['exec', '--model', quick, ...stream, 'Go']);
  await shows('session.created');
  child.stdout!.destroy();
  expect((await ended).err).not.toMatch(/EPIPE|at .*\.ts/);
});
