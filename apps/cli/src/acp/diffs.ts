import { join } from 'node:path';
import type { Diff, ToolCallLocation } from '@agentclientprotocol/sdk';

export type Changed = {
  readonly content: readonly (Diff & { readonly type: 'diff' })[];
  readonly locations: readonly ToolCallLocation[];
};

type Hunk = {
  readonly path: string;
  readonly isNew: boolean;
  readonly line: number;
  old: string;
  new: string;
};

/**
 * The hunks of a unified diff as texts before and after, and where they are. A hunk holds the lines around a change and not the
 * whole file, which may be another one by the time that a client looks. @param cwd absolute; paths of the diff are relative to it
 */
export const changedBy = (diff: string, cwd: string): Changed => {
  const hunks = hunksOf(diff, cwd);
  return {
    content: hunks.map(({ path, isNew, ...hunk }) => ({
      type: 'diff',
      path,
      oldText: isNew ? null : hunk.old,
      newText: hunk.new,
    })),
    locations: hunks.map(({ path, line }) => ({ path, line: Math.max(1, line) })),
  };
};

const hunksOf = (diff: string, cwd: string): readonly Hunk[] => {
  const hunks: Hunk[] = [];
  let [from, to, left, right] = ['', '', 0, 0];
  for (const line of diff.split('\n')) {
    const counts = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    const hunk = hunks.at(-1);
    // The counts say where a hunk ends: inside one, a removed line may well look like a header.
    if (hunk !== undefined && (left > 0 || right > 0)) {
      const text = `${line.slice(1)}\n`;
      if (line.startsWith('\\')) continue;
      if (!line.startsWith('+')) [hunk.old, left] = [hunk.old + text, left - 1];
      if (!line.startsWith('-')) [hunk.new, right] = [hunk.new + text, right - 1];
    } else if (counts !== null) {
      [left, right] = [Number(counts[1] ?? 1), Number(counts[3] ?? 1)];
      const path = join(cwd, to === '' ? from : to);
      hunks.push({ path, isNew: from === '', line: Number(counts[2]), old: '', new: '' });
    } else if (line.startsWith('--- ')) from = nameOf(line);
    else if (line.startsWith('+++ ')) to = nameOf(line);
  }
  return hunks;
};

/** Empty for a side that is not there. */
const nameOf = (header: string): string => {
  const name = header.slice(4).split('\t')[0]!;
  return name === '/dev/null' ? '' : name.replace(/^[ab]\//, '');
};
