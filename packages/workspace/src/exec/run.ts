import { stat } from 'node:fs/promises';
import type { RunRequest, RunResult, StartRequest } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import type { PathGuard } from '../files/paths.ts';
import type { ConfinedRun, Confinement } from './confinement.ts';
import type { RunningProcess, StartOptions } from './start.ts';
import { commandWords, startProcess } from './start.ts';

/** What a launcher that cannot confine exits with, before the command exists. */
const unconfinedExit = 125;
/** What GNU `timeout` exits with. */
const timeoutExit = 124;
/** setTimeout fires at once above this. */
const maxTimeoutMs = 2_147_483_647;

export type Runner = {
  readonly guard: PathGuard;
  /** Set for every command of this workspace; a request's own variables win. */
  readonly environment: Readonly<Record<string, string>>;
  readonly milliseconds: () => number;
  /** Absent: commands run with our own rights. */
  readonly confine?: (run: ConfinedRun) => Promise<Confinement>;
};

/**
 * Runs one command to its end.
 * @throws AppError usage for a bad folder; configuration where the command could not be confined; the signal's reason
 */
export const runCommand = async (runner: Runner, request: RunRequest): Promise<RunResult> => {
  const prepared = await prepareRun(runner, request);
  const started = runner.milliseconds();
  const running = startProcess({ ...request, ...prepared });
  const { exit, timedOut } = await finish(running, request);
  const output = running.output();
  if (runner.confine !== undefined && exit === unconfinedExit && output.startsWith('sandbox: '))
    throw new AppError('configuration', `nothing was run, ${output.trim()}`);
  return {
    exit,
    output,
    timedOut,
    ms: runner.milliseconds() - started,
  };
};

/** Where and how a command starts. @throws AppError usage for a bad folder; the signal's reason */
export const prepareRun = async (
  runner: Runner,
  request: StartRequest,
): Promise<Pick<StartOptions, 'cwd' | 'environment' | 'confinement'>> => {
  request.signal.throwIfAborted();
  const cwd = await runFolder(runner.guard, request.cwd);
  request.signal.throwIfAborted();
  const environment = { ...runner.environment, ...request.env };
  const command = commandWords(request.command);
  const confinement = await runner.confine?.({ command, cwd, given: environment });
  return { cwd, environment, ...(confinement === undefined ? {} : { confinement }) };
};

/** @throws AppError usage when it is not a folder inside the workspace */
const runFolder = async (guard: PathGuard, path: string | undefined): Promise<string> => {
  const folder = path === undefined ? guard.root : await guard.target(path);
  const stats = await stat(folder).catch(() => null);
  if (stats?.isDirectory() === true) return folder;
  throw new AppError('usage', `${path ?? folder} is not a folder, so no command can run in it.`);
};

/** Its end, or that of its time. Rejects with the signal's reason, once it is gone. */
export const finish = async (
  running: RunningProcess,
  request: Pick<RunRequest, 'timeoutMs' | 'signal'>,
): Promise<{ readonly exit: number; readonly timedOut: boolean }> => {
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      void running.kill();
    },
    Math.min(Math.max(request.timeoutMs, 1), maxTimeoutMs),
  );
  const stop = (): void => void running.kill();
  request.signal.addEventListener('abort', stop, { once: true });
  if (request.signal.aborted) stop();
  try {
    const exit = await running.exited;
    request.signal.throwIfAborted();
    return { exit: timedOut ? timeoutExit : exit, timedOut };
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', stop);
  }
};
