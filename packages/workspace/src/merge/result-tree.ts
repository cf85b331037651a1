import type { Choice, PathConflict } from './conflict.ts';
import type { Git } from './git.ts';
import type { MergedTree } from './merge-tree.ts';

export type ChosenPath = { readonly conflict: PathConflict; readonly choice: Choice };
export type WrittenText = { readonly path: string; readonly mode: string; readonly bytes: Buffer };

/**
 * The tree of the merge: what git merged by itself, the settled texts, and of each chosen conflict its paths as they are
 * on that side. `git` has an index of its own, which is left holding the tree.
 */
export const writeResult = async (
  git: Git,
  asked: MergedTree,
  decided: {
    readonly ours: string;
    readonly theirs: string;
    readonly texts: readonly WrittenText[];
    readonly chosen: readonly ChosenPath[];
  },
): Promise<string> => {
  await git.get(['read-tree', asked.tree]);
  const lines: string[] = [];
  for (const { conflict, choice } of decided.chosen) {
    if (choice === 'both') continue;
    for (const path of conflict.paths) {
      const there = await git.names(['ls-files', '-z', '--', path]);
      const wanted = await git.names([
        ...['ls-tree', '-r', '-z', '--full-tree', decided[choice], '--', path],
      ]);
      lines.push(...there.map((name) => `0 ${'0'.repeat(asked.tree.length)}\t${name}`));
      lines.push(...wanted.map((entry) => entry.replace(/^(\d+) \w+ /, '$1 ')));
    }
  }
  for (const { path, mode, bytes } of decided.texts) {
    const id = (await git.get(['hash-object', '-w', '--stdin', '--no-filters'], { input: bytes })).trim();
    lines.push(`${mode} ${id}\t${path}`);
  }
  if (lines.length > 0) {
    const input = lines.map((line) => `${line}\0`).join('');
    await git.get(['update-index', '-z', '--index-info'], { input });
  }
  return (await git.get(['write-tree'])).trim();
};
