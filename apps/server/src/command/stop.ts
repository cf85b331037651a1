import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { systemClock } from '@tandem/workspace/identity';
import { isAlive } from '@tandem/workspace/processes';
import { findPostmaster, stopPostmaster } from '../database/embedded/postmaster.ts';
import { findRunning, type Running } from '../door/running.ts';
import { pathsOf } from '../host.ts';
import type { CommandInput } from '../main.ts';

/** A turn is closed, requests end, PostgreSQL writes its last checkpoint. */
const stopMs = 90_000;
const pollMs = 50;

/** `tandem server stop`: the server of this folder, and a database that a killed one left behind. */
export const stop = async ({ host, signal }: CommandInput): Promise<number> => {
  const { server: state } = pathsOf(host.env);
  const running = await findRunning(state, signal);
  if (running !== null) {
    await end(running, signal);
    host.out(`stopped (process ${running.pid})\n`);
    return 0;
  }
  const data = await realpath(join(state, 'postgres')).catch(() => null);
  const postmaster = data === null ? null : await findPostmaster(data);
  if (postmaster === null) {
    host.out('nothing runs\n');
    return 0;
  }
  if (!(await stopPostmaster(postmaster, (ms) => systemClock.sleep(ms, signal))))
    throw new AppError('busy', `PostgreSQL (process ${postmaster.pid}) does not end; kill it by hand.`);
  host.out(`no server runs; its database was stopped (process ${postmaster.pid})\n`);
  return 0;
};

const end = async ({ pid, started }: Running, signal: AbortSignal): Promise<void> => {
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < stopMs; waited += pollMs) {
    if (!isAlive(pid, started)) return;
    await systemClock.sleep(pollMs, signal);
  }
  throw new AppError('busy', `The server (process ${pid}) does not end; kill it by hand.`);
};
