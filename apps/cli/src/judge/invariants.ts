import { execFile } from 'node:child_process';
import type { Config } from '../config/config.ts';

export type Broken = { readonly command: string; readonly output: string };

/** A check before a commit that takes longer is one for CI. */
const timeoutMs = 120_000;
const maxOutput = 4_000;

/** The person's invariants that do not hold, run one after another in the workspace; only they and who they trust set them. */
export const brokenInvariants = async (
  { invariants = [] }: Config,
  workspace: string,
  signal: AbortSignal,
): Promise<readonly Broken[]> => {
  const broken: Broken[] = [];
  for (const command of invariants) {
    const output = await run(command, workspace, signal);
    if (output !== null) broken.push({ command, output });
  }
  return broken;
};

/** Null when it succeeds. */
const run = (command: string, cwd: string, signal: AbortSignal): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const options = { cwd, signal, timeout: timeoutMs, maxBuffer: 1_000_000 };
    execFile('sh', ['-c', command], options, (error, out, err) => {
      if (signal.aborted) reject(signal.reason);
      else resolve(error === null ? null : `${out}${err}`.slice(-maxOutput));
    });
  });
