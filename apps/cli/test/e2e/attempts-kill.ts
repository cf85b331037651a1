import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AttemptsReport } from '@tandem/protocol';
import { expect } from 'vitest';
import { attemptsMachine, changeTo, git, goal, verify } from './attempts-machine.ts';
import type { Machine } from './tandem.ts';

export const before = "export const greet = (name) => 'Hello' + name;\n";
export const after = "export const greet = (name) => 'Hello ' + name;\n";

/** Two attempts that work side by side, the second of them right, with a verify slow enough to be met at work. */
export const begin = (machine: Machine) => {
  const model = machine.script('two', [...changeTo(1, 'name'), ...changeTo(2, "'Hello ' + name")], {
    local: false,
  });
  const words = ['attempts', goal, '-n', '2', '--verify', `sleep 0.2; ${verify}`, '--model', model];
  machine.write('mine.txt', 'not in git\n');
  return machine.start([...words, '--sandbox', 'full']);
};

export const reportOf = (out: string): AttemptsReport => AttemptsReport.parse(JSON.parse(out));

/** Worktrees on disk that no attempt of the report names. */
const unnamed = (machine: Machine, { attempts }: AttemptsReport): readonly string[] => {
  const folder = join(machine.home, '.local/state/tandem/worktrees');
  const named = new Set(attempts.map(({ worktree }) => worktree));
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => readdirSync(join(folder, name)))
    .filter((name) => !name.startsWith('.') && !named.has(name));
};

/** Ends it with no warning when it shows a text, then goes on, and looks at everything that could be lost. */
export const killWhen = async (shown: string): Promise<void> => {
  const machine = attemptsMachine();
  const { child, ended, shows } = begin(machine);
  await shows(shown);
  child.kill('SIGKILL');
  const { err } = await ended;
  const session = /session (ses_\w+)/.exec(err)?.[1] ?? '';
  expect([machine.read('greet.js'), git(machine, 'status', '--porcelain')]).toEqual([
    before,
    '?? mine.txt\n',
  ]);
  const listed = reportOf((await machine.run(['attempts', 'show', session, '--json'])).out);
  expect(listed.status).toBe('open');
  const resumed = await machine.run(['attempts', 'resume', session, '--json', '--sandbox', 'full']);
  const report = reportOf(resumed.out);
  expect([resumed.code, report.status, report.chosen]).toEqual([0, 'ok', 2]);
  expect(report.attempts.map(({ number, status }) => [number, status])).toEqual([
    [1, 'verified'],
    [2, 'verified'],
  ]);
  for (const one of listed.attempts)
    expect(report.attempts).toContainEqual(expect.objectContaining({ id: one.id, session: one.session }));
  expect(unnamed(machine, report)).toEqual([]);
  expect([machine.read('greet.js'), git(machine, 'status', '--porcelain')]).toEqual([
    before,
    '?? mine.txt\n',
  ]);
};
