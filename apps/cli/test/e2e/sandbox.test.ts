import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
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

const holds = async (): Promise<boolean> =>
  /^ok +sandbox:.*workspace-write by/m.test((await machine.run(['doctor'])).out);

test('auto mode confines commands by itself, says so, and a person can turn it off', async (context) => {
  context.skip(!(await holds()));
  const auto = ['exec', '--model', model, '--permission-mode', 'auto', '--output-format', 'stream-json'];
  const confined = await machine.run([...auto, 'Go']);
  expect(confined.err).toMatch(/commands are confined: workspace-write by \w+, no network/);
  expect(confined.out).not.toContain('PRIVATE');
  const open = await machine.run([...auto, '--sandbox', 'full', 'Go']);
  expect(open.err).not.toContain('confined');
});

test.each([
  [['--egress', 'a.com', '--sandbox', 'full'], /with --sandbox full every host is open/],
  [['--egress', 'a.com', '--offline'], /--egress or --offline, not both/],
  [['--egress', '10.0.0.1'], /"10\.0\.0\.1" is not a host that can be allowed/],
  [['--egress', 'http://a.com/x'], /is not a host that can be allowed/],
  [['--sandbox', 'some'], /--sandbox/],
])('%j is refused', async (options, message) => {
  const { code, err } = await machine.run(['exec', '--model', model, ...options, 'Go']);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(message) });
});

test('--egress opens a sandbox with those hosts, and the config may hold both', async (context) => {
  context.skip(!(await holds()));
  const bypass = ['exec', '--model', model, '--permission-mode', 'bypass', '--output-format', 'json'];
  const typed = await machine.run([...bypass, '--egress', 'example.com,*.example.org', 'Go']);
  expect(typed.err).toContain('workspace-write');
  expect(typed.err).toContain('a network of the listed hosts');
  mkdirSync(join(machine.home, '.config/tandem'), { recursive: true });
  const config = join(machine.home, '.config/tandem/config.toml');
  writeFileSync(config, 'sandbox = "read-only"\negress = ["example.com"]\n');
  try {
    const told = await machine.run([...bypass, 'Go']);
    expect(told.err).toMatch(/confined: read-only by \w+, a network of the listed hosts/);
    const offline = await machine.run([...bypass, '--offline', 'Go']);
    expect(offline.err).toMatch(/confined: read-only by \w+, no network/);
  } finally {
    rmSync(config);
  }
});

test('a state folder inside the workspace hides nothing that attempts need', async (context) => {
  context.skip(!(await holds()));
  const other = new Machine();
  other.write('add.mjs', 'export const add = (a, b) => a - b;\n');
  other.write(
    'add.test.mjs',
    "import assert from 'node:assert';\nimport { add } from './add.mjs';\nassert.equal(add(1, 2), 3);\n",
  );
  const small = other.script('small', [{ text: 'I do not know.' }], { strength: 'small' });
  const words = ['exec', '--model', small, '--permission-mode', 'auto', '--verify', 'node add.test.mjs'];
  const env = { XDG_STATE_HOME: join(other.workspace, 'state') };
  const { code, err } = await other.run([...words, 'Fix the failing test'], { env });
  expect([code, err]).toEqual([0, expect.stringMatching(/commands are confined.*passes/s)]);
  expect(other.read('add.mjs')).toBe('export const add = (a, b) => a + b;\n');
});
