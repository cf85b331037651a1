import { execFileSync } from 'node:child_process';
import { Machine } from '../e2e/tandem.ts';

type Files = Readonly<Record<string, string | null>>;

/** A machine whose workspace is a repository on `main`, with `topic` changed otherwise; null is a deleted file. */
export const repository = (base: Files, ours: Files, theirs: Files) => {
  const machine = new Machine();
  const git = (...words: readonly string[]): string =>
    execFileSync('git', words, {
      cwd: machine.workspace,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: machine.home },
    });
  const commit = (files: Files, message: string): void => {
    for (const [path, text] of Object.entries(files))
      if (text === null) git('rm', '-q', '--', path);
      else machine.write(path, text);
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', message);
  };
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  commit(base, 'first');
  git('checkout', '-q', '-b', 'topic');
  commit(theirs, 'their work');
  git('checkout', '-q', 'main');
  commit(ours, 'our work');
  return { machine, git };
};
