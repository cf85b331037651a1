import { spawn, spawnSync } from 'node:child_process';
import { AppError } from '@tandem/protocol/error';
import type { TeamClient } from '@tandem/sdk';
import { workingDirectory } from '../args/working-directory.ts';
import type { CommandInput } from '../command/run.ts';
import { exitCode } from '../exit-code.ts';

/** A task's change into the person's files: all of it, or nothing where it does not fit. */
export const applyTask = async (
  { parsed, host, signal }: CommandInput,
  { client, id }: { readonly client: TeamClient; readonly id: string },
): Promise<number> => {
  const cwd = workingDirectory(parsed, host);
  const [{ files }, patch] = await Promise.all([client.task(id), client.patch(id)]);
  await gitApply({ cwd: topOf(cwd), patch, signal });
  for (const { path, added, removed } of files ?? []) host.err(`${path} (+${added} -${removed})\n`);
  return exitCode.done;
};

/** In a subfolder git would leave out, without a word, what the patch changes above it. */
const topOf = (cwd: string): string => {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--show-toplevel'], { cwd, encoding: 'utf8' });
  return status === 0 ? stdout.trimEnd() : cwd;
};

/** git changes all files or none. */
const gitApply = (input: {
  readonly cwd: string;
  readonly patch: string;
  readonly signal: AbortSignal;
}): Promise<void> =>
  new Promise((resolve, reject) => {
    const { cwd, patch, signal } = input;
    const child = spawn('git', ['apply', '--whitespace=nowarn', '-'], { cwd, signal, stdio: 'pipe' });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 2_000) said += String(chunk);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(patch);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      reject(new AppError('conflict', `The change does not fit your files: ${said.trim()}`));
    });
  });
