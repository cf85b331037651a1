import { spawn } from 'node:child_process';
import { AppError } from '@tandem/protocol/error';

export type GitAsked = {
  readonly cwd: string;
  readonly words: readonly string[];
  readonly signal: AbortSignal;
  /** Written to its stdin. */
  readonly input?: string;
  /** Added to its environment. */
  readonly environment?: Readonly<Record<string, string>>;
};
export type GitSaid = { readonly code: number | null; readonly out: string; readonly err: string };

/** No list of files that we ask for is longer; past it git is ended and has failed. */
const maxOut = 64 * 1024 * 1024;

/** A hook that starts us has set what would point every question at its own repository. */
const inherited = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_OBJECT_DIRECTORY'];

/**
 * Asks git without hooks, without the file-system monitor, without a lock that it could do without, and without a file beside
 * an index. @throws AppError usage without git
 */
export const askGit = ({ cwd, words, signal, input, environment = {} }: GitAsked): Promise<GitSaid> =>
  new Promise((resolve, reject) => {
    const env: NodeJS.ProcessEnv = { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
    for (const name of inherited) delete env[name];
    const quiet = [
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'core.fsmonitor=false',
      '-c',
      'core.splitIndex=false',
    ];
    const child = spawn('git', [...quiet, ...words], {
      ...{ cwd, signal, env: { ...env, ...environment }, stdio: 'pipe' },
    });
    const out: Buffer[] = [];
    let size = 0;
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOut) child.kill('SIGKILL');
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (err.length < 2_000) err += String(chunk);
    });
    // It may end without having read all of it: then its exit code says why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT' ? new AppError('usage', 'This needs git; install it.', { cause }) : cause,
      ),
    );
    child.on('close', (code) => resolve({ code, out: Buffer.concat(out).toString('utf8'), err: err.trim() }));
  });

/** What git prints, without its last line break. @throws AppError conflict with what git said */
export const git = async (asked: GitAsked): Promise<string> => {
  const { code, out, err } = await askGit(asked);
  if (code === 0) return out.trimEnd();
  throw new AppError('conflict', `git ${asked.words[0]}: ${err || `it ended with ${code}`}`);
};
