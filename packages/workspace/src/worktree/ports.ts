import { mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { AppError } from '@tandem/protocol';
import { withStoreLock } from '../snapshot/store-lock.ts';
import { isThere } from './record.ts';

export type PortRange = { readonly first: number; readonly count: number };

/** Below what systems hand out by themselves (32768 on Linux), above what services are known by. */
const lowest = 20_000;
const highest = 32_000;
const count = 10;

/**
 * A range that no other worktree has and on which nobody listens now. A file of its number says whose it is: the root of
 * a worktree. One whose worktree is no longer there is given again. @throws AppError limit when all are taken
 */
export const takePorts = (
  folder: string,
  {
    root,
    wanted = lowest + (sumOf(root) % (highest - lowest)),
  }: { readonly root: string; readonly wanted?: number },
): Promise<PortRange> =>
  withStoreLock(
    join(folder, '.lock'),
    async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const names = new Set(await readdir(folder));
      const start = wanted - (wanted % count);
      for (let first = start; first < start + highest - lowest; first += count) {
        const range = { first: first < highest ? first : first - highest + lowest, count };
        const path = join(folder, String(range.first));
        const owner = names.has(String(range.first)) ? await readFile(path, 'utf8') : '';
        if ((owner !== root && isWorktree(owner)) || !(await areFree(range))) continue;
        await writeFile(path, root, { mode: 0o600 });
        return range;
      }
      throw new AppError(
        'limit',
        'Every range of ports is taken; discard worktrees that are not needed any more.',
      );
    },
    'the ports of worktrees',
  );

export const freePorts = (folder: string, first: number): Promise<void> =>
  unlink(join(folder, String(first))).catch(() => undefined);

const isWorktree = (root: string): boolean =>
  root !== '' && isThere(join(dirname(root), '.of', basename(root)));

/** Spreads the worktrees, so that most need one try. */
const sumOf = (text: string): number =>
  [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 100_003, 0);

const areFree = async ({ first, count: ports }: PortRange): Promise<boolean> =>
  (await Promise.all(Array.from({ length: ports }, (_, index) => isFree(first + index)))).every(
    (free) => free,
  );

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
