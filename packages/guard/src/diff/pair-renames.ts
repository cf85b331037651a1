import type { FileChange } from './change.ts';
import { extensionOf } from './file-kind.ts';

/** As git does: more than half of the lines are the same. */
const similar = 0.5;
/** Each pair is compared: a change with more deleted files than this is no rename. */
const maxDeleted = 50;

/** A deleted and a new file with mostly the same lines become one renamed file. */
export const pairRenames = (files: readonly FileChange[]): readonly FileChange[] => {
  const deleted = files.filter((file) => file.after === null && file.before !== null && file.before !== '');
  const added = files.filter((file) => file.before === null && file.after !== null && file.after !== '');
  if (deleted.length === 0 || added.length === 0 || deleted.length > maxDeleted || added.length > maxDeleted)
    return files;
  const paired = new Map<FileChange, FileChange>();
  for (const old of deleted) {
    let best: FileChange | null = null;
    let bestShare = similar;
    for (const next of added) {
      if (paired.has(next) || extensionOf(next.path) !== extensionOf(old.path)) continue;
      const share = shareOf(old.before!, next.after!);
      if (share > bestShare) [best, bestShare] = [next, share];
    }
    if (best !== null) paired.set(best, old);
  }
  const gone = new Set(paired.values());
  return files
    .filter((file) => !gone.has(file))
    .map((file) => {
      const old = paired.get(file);
      return old === undefined
        ? file
        : { path: file.path, from: old.path, before: old.before, after: file.after };
    });
};

const shareOf = (before: string, after: string): number => {
  const left = before
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length > 2);
  const right = new Set(after.split('\n').map((line) => line.trim()));
  return left.length === 0 ? 0 : left.filter((line) => right.has(line)).length / left.length;
};
