import { existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { pathsOf } from './paths.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a person has answered about folders, by absolute path. */
export type TrustAnswers = Readonly<Record<string, 'trusted' | 'refused'>>;

/** The top of the repository that a directory lies in; the directory where there is none. */
export const workspaceRoot = (cwd: string): string => {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return resolve(cwd);
  }
};

/** Whether a path is one of the folders or lies in one. */
export const covers = (folders: readonly string[], path: string): boolean =>
  folders.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));

/**
 * Whether a workspace is trusted: by a folder of the config, with all that lies in it, or by an answer, alone. An answer for
 * a home must not be one for every repository below it.
 */
export const trusts = (
  given: {
    readonly trusted?: readonly string[] | undefined;
    readonly trustedWorkspaces?: readonly string[] | undefined;
  },
  root: string,
): boolean =>
  covers(given.trusted ?? [], root) || (given.trustedWorkspaces ?? []).includes(workspaceRoot(root));

/** @throws AppError configuration where the file is damaged */
export const readTrust = (env: Environment): TrustAnswers => readJsonFile(pathsOf(env).trust) as TrustAnswers;

export const trustedIn = (answers: TrustAnswers): readonly string[] =>
  Object.keys(answers).filter((folder) => answers[folder] === 'trusted');

/** Remembers an answer; null forgets it. */
export const answerTrust = (env: Environment, folder: string, answer: TrustAnswers[string] | null): void => {
  const { [folder]: _before, ...others } = readTrust(env);
  writeJsonFile(pathsOf(env).trust, answer === null ? others : { ...others, [folder]: answer }, 0o600);
};
