import { type ChildProcess, spawn } from 'node:child_process';
import { errorCode } from './disk-failure.ts';
import { SourceFailure } from './source.ts';

export type PythonRun = { readonly exit: number; readonly stderr: string };

/** Enough for pip's reason, which comes last. */
const maxStderr = 16_000;

/**
 * Runs Python with these arguments, without a shell, in a process group of its own that is killed whole on abort.
 * @throws SourceFailure no-python when there is none
 */
export const runPython = (input: {
  readonly python: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Must resolve before more is read. */
  readonly onOutput?: (bytes: Uint8Array) => Promise<void>;
}): Promise<PythonRun> => {
  input.signal.throwIfAborted();
  const child = spawn(input.python, [...input.args], {
    env: { ...input.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = (): void => killGroup(child);
  input.signal.addEventListener('abort', kill, { once: true });
  return settle(child, input).finally(() => {
    input.signal.removeEventListener('abort', kill);
    if (child.exitCode === null && child.signalCode === null) kill();
  });
};

const settle = async (child: ChildProcess, input: Parameters<typeof runPython>[0]): Promise<PythonRun> => {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-maxStderr);
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => reject(explain(error, input.python)));
    child.on('close', (code) => resolve(code ?? 128));
  });
  // Both are awaited, so that neither can reject unseen.
  const [exit] = await Promise.all([ended, drain(child, input.onOutput)]).catch((error: unknown) => {
    input.signal.throwIfAborted();
    throw error;
  });
  input.signal.throwIfAborted();
  return { exit, stderr };
};

const drain = async (
  child: ChildProcess,
  onOutput: ((bytes: Uint8Array) => Promise<void>) | undefined,
): Promise<void> => {
  if (child.stdout === null) return;
  for await (const chunk of child.stdout) await onOutput?.(chunk as Buffer);
};

const explain = (error: Error, python: string): Error =>
  errorCode(error) === 'ENOENT' || errorCode(error) === 'EACCES'
    ? new SourceFailure('no-python', `there is no Python ("${python}")`, error)
    : error;

const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
};
