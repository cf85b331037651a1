import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** git in a folder, as Ada; what it prints. */
export const gitIn = (cwd: string, ...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost', ...words], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

/** A file with a text, committed; the commit. */
export const commitIn = (cwd: string, file: string, text: string): string => {
  writeFileSync(join(cwd, file), text);
  gitIn(cwd, 'add', file);
  gitIn(cwd, 'commit', '--quiet', '-m', file);
  return gitIn(cwd, 'rev-parse', 'HEAD');
};

/** What `git bundle create` writes for HEAD without what `without` reaches. */
export const bundleIn = (cwd: string, without: string): Uint8Array<ArrayBuffer> => {
  const file = join(cwd, '.git', 'test.bundle');
  gitIn(cwd, 'bundle', 'create', '--quiet', file, 'HEAD', `^${without}`);
  return new Uint8Array(readFileSync(file));
};
