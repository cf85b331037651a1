import { join } from 'node:path';
import type { FileDelta } from '@tandem/protocol';
import type { Entry, Manifest } from './manifest.ts';
import { readPacked } from './packs.ts';
import type { Scan } from './scan.ts';
import { content } from './scan.ts';
import type { Side } from './unified-diff.ts';
import { unifiedDiff } from './unified-diff.ts';

export type SnapshotDiff = { readonly diff: string; readonly files: readonly FileDelta[] };

/** What changed from a snapshot to a scan, as one patch that `git apply` takes, with line counts by file. */
export const diffEntries = async (input: {
  readonly root: string;
  readonly folder: string;
  readonly before: Manifest;
  readonly now: Scan;
}): Promise<SnapshotDiff> => {
  const { before, now } = input;
  const old = new Map(before.entries.map((entry) => [entry.path, entry]));
  const current = new Map(now.entries.map((entry) => [entry.path, entry]));
  const skipped = new Set([...before.skipped, ...now.skipped]);
  const paths = [...new Set([...old.keys(), ...current.keys()])].filter((path) => !skipped.has(path)).sort();
  const patches: string[] = [];
  const files: FileDelta[] = [];
  for (const path of paths) {
    const was = old.get(path);
    const is = current.get(path);
    if (was?.hash === is?.hash && was?.type === is?.type && gitMode(was) === gitMode(is)) continue;
    const patch = unifiedDiff({
      path,
      before: await oldSide(input, was),
      after: await newSide(input.root, is),
    });
    patches.push(patch.diff);
    files.push({ path, added: patch.added, removed: patch.removed });
  }
  return { diff: patches.join(''), files };
};

/** git knows only these. */
const gitMode = (entry: Entry | undefined): string | null => {
  if (entry === undefined) return null;
  if (entry.type === 'link') return '120000';
  return (entry.mode & 0o100) === 0 ? '100644' : '100755';
};

const oldSide = async (
  input: { readonly folder: string; readonly before: Manifest },
  entry: Entry | undefined,
): Promise<Side | null> => {
  const location = entry === undefined ? undefined : input.before.locations[entry.hash];
  if (entry === undefined || location === undefined) return null;
  return { mode: gitMode(entry) as string, bytes: await readPacked(input.folder, location) };
};

const newSide = async (root: string, entry: Entry | undefined): Promise<Side | null> => {
  if (entry === undefined) return null;
  const bytes = await content(join(root, entry.path), entry.type);
  return bytes === null ? null : { mode: gitMode(entry) as string, bytes };
};
