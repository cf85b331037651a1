import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { quoted } from '@tandem/permit/quote';
import { AppError } from '@tandem/protocol/error';
import { writeWhole } from '../config/json-file.ts';

const run = promisify(execFile);

/** What the structural merge knows. */
const patterns = ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'py', 'pyi', 'json', 'yaml', 'yml'];
const first = '# tandem: begin (tandem merge --uninstall-driver takes this out)';
const last = '# tandem: end';

/**
 * Makes `git merge`, `rebase` and `cherry-pick` in this repository ask us about these files. Writes the repository's own
 * settings and attributes, nothing that is tracked; done twice it changes nothing.
 */
export const installDriver = async ({
  cwd,
  program,
}: {
  readonly cwd: string;
  readonly program: string;
}): Promise<string> => {
  const file = await attributesFile(cwd);
  const driver = `${quoted(program)} merge --driver %O %A %B %L %P`;
  await git(cwd, 'config', '--local', 'merge.tandem.name', 'tandem: merge by syntax, list what is dropped');
  await git(cwd, 'config', '--local', 'merge.tandem.driver', driver);
  const lines = patterns.map((ending) => `*.${ending} merge=tandem`);
  writeLines(file, [...(await othersIn(file)), first, ...lines, last]);
  return [
    `${await gitPath(cwd, 'config')}: merge.tandem.driver = ${driver}`,
    `${file}: merge=tandem for ${patterns.map((ending) => `*.${ending}`).join(' ')}`,
    'git merge, rebase and cherry-pick use it from now on; tandem merge --uninstall-driver takes it out.',
    '',
  ].join('\n');
};

export const uninstallDriver = async ({ cwd }: { readonly cwd: string }): Promise<string> => {
  const file = await attributesFile(cwd);
  const others = await othersIn(file);
  if (others.length > 0) writeLines(file, others);
  else await rm(file, { force: true });
  const known = await git(cwd, 'config', '--local', '--get', 'merge.tandem.driver').catch(() => null);
  if (known === null) return 'The driver was not installed here.\n';
  await git(cwd, 'config', '--local', '--remove-section', 'merge.tandem');
  return `${file}: merge=tandem is taken out\n${await gitPath(cwd, 'config')}: merge.tandem is taken out\n`;
};

const git = async (cwd: string, ...words: readonly string[]): Promise<string> =>
  (await run('git', words, { cwd })).stdout;

const gitPath = async (cwd: string, name: string): Promise<string> => {
  try {
    return resolve(cwd, (await git(cwd, 'rev-parse', '--git-path', name)).replace(/\n$/, ''));
  } catch {
    throw new AppError('usage', `${cwd} is no git repository; run it inside one, or pass --cwd`);
  }
};

const attributesFile = (cwd: string): Promise<string> => gitPath(cwd, 'info/attributes');

/** All lines that are not ours. */
const othersIn = async (file: string): Promise<readonly string[]> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n');
  const [from, to] = [lines.indexOf(first), lines.indexOf(last)];
  const others = from === -1 || to < from ? lines : [...lines.slice(0, from), ...lines.slice(to + 1)];
  return others.at(-1) === '' ? others.slice(0, -1) : others;
};

const writeLines = (file: string, lines: readonly string[]): void =>
  writeWhole(file, `${lines.join('\n')}\n`);
