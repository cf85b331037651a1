import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '@tandem/protocol';
import { isAlive } from '../exec/processes.ts';
import { statsAt } from './record.ts';
import { readText } from './shadow.ts';

/** A sweep of a large repository takes minutes; a person would rather be told. */
const patienceMs = 60_000;
const pauseMs = 50;
/** One of another machine is believed this long, as git itself does. */
const staleMs = 12 * 60 * 60 * 1000;

/**
 * Waits until no `git gc` runs that began before: it may have read the refs before one was made, and look at a worktree
 * after it went; what only these two lead to it would take away. @throws AppError busy when it does not end
 */
export const sweepOver = async (common: string): Promise<void> => {
  const until = Date.now() + patienceMs;
  while (await isSweeping(common)) {
    if (Date.now() > until)
      throw new AppError('busy', `git gc runs in ${common}; try again when it is done.`);
    await setTimeout(pauseMs);
  }
};

const isSweeping = async (common: string): Promise<boolean> => {
  const file = join(common, 'gc.pid');
  const [pid, host] = (await readText(file)).trim().split(' ');
  if (pid === undefined || pid === '') return false;
  if (host === hostname()) return isAlive(Number(pid), null);
  return Date.now() - (statsAt(file)?.mtimeMs ?? 0) < staleMs;
};
