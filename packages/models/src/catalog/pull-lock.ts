import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from './disk-failure.ts';

/**
 * One process fetches a model at a time; others wait, and are told so. A lock whose process is gone is taken over.
 * Resolves with what releases it.
 */
export const takePullLock = async (input: {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onWait: () => Promise<void>;
}): Promise<() => Promise<void>> => {
  while (true) {
    input.signal.throwIfAborted();
    if (await create(input.path)) return () => rm(input.path, { force: true });
    if (await isStale(input.path)) {
      await rm(input.path, { force: true });
      continue;
    }
    await input.onWait();
    await sleep(pollMs, undefined, { signal: input.signal });
  }
};

/** Often enough for a progress line, seldom enough to cost nothing. */
const pollMs = 300;

const create = async (path: string): Promise<boolean> => {
  try {
    const handle = await open(path, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
};

/** A lock without a number yet is being written: it is looked at again. */
const isStale = async (path: string): Promise<boolean> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number(text);
  if (text === '' || !Number.isInteger(pid) || pid <= 0) return text !== '';
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
};
