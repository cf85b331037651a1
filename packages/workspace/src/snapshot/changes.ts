import type { FileDelta } from '@tandem/protocol';
import type { Entry } from './entry.ts';
import type { Objects } from './objects.ts';
import { TreeReader } from './tree-reader.ts';
import type { Side } from './unified-diff.ts';
import { unifiedDiff } from './unified-diff.ts';

export type SnapshotDiff = { readonly diff: string; readonly files: readonly FileDelta[] };

/** What changed from a tree to another, as one patch that `git apply` takes, with line counts by file. */
export const changesSince = async (input: {
  readonly objects: Objects;
  readonly before: string;
  readonly now: string;
}): Promise<SnapshotDiff> => {
  const { objects } = input;
  const changes = await new TreeReader(objects).changes(input.before, input.now, isNoPart);
  const patches: string[] = [];
  const files: FileDelta[] = [];
  for (const [path, { before, after }] of [...changes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const sides = { before: await sideOf(objects, before), after: await sideOf(objects, after) };
    if (sides.before === null && sides.after === null) continue;
    if (before?.hash === after?.hash && sides.before?.mode === sides.after?.mode) continue;
    const patch = unifiedDiff({ path, ...sides });
    patches.push(patch.diff);
    files.push({ path, added: patch.added, removed: patch.removed });
  }
  return { diff: patches.join(''), files };
};

/** Ignored files and other repositories have no place in a patch of this one. */
const isNoPart = (entry: Entry): boolean => entry.nested || (entry.ignored && entry.type !== 'folder');

export const sideOf = async (objects: Objects, entry: Entry | null): Promise<Side | null> => {
  if (entry === null || entry.type === 'folder' || entry.type === 'left') return null;
  const mode = entry.type === 'link' ? '120000' : (entry.mode & 0o100) === 0 ? '100644' : '100755';
  return { mode, bytes: await objects.get(entry.hash) };
};
