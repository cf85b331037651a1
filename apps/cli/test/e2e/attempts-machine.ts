import { execFileSync } from 'node:child_process';
import type { Outcome } from '../../../../test/support/watch-child.ts';
import { Machine } from './tandem.ts';

export const goal = 'Make greet put a blank before the name';
export const verify = 'node check.mjs';

/** A machine whose workspace is a repository with one bug and a check that shows it. */
export const attemptsMachine = (): Machine => {
  const machine = new Machine();
  machine.write('greet.js', "export const greet = (name) => 'Hello' + name;\n");
  machine.write(
    'check.mjs',
    "import { greet } from './greet.js';\nif (greet('Ada') !== 'Hello Ada') process.exit(1);\n",
  );
  machine.write('package.json', '{"type":"module"}\n');
  git(machine, 'init', '-q', '-b', 'main');
  git(machine, 'config', 'user.name', 'Ada');
  git(machine, 'config', 'user.email', 'ada@example.org');
  git(machine, 'add', '-A');
  git(machine, 'commit', '-q', '-m', 'first');
  return machine;
};

export const git = (machine: Machine, ...words: readonly string[]): string =>
  execFileSync('git', words, { cwd: machine.workspace, encoding: 'utf8' });

/**
 * What a scripted model does in the attempt with this seed, by what it has just been told, so that it goes on in the
 * middle as well; told of a failing check, it stays as it is.
 */
export const changeTo = (seed: number, body: string): readonly object[] => [
  { seed, match: `^(${goal}|Interrupted: )`, toolCalls: [{ name: 'read', arguments: { path: 'greet.js' } }] },
  {
    seed,
    match: "'Hello' \\+ name",
    toolCalls: [{ name: 'edit', arguments: { path: 'greet.js', old: "'Hello' + name", new: body } }],
  },
  ...Array.from({ length: 5 }, () => ({ seed, text: `Now it is ${body}.` })),
];

/** Without the part of a worktree's name that is made up. */
export const withoutNames = ({ code, out, err }: Outcome): Outcome => {
  const masked = (text: string): string =>
    text
      .replace(/attempt-(\d)-[0-9a-z]{8}/g, 'attempt-$1-<id>')
      .replace(/worktrees\/[0-9a-f]{8}/g, 'worktrees/<id>');
  return { code, out: masked(out), err: masked(err) };
};
