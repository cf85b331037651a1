import { AppError } from '@tandem/protocol/error';
import type { TeamClient } from '@tandem/sdk';
import { workingDirectory } from '../args/working-directory.ts';
import type { CommandInput } from '../command/run.ts';
import { exitCode } from '../exit-code.ts';
import { askGit, git } from './git.ts';

type Patch = { readonly cwd: string; readonly patch: string; readonly signal: AbortSignal };

/** A task's change into the person's files, or out of them: all of it, or nothing where it does not fit. */
export const applyTask = async (
  { parsed, host, signal }: CommandInput,
  { client, id }: { readonly client: TeamClient; readonly id: string },
): Promise<number> => {
  const cwd = workingDirectory(parsed, host);
  const reverse = parsed.switches.has('reverse');
  const [{ files }, patch] = await Promise.all([client.task(id), client.patch(id)]);
  await applyPatch({ cwd: await topOf(cwd, signal), patch, signal, reverse });
  const back = reverse ? 'taken back: ' : '';
  for (const { path, added, removed } of files ?? []) host.err(`${back}${path} (+${added} -${removed})\n`);
  return exitCode.done;
};

/** In a subfolder git would leave out, without a word, what the patch changes above it. */
const topOf = async (cwd: string, signal: AbortSignal): Promise<string> => {
  const { code, out } = await askGit({ cwd, signal, words: ['rev-parse', '--show-toplevel'] });
  return code === 0 ? out.trimEnd() : cwd;
};

/** git changes all files or none. @throws AppError conflict where it does not fit */
export const applyPatch = async (input: Patch & { readonly reverse: boolean }): Promise<void> => {
  const { cwd, patch, signal, reverse } = input;
  const words = ['apply', '--whitespace=nowarn', ...(reverse ? ['--reverse'] : []), '-'];
  const { code, err } = await askGit({ cwd, signal, words, input: patch });
  if (code !== 0) throw new AppError('conflict', `The change does not fit your files: ${err}`);
};

/** What a patch changes, from its own lines. */
export const pathsIn = async ({ cwd, patch, signal }: Patch): Promise<readonly string[]> => {
  const text = await git({ cwd, signal, words: ['apply', '--numstat', '-z', '-'], input: patch });
  return text.split('\0').flatMap((line) => line.split('\t').slice(2, 3));
};
