import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';
import { pictureOf } from './picture.ts';
import { expectFile, expectFrame, Terminal, type TerminalOptions } from './terminal.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');

const fixing = [
  { text: 'I will **look** first.', toolCalls: [{ name: 'read', arguments: { path: 'add.ts' } }] },
  { toolCalls: [{ name: 'edit', arguments: { path: 'add.ts', old: 'a - b', new: 'a + b' } }] },
  {
    text: 'The sign was wrong:\n\n```ts\nreturn a + b; // 加法 👩‍👩‍👧\n```\n\n| what | is |\n|---|---|\n| add | fixed |',
  },
];

const machineWith = (turns: readonly object[]) => {
  const machine = new Machine();
  machine.write('add.ts', 'export const add = (a: number, b: number) => a - b;\n');
  const model = machine.script('mind', turns);
  const start = (words: readonly string[], options: Partial<TerminalOptions> = {}): Terminal =>
    new Terminal([bin, ...words], {
      cwd: machine.workspace,
      ...options,
      env: { PATH: process.env.PATH, HOME: machine.home, LC_ALL: 'C.UTF-8', ...options.env },
    });
  return { machine, model, start };
};

/** What differs from run to run. */
const masked = (machine: Machine, frame: string): string =>
  frame
    .replaceAll(machine.home, '<home>')
    .replace(/\d+\.\d s\b/g, '<s> s')
    .replace(/ · [\d.]+k? tok\/s/g, '')
    .replace(/[\d.]+k?(\s)in, [\d.]+k?(\s)out/g, '<n>$1in, <n>$2out')
    .replace(/ctx [\d.]+k?/g, 'ctx <n>')
    .replace(/ses_[0-9a-z]+/g, 'ses_<id>');

const idle = '❯ Ask for a change';
const size = { small: { columns: 40, rows: 12 }, usual: { columns: 80, rows: 24 } };

describe.each(['usual', 'small'] as const)('a turn on a %s terminal', (name) => {
  test('is asked about, done, and there again after a restart', async () => {
    const { machine, model, start } = machineWith(fixing);
    const first = start(['--model', model], size[name]);
    await first.shows(idle);
    await first.shows('scripted/…/mind.json');
    await first.until(() => /✓ git version/.test(first.screen()));
    first.type('fix add');
    await first.shows('❯ fix add');
    first.type('\r');
    await first.shows('a allow once');
    expectFrame(`tui-approval-${name}`, masked(machine, first.screen()));
    if (name === 'usual') {
      const picture = pictureOf(first, (text) => masked(machine, text).replace('<home>/project', '~/shop'));
      expectFile(join(import.meta.dirname, '../../../../docs/terminal.svg'), picture);
    }
    first.type('a');
    await first.shows('✓ done');
    await first.shows(idle);
    const before = first.screen();
    expectFrame(`tui-done-${name}`, masked(machine, before));
    expect(machine.read('add.ts')).toBe('export const add = (a: number, b: number) => a + b;\n');
    first.type('\x04');
    expect(await first.ended).toBe(0);
    expect(first.screen()).toMatch(/To go on: tandem resume ses_/);

    const second = start(['resume', '--last'], size[name]);
    await second.shows('✓ done');
    await second.shows(idle);
    const tail = (frame: string): readonly string[] => masked(machine, frame).split('\n').slice(-8, -1);
    expect(tail(second.screen())).toEqual(tail(before));
    second.type('\x03\x03');
    expect(await second.ended).toBe(0);
  });
});

test('another size is drawn anew, and nothing is left of the old one', async () => {
  const { machine, model, start } = machineWith([{ text: 'word '.repeat(120) }]);
  const terminal = start(['--model', model, 'say words']);
  await terminal.shows('✓ done');
  await terminal.shows(idle);
  await terminal.redrawn(() => terminal.resize(40, 12));
  expect(terminal.screen().split('\n').length).toBe(12);
  expectFrame('tui-resized', masked(machine, terminal.screen()));
  await terminal.redrawn(() => terminal.resize(200, 40));
  expect(terminal.screen().match(/─{5,}/g)).toEqual(['─'.repeat(199), '─'.repeat(199)]);
});

test.each([
  ['TERM', 15],
  ['HUP', 1],
])('SIG%s while a turn runs gives the terminal back', async (_, signal) => {
  const { model, start } = machineWith([{ text: 'late', delayMs: 60_000 }]);
  const terminal = start(['--model', model, 'wait']);
  await terminal.shows('thinking');
  expect(await terminal.modes()).toBe('raw');
  terminal.signal(signal);
  expect(await terminal.ended).toBe(143);
  expect(terminal.modesAtEnd()).toBe('canonical');
  expect(terminal.raw.lastIndexOf('\x1b[?2004l')).toBeGreaterThan(terminal.raw.lastIndexOf('\x1b[?2004h'));
});

test('Ctrl-C clears, interrupts, and leaves at the second', async () => {
  const { model, start } = machineWith([{ text: 'late', delayMs: 60_000 }]);
  const terminal = start(['--model', model]);
  await terminal.shows(idle);
  terminal.type('never mind\x03');
  await terminal.shows('Ctrl-C again to leave');
  await terminal.shows(idle);
  terminal.type('x\x7f');
  await terminal.until(() => !terminal.screen().includes('Ctrl-C again'));
  // Without a shell to go back to, Ctrl-Z leaves the screen as it is.
  terminal.type('\x1a');
  await terminal.redrawn(() => {});
  terminal.type('wait\r');
  await terminal.shows('thinking');
  terminal.type('\x1b');
  await terminal.shows('■ interrupted');
  terminal.type('\x03\x03');
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw.lastIndexOf('\x1b[?2004l')).toBeGreaterThan(terminal.raw.lastIndexOf('\x1b[?2004h'));
});

test('an input sent while a turn runs joins it', async () => {
  const { model, start } = machineWith([
    { toolCalls: [{ name: 'bash', arguments: { command: 'sleep 1; echo slept' } }] },
    { text: 'both done', match: 'second thing' },
  ]);
  const terminal = start(['--model', model, '--permission-mode', 'bypass', 'first thing']);
  await terminal.shows('sleep 1');
  terminal.type('second thing\r');
  await terminal.shows('queued: second thing');
  await terminal.shows('both done');
  await terminal.shows('✓ done');
  expect(terminal.history().match(/❯ second thing/g)).toHaveLength(1);
});

test('plain lines for a screen reader: a prompt, a question, an answer', async () => {
  const { model, start } = machineWith(fixing);
  const terminal = start(['--screen-reader', '--model', model]);
  await terminal.shows('Your prompt');
  terminal.type('fix add\r');
  await terminal.shows('Type a to allow once');
  terminal.type('a\r');
  await terminal.shows('✓ done');
  await terminal.until(() => terminal.screen().trimEnd().endsWith('Your prompt, or /quit:'));
  terminal.type('/quit\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw).not.toContain('\x1b[');
});

test('one long session: untrusted text, scrolling, mentions, shell lines, pastes, refusals, undo', async () => {
  const rows = Array.from({ length: 100 }, (_, index) => `line ${index} of the answer`);
  const evil = 'a\u001b]0;owned\u0007b\u001b[2Jc\u009b31md\u001b[?1049h\u202e';
  const { machine, model, start } = machineWith([
    { text: evil },
    { text: rows.join('\n') },
    { text: 'seen', match: '<shell command="echo hi" exit="0">\nhi' },
    { text: 'long', match: 'row 9999$' },
    { toolCalls: [{ name: 'bash', arguments: { command: 'touch made' } }], match: 'make a file' },
    { text: 'as you wish', match: 'use the other file' },
    ...fixing,
  ]);
  machine.write('src/deep/needle.ts', '');
  const terminal = start(['--model', model, 'go'], { env: { NO_COLOR: '1' } });
  // Text of the model cannot speak to the terminal.
  await terminal.shows('● abcd');
  await terminal.shows('✓ done');
  expect(terminal.raw).not.toContain('owned');
  expect(terminal.raw).not.toContain('\u001b[?1049h');
  // NO_COLOR: weight, and no colour.
  expect(terminal.raw).toContain('\x1b[1m');
  expect(terminal.raw).not.toMatch(new RegExp(`${'\x1b'}\\[[0-9;]*3[0-9][;m]`));
  // A long answer scrolls away, each line once.
  terminal.type('write a lot\r');
  await terminal.shows('line 99 of the answer');
  await terminal.shows(idle);
  expect(terminal.history().match(/line \d+ of the answer/g)).toEqual(rows);
  // Commands by a slash, files by a mention.
  terminal.type('/th');
  await terminal.shows('/theme');
  terminal.type('\x7f\x7f\x7flook at @need');
  await terminal.shows('› src/deep/needle.ts');
  terminal.type('\t');
  await terminal.shows('look at @src/deep/needle.ts');
  // A shell line goes with the next prompt.
  terminal.type('\x15!echo hi\r');
  await terminal.shows('exit 0; goes with the next prompt');
  await terminal.shows('1 output attached');
  terminal.type('what was that\r');
  await terminal.shows('● seen');
  await terminal.shows(idle);
  // A paste is folded, and sent whole.
  const pasted = Array.from({ length: 10_000 }, (_, index) => `row ${index}`).join('\n');
  terminal.type(`\x1b[200~${pasted}\x1b[201~`);
  await terminal.shows('❯ [paste 1: 10000 lines]');
  terminal.type('\r');
  await terminal.shows('● long');
  await terminal.shows(idle);
  // A refusal takes words, which the model reads.
  terminal.type('make a file\r');
  await terminal.shows('May this command run?');
  terminal.type('d');
  await terminal.shows('What should be done instead');
  terminal.type('use the other file\r');
  await terminal.shows('as you wish');
  await terminal.shows(idle);
  expect(machine.read('made')).toBeNull();
  // Shift-Tab changes the mode, which the next turn has; undo and redo say what they moved.
  terminal.type('\x1b[Z');
  await terminal.shows('mode acceptEdits');
  terminal.type('fix add\r');
  await terminal.shows('1 file +1 −1');
  await terminal.shows(idle);
  terminal.type('/undo\r');
  await terminal.shows('put back: add.ts');
  expect(machine.read('add.ts')).toContain('a - b');
  terminal.type('/redo\r');
  await terminal.until(() => machine.read('add.ts')?.includes('a + b') === true);
  // The whole conversation on a screen of its own, and back.
  terminal.type('\x0f');
  await terminal.shows('q closes');
  expect(terminal.emulator.buffer.active.type).toBe('alternate');
  terminal.type('q');
  await terminal.shows(idle);
  expect(terminal.emulator.buffer.active.type).toBe('normal');
});

test('k allows the kind: the rule is in the policy, and the next of its kind is not asked about', async () => {
  const bash = (command: string) => ({ toolCalls: [{ name: 'bash', arguments: { command } }] });
  const { machine, model, start } = machineWith([
    bash('npm install one@1.0.0'),
    bash('npm install two@1.0.0'),
    { text: 'both are there' },
  ]);
  machine.write('../bin/npm', '#!/bin/sh\necho "$2" >> installed\n');
  chmodSync(join(machine.home, 'bin/npm'), 0o755);
  const env = { PATH: `${machine.home}/bin:${process.env.PATH}` };
  const words = ['--model', model, '--permission-mode', 'auto', '--sandbox', 'full', 'install them'];
  const terminal = start(words, { env });
  await terminal.shows('npm install one@1.0.0');
  await terminal.shows('a allow once');
  terminal.type('k');
  await terminal.shows('both are there');
  expect(machine.read('installed')).toBe('one@1.0.0\ntwo@1.0.0\n');
  expect(machine.read('../.config/tandem/policy.toml')).toContain('[[rule]]');
});
