import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { quoted } from '@tandem/permit/quote';
import { AppError } from '@tandem/protocol/error';

type Request = { readonly cwd: string; readonly program: string };

const run = promisify(execFile);
const mark = '# tandem: the guard before a commit';
const kept = 'pre-commit.before-tandem';

/** Puts the diff gate into the repository's own hooks; a hook that is there already runs after it. */
export const installPreCommit = async ({ cwd, program }: Request): Promise<string> => {
  const folder = await hooksFolder(cwd);
  const file = join(folder, 'pre-commit');
  const before = await textOf(file);
  await mkdir(folder, { recursive: true });
  if (before !== null && !before.includes(mark)) await rename(file, join(folder, kept));
  await writeFile(file, hookText(program));
  await chmod(file, 0o755);
  const after = (await textOf(join(folder, kept))) === null ? '' : ', then the hook that was there';
  return `${file}: what is staged passes the guard${after}; git commit --no-verify goes round it\n`;
};

export const removePreCommit = async ({ cwd }: Request): Promise<string> => {
  const folder = await hooksFolder(cwd);
  const file = join(folder, 'pre-commit');
  const text = await textOf(file);
  if (text?.includes(mark) !== true) return `${file}: the guard was not in it\n`;
  if ((await textOf(join(folder, kept))) === null) await rm(file);
  else await rename(join(folder, kept), file);
  return `${file}: the guard is taken out\n`;
};

const hookText = (program: string): string => {
  return [
    '#!/bin/sh',
    mark,
    `${quoted(program)} judge --staged || exit 1`,
    `other="$(dirname "$0")/${kept}"`,
    'if [ -x "$other" ]; then exec "$other" "$@"; fi',
    '',
  ].join('\n');
};

const hooksFolder = async (cwd: string): Promise<string> => {
  try {
    const { stdout } = await run('git', ['rev-parse', '--git-path', 'hooks'], { cwd });
    return resolve(cwd, stdout.trimEnd());
  } catch {
    throw new AppError('usage', `${cwd} is no git repository; run it inside one, or pass --cwd`);
  }
};

const textOf = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null);
