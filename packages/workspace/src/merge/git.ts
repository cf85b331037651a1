import { AppError } from '@tandem/protocol';
import { type GitOptions, type GitOutcome, gitCommand } from '../git/git-command.ts';

/** Asks git about one working tree. */
export type Git = {
  /** What git said, whatever it was. */
  readonly ask: (words: readonly string[], options?: GitOptions) => Promise<GitOutcome>;
  /** Its answer. @throws AppError conflict with what git said */
  readonly get: (words: readonly string[], options?: GitOptions) => Promise<string>;
  /** The same as names, as `-z` gives them. @throws AppError usage for one that is no UTF-8 */
  readonly names: (words: readonly string[], options?: GitOptions) => Promise<readonly string[]>;
};

/**
 * A path is that path and no pattern. An index of our own is plain: nothing of it is shared with the person's, and how
 * much of the tree they look at does not matter to it.
 */
const plain = ['splitIndex', 'untrackedCache', 'sparseCheckout'].flatMap((name) => [
  '-c',
  `core.${name}=false`,
]);

export const createGit = (top: string, environment: Readonly<Record<string, string>> = {}): Git => {
  const ask: Git['ask'] = (words, options = {}) =>
    gitCommand(top, [...(environment.GIT_INDEX_FILE === undefined ? [] : plain), ...words], {
      ...options,
      environment: { GIT_LITERAL_PATHSPECS: '1', ...environment, ...options.environment },
    });
  const must = async (words: readonly string[], options?: GitOptions): Promise<Buffer> => {
    const outcome = await ask(words, options);
    if (outcome.exit === 0) return outcome.stdout;
    throw new AppError(
      'conflict',
      `git ${words.find((word) => /^[a-z]/.test(word)) ?? ''}: ${said(outcome)}`,
    );
  };
  return {
    ask,
    get: async (words, options) => (await must(words, options)).toString('utf8'),
    names: async (words, options) => namesIn(await must(words, options)),
  };
};

/** The first lines of what git wrote to stderr. */
export const said = ({ exit, stderr }: GitOutcome): string =>
  stderr.trim().split('\n').slice(0, 4).join('; ') || `exit ${exit}`;

/** Fields that end with NUL. A name that we cannot write back as it was is not guessed. */
export const namesIn = (bytes: Buffer): readonly string[] => {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes))
    throw new AppError('usage', 'A changed path has a name that is no UTF-8: use git merge for this one.');
  return text.split('\0').slice(0, -1);
};
