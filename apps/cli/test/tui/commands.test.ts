import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';
import { expectFrame, Terminal, type TerminalOptions } from './terminal.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');
const idle = '❯ Ask for a change';
const size = { small: { columns: 40, rows: 12 }, usual: { columns: 80, rows: 24 } };

const machineWith = (turns: readonly object[]) => {
  const machine = new Machine();
  const git = (...words: string[]): string =>
    execFileSync('git', words, { cwd: machine.workspace, encoding: 'utf8' });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 't');
  git('config', 'user.email', 't@t');
  machine.write('add.ts', 'export const add = (a: number, b: number) => a - b;\n');
  machine.write('package.json', '{ "name": "sums", "scripts": { "test": "node test.js" } }\n');
  git('add', '-A');
  git('commit', '-qm', 'first');
  const model = machine.script('mind', turns);
  const start = (words: readonly string[], options: Partial<TerminalOptions> = {}): Terminal =>
    new Terminal([bin, '--model', model, ...words], {
      cwd: machine.workspace,
      ...options,
      env: { PATH: process.env.PATH, HOME: machine.home, LC_ALL: 'C.UTF-8', ...options.env },
    });
  return { machine, git, start };
};

const masked = (machine: Machine, frame: string): string =>
  frame
    .replaceAll(machine.home, '<home>')
    .replace(/worktrees\/[0-9a-f]{8}/g, 'worktrees/<id>')
    .replace(/\d+\.\d s\b/g, '<s> s')
    .replace(/ · [\d.]+k? tok\/s/g, '')
    .replace(/[\d.]+k?(\s)in, [\d.]+k?(\s)out/g, '<n>$1in, <n>$2out')
    .replace(/ctx [\d.]+k?/g, 'ctx <n>')
    .replace(/ses_[0-9a-z]+/g, 'ses_<id>');

describe.each(['usual', 'small'] as const)('on a %s terminal', (name) => {
  test('/init writes AGENTS.md, and asks before it writes over one', async () => {
    const { machine, start } = machineWith([]);
    const terminal = start([], size[name]);
    await terminal.shows(idle);
    terminal.type('/init\r');
    await terminal.shows('AGENTS.md is written');
    const written = machine.read('AGENTS.md');
    expect(written).toContain('# sums\n\n## Commands');
    expect(written).toContain('| `npm test` | node test.js |');
    appendFileSync(join(machine.workspace, 'AGENTS.md'), 'mine\n');
    terminal.type('/init\r');
    await terminal.shows('AGENTS.md is there already');
    await terminal.until(() => !terminal.screen().includes('is written'));
    expectFrame(`tui-init-${name}`, masked(machine, terminal.screen()));
    terminal.type('\r');
    await terminal.shows('stays as it is');
    expect(machine.read('AGENTS.md')).toBe(`${written}mine\n`);
    terminal.type('/init\r');
    await terminal.shows('AGENTS.md is there already');
    terminal.type('look\r');
    await terminal.shows('A draft of AGENTS.md');
    expectFrame(`tui-init-draft-${name}`, masked(machine, terminal.screen()));
    terminal.type('q');
    await terminal.shows(idle);
    terminal.type('/init\r');
    await terminal.shows('AGENTS.md is there already');
    terminal.type('replace\r');
    await terminal.until(() => machine.read('AGENTS.md') === written);
  });

  test('/worktree makes one and works in it, shows its diff and brings it in', async () => {
    const { machine, start } = machineWith([
      { toolCalls: [{ name: 'write', arguments: { path: 'new.ts', text: 'export {};\n' } }] },
      { text: 'It is there.' },
    ]);
    const terminal = start(['--permission-mode', 'acceptEdits'], size[name]);
    await terminal.shows(idle);
    terminal.type('/worktree new side\r');
    await terminal.shows('side on branch');
    terminal.type('make it\r');
    await terminal.shows('It is there.');
    await terminal.shows('✓ done');
    await terminal.shows(idle);
    expect(machine.read('new.ts')).toBeNull();
    terminal.type('!basename $(dirname $PWD/x)\r');
    await terminal.until(() => /exit 0;[^\n]*\nside\n/.test(terminal.screen()));
    terminal.type('q');
    terminal.type('/worktree\r');
    await terminal.shows('Worktrees');
    expectFrame(`tui-worktrees-${name}`, masked(machine, terminal.screen()));
    terminal.type('side\r');
    await terminal.shows('discard');
    terminal.type('diff\r');
    await terminal.shows('Work of side');
    await terminal.shows('new.ts');
    terminal.type('q');
    await terminal.shows(idle);
    terminal.type('/worktree merge side\r');
    await terminal.shows('Enter goes back');
    expect(machine.read('new.ts')).toBe('export {};\n');
    terminal.type('\n');
    await terminal.shows('merge of side: done');
    terminal.type('/worktree\r');
    await terminal.shows('back');
    terminal.type('back\r');
    await terminal.until(() => !terminal.screen().includes('back'));
    terminal.type('!basename $(dirname $PWD/x)\r');
    await terminal.until(() => /exit 0;[^\n]*\nproject\n/.test(terminal.screen()));
  });

  test('/attempts makes several, shows them, and takes one', async () => {
    const turns = [
      ['a + b', 1],
      ['b + a', 2],
    ].flatMap(([body, seed]) => [
      { seed, toolCalls: [{ name: 'read', arguments: { path: 'add.ts' } }] },
      { seed, toolCalls: [{ name: 'edit', arguments: { path: 'add.ts', old: 'a - b', new: body } }] },
      ...Array.from({ length: 5 }, () => ({ seed, text: 'fixed' })),
    ]);
    const { machine, start } = machineWith(turns);
    const terminal = start(['--verify', "grep -q '[ab] + [ab]' add.ts"], size[name]);
    await terminal.shows(idle);
    terminal.type('/attempts\r');
    await terminal.shows('this session has no attempts');
    terminal.type('/attempts 2 fix add\r');
    await terminal.shows('✓ done');
    await terminal.shows(idle);
    expect(machine.read('add.ts')).toContain('a - b');
    terminal.type('/attempts\r');
    await terminal.shows('› #1');
    expectFrame(`tui-attempts-${name}`, masked(machine, terminal.screen()));
    terminal.type('\r');
    await terminal.shows('take');
    terminal.type('take\r');
    await terminal.shows('attempt 1 is in your files: add.ts');
    expect(machine.read('add.ts')).toMatch(/a \+ b|b \+ a/);
    terminal.type('/undo\r');
    await terminal.until(() => machine.read('add.ts')?.includes('a - b') === true);
  });
});

test('/merge has the terminal for as long as it asks', async () => {
  const { machine, git, start } = machineWith([]);
  git('checkout', '-qb', 'other');
  machine.write('add.ts', 'export const add = (a: number, b: number) => b + a;\n');
  git('commit', '-qam', 'theirs');
  git('checkout', '-q', 'main');
  machine.write('add.ts', 'export const add = (a: number, b: number) => a + b;\n');
  git('commit', '-qam', 'ours');
  const terminal = start([]);
  await terminal.shows(idle);
  terminal.type('/merge other --verify true\r');
  await terminal.shows('$ tandem merge other --verify true');
  await terminal.shows('theirs');
  // Ctrl-C is the merge's: the screen behind it stays.
  terminal.type('\x03');
  await terminal.shows('Enter goes back');
  terminal.type('\n');
  await terminal.shows('not merged');
  await terminal.shows(idle);
  expect(await terminal.modes()).toBe('raw');
  expect(git('log', '-1', '--format=%s').trim()).toBe('ours');
});

test('/compact sums up with the words that were given, and the session goes on', async () => {
  const { machine, start } = machineWith([
    { text: 'The answer is 42.' },
    { text: 'SUMMARY: it is 42', match: 'Above all keep: the number' },
    { text: 'Still 42.' },
  ]);
  const terminal = start([]);
  await terminal.shows(idle);
  terminal.type('/compact\r');
  await terminal.shows('there is nothing to sum up yet');
  terminal.type('what is it\r');
  await terminal.shows('The answer is 42.');
  await terminal.shows(idle);
  terminal.type('/compact the number\r');
  await terminal.shows('✂ earlier work was summed up');
  await terminal.shows(idle);
  expectFrame('tui-compact', masked(machine, terminal.screen()));
  terminal.type('/context\r');
  await terminal.shows('% summaries');
  // What was summed up is not read any more.
  expect(terminal.screen()).not.toContain('% answers');
  terminal.type('q');
  terminal.type('and now\r');
  await terminal.shows('Still 42.');
  await terminal.shows(idle);
  terminal.type('/context\r');
  await terminal.shows('% rules, tools, instruction files');
  await terminal.shows('% answers');
});

test('/agents lists to whom work can be given', async () => {
  const { machine, start } = machineWith([]);
  machine.write(
    '../.agents/agents/scout.md',
    '---\ndescription: Finds things\ntools: Read, Grep\n---\nLook.\n',
  );
  const terminal = start([]);
  await terminal.shows(idle);
  terminal.type('/agents\r');
  await terminal.shows('scout  Finds things');
  await terminal.shows('read, grep');
});

test('/init writes through no link', async () => {
  const { machine, start } = machineWith([]);
  const terminal = start([]);
  await terminal.shows(idle);
  symlinkSync(join(machine.home, 'elsewhere'), join(machine.workspace, 'AGENTS.md'));
  terminal.type('/init\r');
  await terminal.shows('AGENTS.md is there already');
  terminal.type('replace\r');
  await terminal.shows('AGENTS.md is a link');
  expect(existsSync(join(machine.home, 'elsewhere'))).toBe(false);
});
