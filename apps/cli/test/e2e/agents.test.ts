import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const agentFile = `---
name: fixer
description: Repairs things
tools: Read, Edit, Write
model: sonnet
---
You are the fixer.
`;

const gives = (more: object = {}) => ({
  toolCalls: [{ name: 'agent', arguments: { name: 'fixer', task: 'write b.txt', ...more } }],
});
const writes = {
  match: 'You are the fixer',
  toolCalls: [{ name: 'write', arguments: { path: 'b.txt', text: 'b\n' } }],
};

test("a workspace's agent is offered once it is trusted, and what it did is undone with the turn", async () => {
  const machine = new Machine();
  machine.write('.claude/agents/fixer.md', agentFile);
  const model = machine.script('mind', [
    gives(),
    writes,
    { text: 'Alone.', match: 'There is no tool agent' },
    { text: 'It is repaired.', match: '^Written' },
    { text: 'Written.' },
  ]);
  const untrusted = await machine.run(['exec', '--model', model, 'repair']);
  expect(untrusted).toMatchObject({ code: 0, out: 'Alone.\n', err: expect.stringContaining('1 agent') });
  const ran = await machine.run(['exec', '--model', model, '--trust', 'repair']);
  expect(ran).toMatchObject({ code: 0, out: 'It is repaired.\n' });
  expect(machine.read('b.txt')).toBe('b\n');
  expect((await machine.run(['undo'])).code).toBe(0);
  expect(machine.read('b.txt')).toBeNull();
  // Its session is one of its own, and not the one that is gone on with.
  expect(await machine.run(['attempts', 'list'])).toMatchObject({ code: 0, out: '' });
  expect((await machine.run(['resume', '--last'])).out).toContain('## repair');
});

test('with a worktree its work stays there until a person brings it in', async () => {
  const machine = new Machine();
  const git = (...words: string[]): void => void execFileSync('git', words, { cwd: machine.workspace });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 't');
  git('config', 'user.email', 't@t');
  machine.write('a.txt', 'a\n');
  machine.write('../.agents/agents/fixer.md', agentFile);
  git('add', '-A');
  git('commit', '-qm', 'first');
  const model = machine.script('mind', [
    gives({ worktree: true }),
    writes,
    { text: 'Written.' },
    { text: 'See there.', match: 'are in the worktree (\\S+) alone: b\\.txt \\+1 −0' },
  ]);
  expect(await machine.run(['exec', '--model', model, 'repair'])).toMatchObject({
    code: 0,
    out: 'See there.\n',
  });
  expect(machine.read('b.txt')).toBeNull();
  const [worktree] = JSON.parse((await machine.run(['worktree', 'list', '--json'])).out);
  expect((await machine.run(['worktree', 'merge', worktree.name])).code).toBe(0);
  expect(machine.read('b.txt')).toBe('b\n');
});
