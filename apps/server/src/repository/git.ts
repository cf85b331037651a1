import { AppError } from '@tandem/protocol/error';
import { type GitOptions, gitCommand } from '@tandem/workspace/git';

type Asked = GitOptions & { readonly cwd: string; readonly words: readonly string[] };

/** What git prints, without its last line break. @throws AppError offline, with what git said, when it fails */
export const git = async ({ cwd, words, ...options }: Asked): Promise<string> => {
  const { exit, stdout, stderr } = await gitCommand(cwd, words, options);
  if (exit === 0) return stdout.toString('utf8').trimEnd();
  throw new AppError('offline', `git ${words[0]}: ${stderr.trim() || `it ended with ${exit}`}`);
};

/** The same, null where git says no. */
export const askGit = async ({ cwd, words, ...options }: Asked): Promise<string | null> => {
  const { exit, stdout } = await gitCommand(cwd, words, options);
  return exit === 0 ? stdout.toString('utf8').trimEnd() : null;
};
