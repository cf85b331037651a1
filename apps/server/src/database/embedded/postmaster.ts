import { readFileSync, readlinkSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, startTime } from '@tandem/workspace/processes';

/** The process that PostgreSQL's other processes come from, as its own pid file names it. */
export type Postmaster = {
  readonly pid: number;
  /** With the pid it names one process for good; null where the kernel does not tell. */
  readonly started: string | null;
};

/** Null when none runs on this data folder. */
export const findPostmaster = async (data: string): Promise<Postmaster | null> => {
  const pid = await pidOf(data);
  if (pid === null || !isAlive(pid, null) || whose(pid, data) === 'another') return null;
  return { pid, started: startTime(pid) };
};

export const lives = (postmaster: Postmaster): boolean => isAlive(postmaster.pid, postmaster.started);

/**
 * Removes a pid file whose number now belongs to a process that is no PostgreSQL on this folder: PostgreSQL itself would
 * refuse to start for as long as that other process lives. It looks once more by itself at memory that is still in use.
 */
export const removeStalePidFile = async (data: string): Promise<void> => {
  const pid = await pidOf(data);
  if (pid === null || !isAlive(pid, null) || whose(pid, data) !== 'another') return;
  await rm(join(data, 'postmaster.pid'), { force: true });
};

const pidOf = async (data: string): Promise<number | null> => {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
};

/** `unknown` where the kernel does not let us look: then nothing may be concluded from it. */
const whose = (pid: number, data: string): 'ours' | 'another' | 'unknown' => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data ? 'ours' : 'another';
  } catch {
    // Another user's processes may not be looked into, but anybody may read a name.
  }
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres' ? 'unknown' : 'another';
  } catch {
    return 'unknown';
  }
};

/** In order: clients may end what they do; they are cut; nothing is written any more and the next start recovers. */
const steps = [
  { signal: 'SIGTERM', ms: 2_000 },
  { signal: 'SIGINT', ms: 30_000 },
  { signal: 'SIGQUIT', ms: 10_000 },
] as const;

/** Ends it and waits; false when even the last step did not help. Only ever that very process is signalled. */
export const stopPostmaster = async (
  postmaster: Postmaster,
  sleep: (ms: number) => Promise<void>,
): Promise<boolean> => {
  for (const { signal, ms } of steps) {
    if (!lives(postmaster)) return true;
    try {
      process.kill(postmaster.pid, signal);
    } catch {
      // It ended between the look and the signal.
    }
    for (let waited = 0; waited < ms && lives(postmaster); waited += pollMs) await sleep(pollMs);
  }
  return !lives(postmaster);
};

const pollMs = 20;
