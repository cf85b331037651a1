import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';
import { expectFrame, Terminal } from './terminal.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');
const idle = '❯ Ask for a change';

test('a workspace that brings hooks along is asked about once, and what was typed on the way is kept', async () => {
  const machine = new Machine();
  const command = `echo ran >> ${machine.home}/log`;
  machine.write(
    '.claude/settings.json',
    JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } }),
  );
  const model = machine.script('mind', [{ text: 'one' }, { text: 'two' }]);
  const start = (words: readonly string[]): Terminal =>
    new Terminal([bin, '--model', model, ...words], {
      cwd: machine.workspace,
      env: { PATH: process.env.PATH, HOME: machine.home, LC_ALL: 'C.UTF-8' },
    });
  const first = start(['say one']);
  await first.shows('Trust this workspace?');
  await first.shows('❯ say one');
  const frame = first.screen().replaceAll(machine.home, '<home>');
  expectFrame('tui-trust', frame.replace(/ctx [\d.]+k?/g, 'ctx <n>'));
  first.type('\x1b[B\r');
  await first.shows('trusted; what its config file says');
  first.type('\r');
  await first.shows('✓ done');
  expect(machine.read('../log')).toBe('ran\n');
  first.type('/hooks\r');
  await first.shows('.claude/settings.json');
  first.type('q');
  await first.shows(idle);
  first.type('\x03\x03');
  expect(await first.ended).toBe(0);

  const second = start(['say two']);
  await second.shows('✓ done');
  await second.shows(idle);
  expect(second.history()).not.toContain('Trust this');
  expect(machine.read('../log')).toBe('ran\nran\n');
});

test('commands of a person and of the workspace are in the menu and are sent as their text', async () => {
  const machine = new Machine();
  machine.write(
    '.agents/commands/explain.md',
    '---\ndescription: Explain a file\nargument-hint: FILE\n---\nExplain $1 to me.\n',
  );
  const model = machine.script('mind', [{ match: '^Explain a\\.txt to me\\.$', text: 'It is a text.' }]);
  const terminal = new Terminal([bin, '--model', model], {
    cwd: machine.workspace,
    env: { PATH: process.env.PATH, HOME: machine.home, LC_ALL: 'C.UTF-8' },
  });
  await terminal.shows(idle);
  terminal.type('/expl');
  await terminal.shows('/explain FILE');
  terminal.type('\t');
  await terminal.shows('❯ /explain');
  terminal.type('a.txt\r');
  await terminal.shows('It is a text.');
  await terminal.shows('✓ done');
});
