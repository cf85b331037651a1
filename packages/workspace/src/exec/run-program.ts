import { CappedOutput } from './output.ts';
import { finish } from './run.ts';
import { startProcess } from './start.ts';

export type ProgramRequest = {
  /** A line for the shell of this system. */
  readonly command: string;
  /** Absolute. */
  readonly cwd: string;
  /** On top of our own environment without its secrets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Characters kept of each stream. */
  readonly maxOutput: number;
};

export type ProgramResult = {
  /** 124 when it ran past its limit. */
  readonly exit: number;
  readonly output: string;
  readonly errors: string;
  readonly timedOut: boolean;
};

/**
 * Runs a program that a person has set up, with that person's rights, outside any workspace and sandbox, its two streams
 * apart. Killed whole on abort or timeout. Rejects only with the signal's reason.
 */
export const runProgram = async (request: ProgramRequest): Promise<ProgramResult> => {
  request.signal.throwIfAborted();
  const errors = new CappedOutput(request.maxOutput);
  const running = startProcess({ ...request, onError: (text) => errors.push(text) });
  const { exit, timedOut } = await finish(running, request);
  return { exit, output: running.output(), errors: errors.text(), timedOut };
};
