import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const machine = new Machine();
const command = 'echo x > made; cat ~/.ssh/id; echo x > ../planted; echo ended';
const model = machine.script('shell', [
  { toolCalls: [{ name: 'bash', arguments: { command } }] },
  { toolCalls: [{ name: 'write', arguments: { path: 'edited', text: 'x\n' } }] },
  { text: 'Done.' },
]);
const exec = ['exec', '--model', model, '--permission-mode', 'bypass', '--output-format', 'stream-json'];

test('--sandbox confines what a turn runs, and not its edits', async (context) => {
  mkdirSync(join(machine.home, '.ssh'));
  writeFileSync(join(machine.home, '.ssh/id'), 'PRIVATE');
  const { out: report } = await machine.run(['doctor']);
  context.skip(!/^ok +sandbox:.*workspace-write/m.test(report), report.trimEnd().split('\n').at(-1));

  const confined = await machine.run([...exec, '--sandbox', 'workspace-write', 'Go']);
  expect(confined.code).toBe(0);
  expect(confined.out).toContain('ended');
  expect(confined.out).not.toContain('PRIVATE');
  expect([machine.read('made'), existsSync(join(machine.home, 'planted'))]).toEqual(['x\n', false]);
  expect(machine.read('edited')).toBe('x\n');

  const open = await machine.run([...exec, '--sandbox', 'full', 'Go']);
  expect(open.out).toContain('PRIVATE');
  expect(existsSync(join(machine.home, 'planted'))).toBe(true);
});
