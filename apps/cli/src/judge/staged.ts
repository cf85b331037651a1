import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FileChange, JudgeRequest } from '@tandem/guard';
import { AppError } from '@tandem/protocol/error';

const run = promisify(execFile);
/** More text than a person reads before a commit; the rest is named in the change as a problem. */
const maxBytes = 20_000_000;

/** Names as they are; and looking starts no program that the repository's own settings name. */
const quiet = ['-c', 'core.quotepath=false', '-c', 'core.fsmonitor=false'];

/** What is staged in a repository, as an edit for the guard. @throws AppError `usage` outside a repository */
export const stagedEdit = async (cwd: string, signal: AbortSignal): Promise<JudgeRequest> => {
  const git = async (...args: readonly string[]): Promise<string> => {
    const options = { cwd, signal, maxBuffer: maxBytes };
    return (await run('git', [...quiet, ...args], options)).stdout;
  };
  const root = await git('rev-parse', '--show-toplevel').then(
    (text) => text.trimEnd(),
    () => {
      signal.throwIfAborted();
      throw new AppError('usage', 'there is no git repository here; run it inside one, or pass --cwd');
    },
  );
  const base = await git('rev-parse', '--verify', '--quiet', 'HEAD').then(
    () => 'HEAD',
    () => git('hash-object', '-t', 'tree', '/dev/null').then((text) => text.trim()),
  );
  const names = (await git('diff', '--cached', '--name-status', '-z', '-M', base)).split('\0');
  const files: FileChange[] = [];
  for (let at = 0; at + 1 < names.length; ) {
    const status = names[at]!;
    const renamed = /^[RC]/.test(status);
    const from = names[at + 1]!;
    const path = renamed ? names[at + 2]! : from;
    at += renamed ? 3 : 2;
    const before = status === 'A' ? null : await textOf(git('show', `${base}:${from}`));
    const after = status === 'D' ? null : await textOf(git('show', `:${path}`));
    files.push({ path, ...(renamed ? { from } : {}), before, after });
  }
  return { kind: 'edit', input: '', change: { files, whole: true }, cwd: root, workspace: root };
};

/** A submodule's commit is no text of this repository. */
const textOf = (shown: Promise<string>): Promise<string> => shown.catch(() => '');
