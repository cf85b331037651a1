import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';
import { expectFrame, Terminal, type TerminalOptions } from './terminal.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');
const idle = '❯ Ask for a change';

const machineWith = (turns: readonly object[], config = '') => {
  const machine = new Machine();
  machine.write('../.config/tandem/config.toml', config);
  const model = machine.script('mind', turns);
  const env = { PATH: process.env.PATH, HOME: machine.home, LC_ALL: 'C.UTF-8' };
  const start = (
    more: Readonly<Record<string, string>> = {},
    size: Partial<TerminalOptions> = {},
  ): Terminal =>
    new Terminal([bin, '--model', model], { ...size, cwd: machine.workspace, env: { ...env, ...more } });
  return { machine, start };
};

test('keys of the config do what they were given, and the help says so', async () => {
  const { machine, start } = machineWith(
    [{ text: 'written', match: '^one\n\ntwo$' }],
    '[keys]\nsend = "alt-enter"\nnewline = ["enter"]\neditor = "ctrl-p"\n',
  );
  machine.write('../bin/ed', '#!/bin/sh\nprintf "one\\n" > "$1"\n');
  chmodSync(join(machine.home, 'bin/ed'), 0o755);
  const terminal = start({ EDITOR: join(machine.home, 'bin/ed') });
  await terminal.shows(idle);
  await terminal.shows('✓ git');
  terminal.type('?');
  await terminal.until(
    () => /Alt-Enter {2}send/.test(terminal.screen()) || terminal.screen().includes('scroll'),
  );
  terminal.type('q');
  await terminal.shows(idle);
  terminal.type('\x07');
  terminal.type('\x10');
  await terminal.shows('❯ one');
  terminal.type('\r\rtwo');
  await terminal.shows('  two');
  terminal.type('\x1b\r');
  await terminal.shows('● written');
  // In a list Enter chooses, whatever it does in the text.
  terminal.type('/mode\x1b\r');
  await terminal.shows('Permission mode');
  terminal.type('plan\r');
  await terminal.shows('mode plan');
});

test.each([
  ['usual', { columns: 80, rows: 24 }],
  ['small', { columns: 40, rows: 12 }],
] as const)('the help shows the keys as they are: %s', async (name, size) => {
  const { machine, start } = machineWith([], '[keys]\neditor = "ctrl-p"\nyank = []\n');
  const terminal = start({}, size);
  await terminal.shows(idle);
  await terminal.shows('✓ sandbox');
  terminal.type('?');
  await terminal.shows('Keys');
  const mask = (frame: string): string =>
    frame.replaceAll(machine.home, '<home>').replace(/ctx [\d.]+k?/g, 'ctx <n>');
  expectFrame(`tui-keys-${name}`, mask(terminal.screen()));
  if (name === 'small') terminal.type(`\x1b[6~${'\x1b[B'.repeat(4)}`);
  await terminal.shows('Ctrl-P  write in your editor');
});

test('a key that two actions want is refused at the start, in words', async () => {
  const { start } = machineWith([], '[keys]\neditor = "ctrl-r"\n');
  const terminal = start();
  expect(await terminal.ended).toBe(2);
  expect(terminal.screen()).toContain('[keys]: ctrl-r is given to search and to editor');
});

test('Ctrl-B puts a shell line behind: it goes on, and its output comes with a later prompt', async () => {
  const { machine, start } = machineWith([
    { text: 'no output yet', match: '^first$' },
    { text: 'here it is', match: 'late output' },
  ]);
  const terminal = start();
  await terminal.shows(idle);
  terminal.type('!until [ -e go ]; do sleep 0.05; done; echo late output\r');
  await terminal.shows('Ctrl-B behind');
  terminal.type('\x02');
  await terminal.shows('1 behind');
  // Escape ends what is in front alone.
  terminal.type('\x1b');
  await terminal.shows('Esc again');
  terminal.type('first\r');
  await terminal.shows('● no output yet');
  await terminal.shows(idle);
  machine.write('go', '');
  await terminal.shows('1 output attached');
  expect(terminal.screen()).not.toContain('1 behind');
  terminal.type('second\r');
  await terminal.shows('● here it is');
});

test('a picture is refused in words, and the name of its file is text', async () => {
  const { start } = machineWith([]);
  const terminal = start();
  await terminal.shows(idle);
  terminal.type('\x16');
  await terminal.shows('pictures cannot be sent');
  terminal.type('x\x7f');
  terminal.type('\x1b');
  await terminal.until(() => !terminal.screen().includes('pictures'));
  terminal.type('\x1b[200~/tmp/shot.png\x1b[201~');
  await terminal.shows('pictures cannot be sent');
  await terminal.shows('❯ /tmp/shot.png');
});
