import { realpath } from 'node:fs/promises';
import { createPathGuard } from '../files/paths.ts';
import type { ConfinedRun, Confinement } from './confinement.ts';
import { runFolder } from './run.ts';
import { commandWords, startProcess } from './start.ts';

export type BackgroundJob = {
  readonly pid: number | undefined;
  /** Head and tail of what it printed so far. */
  readonly output: () => string;
  /** Null while it runs. */
  readonly exit: () => number | null;
  /** Exit code, once it and its children are gone. Never rejects. */
  readonly exited: Promise<number>;
  /** May be called twice. Resolves when all its processes are gone. */
  readonly kill: () => Promise<number>;
};

/** Starts a command that outlives the call, such as a development server. The signal kills it. */
export const startBackground = async (request: {
  /** The workspace's. */
  readonly root: string;
  readonly command: string | readonly string[];
  readonly cwd?: string;
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  readonly maxOutput?: number;
  /** Absent: it runs with our own rights. */
  readonly confine?: (run: ConfinedRun) => Promise<Confinement>;
}): Promise<BackgroundJob> => {
  const cwd = await runFolder(createPathGuard(await realpath(request.root)), request.cwd);
  request.signal.throwIfAborted();
  const environment = request.env ?? {};
  const command = commandWords(request.command);
  const confinement = await request.confine?.({ command, cwd, given: environment });
  const running = startProcess({
    ...request,
    cwd,
    environment,
    ...(confinement === undefined ? {} : { confinement }),
  });
  let exit: number | null = null;
  const stop = (): void => void running.kill();
  request.signal.addEventListener('abort', stop, { once: true });
  if (request.signal.aborted) stop();
  const exited = running.exited.then((code) => {
    exit = code;
    request.signal.removeEventListener('abort', stop);
    return code;
  });
  return { pid: running.pid, output: running.output, exit: () => exit, exited, kill: running.kill };
};
