import type { BackgroundCommand, StartRequest } from '@tandem/core';
import { prepareRun, type Runner } from './run.ts';
import { startProcess } from './start.ts';

/** Starts a command that outlives the call, such as a development server. The signal kills it. */
export const startBackground = async (runner: Runner, request: StartRequest): Promise<BackgroundCommand> => {
  const running = startProcess({ ...request, ...(await prepareRun(runner, request)) });
  let exit: number | null = null;
  const stop = (): void => void running.kill();
  request.signal.addEventListener('abort', stop, { once: true });
  if (request.signal.aborted) stop();
  const exited = running.exited.then((code) => {
    exit = code;
    request.signal.removeEventListener('abort', stop);
    return code;
  });
  return { output: running.output, exit: () => exit, exited, kill: running.kill };
};
