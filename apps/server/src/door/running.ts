import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive } from '@tandem/workspace/processes';
import { replaceFile } from '@tandem/workspace/write';

/** What a running server leaves in its folder, so that other commands find it. */
export type Running = {
  readonly pid: number;
  /** With the pid it names one process for good; null where the kernel does not tell. */
  readonly started: string | null;
  readonly url: string;
  readonly startedAt: string;
};

const fileOf = (state: string): string => join(state, 'server.json');

export const writeRunning = async (state: string, running: Running): Promise<void> => {
  const absolute = fileOf(state);
  await mkdir(dirname(absolute), { recursive: true, mode: 0o700 });
  await replaceFile({ absolute, bytes: Buffer.from(`${JSON.stringify(running)}\n`), mode: 0o600 });
};

export const removeRunning = (state: string): Promise<void> => rm(fileOf(state), { force: true });

const answerMs = 2_000;

/** The server of this folder that lives now. `ready`: it answers, and can do its work. */
export const findRunning = async (
  state: string,
  signal: AbortSignal,
): Promise<(Running & { readonly ready: boolean }) | null> => {
  const running = await readFile(fileOf(state), 'utf8').then(
    (text) => JSON.parse(text) as Running,
    () => null,
  );
  if (running === null || !isAlive(running.pid, running.started)) return null;
  const answers = await ask(`${running.url}/healthz`, signal);
  const isIt = answers !== null && ((await answers.json()) as { pid?: unknown }).pid === running.pid;
  // Without a start time any process may have that number now; only its own answer tells.
  if (!isIt && running.started === null) return null;
  const ready = isIt && (await ask(`${running.url}/readyz`, signal))?.ok === true;
  return { ...running, ready };
};

/** Null when nobody answers in time. */
const ask = async (url: string, signal: AbortSignal): Promise<Response | null> => {
  try {
    return await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]) });
  } catch {
    signal.throwIfAborted();
    return null;
  }
};
