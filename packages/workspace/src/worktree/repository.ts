import { realpath } from 'node:fs/promises';
import { AppError } from '@tandem/protocol';
import { type GitOptions, gitCommand } from '../git/git-command.ts';

/** A repository, found from a folder in one of its working trees or from a bare one. */
export type Repository = {
  /** Top of the working tree that was asked from; of a bare one its own folder. */
  readonly top: string;
  readonly isBare: boolean;
  /** What all its worktrees share, symlinks followed. */
  readonly common: string;
  /** What the asking working tree has for itself. */
  readonly gitDir: string;
  readonly objectFormat: string;
};

/** No network: what a partial clone lacks counts as missing. No filter of a large-file store fetches either. */
const offline = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: '', GIT_LFS_SKIP_SMUDGE: '1' };

/** What git answers. Ctrl-C at the terminal does not cut it short. @throws AppError conflict with what git said */
export const git = async (
  cwd: string,
  commandArguments: readonly string[],
  options: GitOptions = {},
): Promise<string> => {
  const outcome = await gitCommand(cwd, commandArguments, {
    apart: true,
    ...options,
    environment: { ...offline, ...options.environment },
  });
  if (outcome.exit === 0) return outcome.stdout.toString('utf8');
  const verb = commandArguments.find((word) => /^[a-z]/.test(word)) ?? '';
  const said = outcome.stderr.trim().split('\n').slice(0, 5).join('; ');
  throw new AppError('conflict', `git ${verb} failed: ${said || `exit ${outcome.exit}`}`, {
    details: { exit: outcome.exit },
  });
};

/** The same, or null where git says no. */
export const gitOrNull = (
  cwd: string,
  commandArguments: readonly string[],
  options: GitOptions = {},
): Promise<string | null> =>
  git(cwd, commandArguments, options).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'conflict') return null;
    throw error;
  });

/** The parts of an answer given with `-z`. */
export const parts = (answer: string): readonly string[] => answer.split('\0').filter((part) => part !== '');

/** @throws AppError usage where there is no repository that we may use */
export const findRepository = async (folder: string): Promise<Repository> => {
  const from = await realpath(folder).catch(() => null);
  if (from === null) throw new AppError('usage', `${folder} is not there; give a folder in a repository.`);
  const [isBare, objectFormat = 'sha1', gitDir = '', shared = '', top = ''] = await asked(from);
  if (isBare !== 'true' && (from === gitDir || from.startsWith(`${gitDir}/`)))
    throw new AppError('usage', `${folder} is git's own folder; give the working tree beside it.`);
  const real = await realpath(top);
  // The configuration of a repository may name any folder as its working tree.
  if (from !== real && !from.startsWith(`${real}/`) && isBare !== 'true')
    throw new AppError('usage', `${folder} is not in the working tree of its repository, which is ${top}.`);
  return { top: real, isBare: isBare === 'true', common: await realpath(shared), gitDir, objectFormat };
};

const facts = ['--is-bare-repository', '--show-object-format'];
const places = ['--git-dir', '--git-common-dir'];

/** All at once; one by one where a path holds the end of a line, or where there is no working tree. */
const asked = async (from: string): Promise<readonly string[]> => {
  const absolute = ['rev-parse', '--path-format=absolute'];
  const together = await gitCommand(from, [...absolute, ...facts, ...places, '--show-toplevel']);
  const lines = together.stdout.toString('utf8').split('\n').slice(0, -1);
  if (together.exit === 0 && lines.length === 5) return lines;
  if (lines.length < 2) throw noRepository(from, together.stderr);
  const path = async (which: string): Promise<string> =>
    (await git(from, [...absolute, which])).replace(/\n$/, '');
  const [gitDir = '', shared = ''] = [await path('--git-dir'), await path('--git-common-dir')];
  const isIn = lines[0] === 'true' || from === gitDir || from.startsWith(`${gitDir}/`);
  return [...lines.slice(0, 2), gitDir, shared, isIn ? gitDir : await path('--show-toplevel')];
};

const noRepository = (folder: string, said: string): AppError => {
  if (said.includes('dubious ownership'))
    return new AppError('usage', `${folder} belongs to another user; git does not trust it.`);
  if (said.includes('not a git repository'))
    return new AppError('usage', `${folder} is in no git repository; worktrees need one (git init).`);
  return new AppError('usage', `git cannot be asked about ${folder}: ${said.trim().split('\n')[0] ?? ''}`);
};
