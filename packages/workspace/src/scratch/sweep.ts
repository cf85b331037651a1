import { chmod, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ownerState } from '../exec/owner.ts';
import { killMarked } from '../exec/processes.ts';

/** After this an unknown owner's folder is left over: its container is gone, or its turn ran for a day. */
const unknownMs = 24 * 60 * 60 * 1000;

/** Removes scratch folders, and ends commands, of processes that no longer live. */
export const sweepScratch = async (folder: string): Promise<void> => {
  killMarked((mark) => ownerState(mark) === 'dead');
  for (const name of await readdir(folder).catch(() => [])) {
    if (await isLeftOver(folder, name)) await removeTree(join(folder, name));
  }
};

const isLeftOver = async (folder: string, name: string): Promise<boolean> => {
  const state = ownerState(name);
  if (state !== 'unknown') return state === 'dead';
  if (!/^\d+-\d+-\d+-/.test(name)) return false;
  const stats = await stat(join(folder, name)).catch(() => null);
  return stats !== null && Date.now() - stats.mtimeMs > unknownMs;
};

/** Removes a tree also where a test took write permission from a folder. Never follows symlinks. */
export const removeTree = async (folder: string): Promise<void> => {
  const remove = (): Promise<void> =>
    rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
  try {
    await remove();
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await openFolders(folder);
    await remove();
  }
};

const openFolders = async (folder: string): Promise<void> => {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
  }
};
