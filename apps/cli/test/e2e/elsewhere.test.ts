import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Terminal } from '../tui/terminal.ts';
import { hasSshd, openSshMachine, processesWith } from './ssh-machine.ts';
import { Machine } from './tandem.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');
const idle = '❯ Ask for a change';
const fixing = [
  { toolCalls: [{ name: 'read', arguments: { path: 'add.ts' } }] },
  { toolCalls: [{ name: 'edit', arguments: { path: 'add.ts', old: 'a - b', new: 'a + b' } }] },
  { text: 'The sign was wrong.' },
];

const twoMachines = async () => {
  const here = new Machine();
  const { there, destination, path } = await openSshMachine(here);
  there.write('add.ts', 'export const add = (a: number, b: number) => a - b;\n');
  const start = (words: readonly string[]): Terminal =>
    new Terminal([bin, '--host', destination, '--host-program', bin, '--cwd', there.workspace, ...words], {
      columns: 100,
      cwd: here.workspace,
      env: { PATH: path, HOME: here.home, LC_ALL: 'C.UTF-8' },
    });
  const runsThere = (): readonly number[] => processesWith('--stdio', there.workspace);
  return { here, there, destination, start, runsThere };
};

describe.skipIf(!hasSshd)('over a real sshd (needs ssh and sshd)', () => {
  test('a prompt here changes a file there, shell lines run there, and nothing stays behind', async () => {
    const { here, there, destination, start, runsThere } = await twoMachines();
    const screen = start(['--model', there.script('mind', fixing)]);
    await screen.shows(idle);
    await screen.shows(`in ${destination}:`);
    await screen.shows('scripted/…/mind.json');
    screen.type('!pwd; echo shell-$HOME\r');
    await screen.shows(`shell-${there.home}`);
    screen.type('\x1b');
    await screen.until(() => !screen.screen().includes('→ exit'), 'the prompt');
    screen.type('fix @add');
    await screen.shows('add.ts');
    screen.type('\t\r');
    await screen.shows('a allow once');
    screen.type('a');
    await screen.shows('✓ done');
    expect(there.read('add.ts')).toContain('a + b');
    expect(here.read('add.ts')).toBeNull();
    screen.type('/export talk.md\r');
    await screen.shows('written to');
    expect(here.read('talk.md')).toContain('The sign was wrong.');
    screen.type('/merge\r');
    await screen.shows(`$ ${destination}: tandem merge`);
    await screen.shows('Enter goes back');
    expect(screen.screen()).toContain('git');
    screen.type('\r');
    await screen.shows('not merged');
    screen.type('/init\r');
    await screen.shows('/init is not there over --host');
    screen.type('\x03\x03');
    expect(await screen.ended).toBe(0);
    expect(screen.history().replaceAll('\n', '')).toMatch(/To go on: tandem --host .* --session ses_/);
    expect(runsThere()).toEqual([]);
  });

  test('plain lines do the same', async () => {
    const { there, start, runsThere } = await twoMachines();
    const screen = start(['--screen-reader', '--model', there.script('mind', fixing), 'fix add']);
    await screen.shows('Type a to allow once');
    screen.type('a\r');
    await screen.shows('The sign was wrong.');
    await screen.shows('Your prompt, or /quit');
    expect(there.read('add.ts')).toContain('a + b');
    screen.type('/quit\r');
    expect(await screen.ended).toBe(0);
    expect(runsThere()).toEqual([]);
  });

  test('a line that breaks says so, leaves nothing there, and the session is taken up again', async () => {
    const { there, destination, start, runsThere } = await twoMachines();
    const model = there.script('mind', fixing);
    const screen = start(['--model', model, 'fix add']);
    await screen.shows('a allow once');
    for (const pid of processesWith('ssh', 'ServerAlive', there.workspace)) process.kill(pid, 'SIGKILL');
    expect(await screen.ended).toBe(1);
    const said = screen.history().replaceAll('\n', ' ');
    expect(said).toContain(`The connection to ${destination} is gone.`);
    const [, session = ''] = /--session (ses_\w+)/.exec(screen.history().replaceAll('\n', '')) ?? [];
    expect(session).not.toBe('');
    expect(screen.modesAtEnd()).toBe('canonical');
    await expect.poll(runsThere, { timeout: 10_000 }).toEqual([]);
    expect(there.read('add.ts')).toContain('a - b');

    const again = start(['--model', model, '--session', session]);
    await again.shows('a allow once');
    again.type('a');
    await again.shows('✓ done');
    expect(there.read('add.ts')).toContain('a + b');
    again.type('\x03\x03');
    expect(await again.ended).toBe(0);
  });

  test('a command that runs there ends with the line', async () => {
    const { there, start, runsThere } = await twoMachines();
    // Its own length, so that nobody else's is meant.
    const command = 'touch begun; exec sleep 98765.25';
    const model = there.script('mind', [
      { toolCalls: [{ name: 'bash', arguments: { command } }] },
      { text: 'It was interrupted.' },
    ]);
    const screen = start(['--model', model, '--permission-mode', 'bypass', 'wait']);
    await expect.poll(() => there.read('begun'), { timeout: 20_000 }).toBe('');
    for (const pid of processesWith('ssh', 'ServerAlive', there.workspace)) process.kill(pid, 'SIGKILL');
    expect(await screen.ended).toBe(1);
    await expect.poll(runsThere, { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => processesWith('sleep', '98765.25'), { timeout: 10_000 }).toEqual([]);
  });

  test('a machine without tandem is said to be one', async () => {
    const here = new Machine();
    const { destination, path } = await openSshMachine(here);
    const words = [bin, '--host', destination, '--host-program', 'no such program'];
    const screen = new Terminal(words, { cwd: here.workspace, env: { PATH: path, HOME: here.home } });
    expect(await screen.ended).toBe(2);
    expect(screen.history()).toContain('no such program is not found on');
  });
});

test.each(['-oProxyCommand=touch /tmp/x', 'me@-oProxyCommand=x', 'a b', 'a;b', '$(x)'])(
  'the host %s is refused before ssh is started',
  async (host) => {
    const outcome = await new Machine().run([`--host=${host}`]);
    expect(outcome.code).toBe(2);
    expect(outcome.err).toContain('--host is user@machine');
  },
);

test('what needs a terminal, a socket or this machine is refused in words', async () => {
  const machine = new Machine();
  const headless = await machine.run(['--host', 'shop', '-p', 'fix it']);
  expect(headless).toMatchObject({ code: 2 });
  expect(headless.err).toContain('ssh shop tandem exec');
  const socket = await machine.run(['serve', '--stdio', '--lan'], { input: '' });
  expect(socket).toMatchObject({ code: 2, err: expect.stringContaining('--lan is of a socket') });
});
