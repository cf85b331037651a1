import {
  appendFileSync,
  chmodSync,
  cpSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Restored, Workspace } from '@tandem/core';
import fc from 'fast-check';
import type { Snapshots } from '../../src/snapshot/snapshots.ts';
import { put } from '../support/temp.ts';

/** Everything below a root but git's own: bytes, modes, links, folders. */
export const contents = (root: string, folder = ''): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(root, folder)).sort()) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (path === '.git') continue;
    const stats = lstatSync(join(root, path));
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isDirectory()) Object.assign(found, { [`${path}/`]: mode }, contents(root, path));
    else if (stats.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(root, path))}`;
    else found[path] = `${mode} ${readFileSync(join(root, path), 'latin1')}`;
  }
  return found;
};

export type Taker = Pick<Workspace, 'snapshot' | 'restore'>;
export const takerOf = (snapshots: Snapshots): Taker => ({
  snapshot: snapshots.take,
  restore: snapshots.restore,
});
let count = 0;

/** One action of the agent: a snapshot, what it does, a snapshot. */
export const acted = async (on: Taker, work: () => void): Promise<{ before: string; after: string }> => {
  count += 1;
  const segment = { before: `snp_${count}_before`, after: `snp_${count}_after` };
  await on.snapshot(segment.before);
  work();
  await on.snapshot(segment.after);
  return segment;
};

export const back = async (
  on: Taker,
  segments: readonly { before: string; after: string | null }[],
  others: 'refuse' | 'leave' | 'overwrite' = 'refuse',
): Promise<Restored> => {
  count += 1;
  await on.snapshot(`snp_${count}_now`);
  return on.restore({ segments, now: `snp_${count}_now`, others });
};

/** Hash of the tree that a snapshot holds. */
export const treeIn = (folder: string, id: string): string =>
  JSON.parse(readFileSync(join(folder, `${id}.snapshot`), 'utf8')).tree;

const paths = ['a', 'd/a', 'd/e/b', 'd/e/f/c', 'd', 'd/e', 'f', 'f/e', 'f/e/f/c'] as const;
const path = fc.constantFrom(...paths);

export const change = fc.record({
  name: path,
  to: path,
  how: fc.constantFrom('write', 'append', 'remove', 'move', 'chmod', 'anew'),
});

/** One random change of a tree; it often has nothing to work on. */
export const alter = (
  root: string,
  { name, to, how }: { readonly name: string; readonly to: string; readonly how: string },
): void => {
  const absolute = join(root, name);
  try {
    if (how === 'write') put(root, { [name]: 'text' });
    if (how === 'append') appendFileSync(absolute, 'x');
    if (how === 'remove') rmSync(absolute, { recursive: true });
    if (how === 'move') renameSync(absolute, join(root, to));
    if (how === 'chmod') chmodSync(absolute, (statSync(absolute).mode ^ 0o001) & 0o777);
    if (how === 'anew') {
      cpSync(absolute, join(root, 'copy'), { recursive: true });
      rmSync(absolute, { recursive: true });
      renameSync(join(root, 'copy'), absolute);
    }
  } catch {
    // Nothing there, or something in the way.
  }
};
