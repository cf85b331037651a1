import type { FileChange } from './change.ts';

/** A stretch of a file without gaps. */
export type Hunk = {
  readonly text: string /** 0-based, in what is known of the file. */;
  readonly start: number;
};

/** The stretches that are known of one side, cut where the numbers of its lines jump. */
export const hunksOf = (lines: readonly string[], numbers: FileChange['beforeLines']): readonly Hunk[] => {
  if (numbers === undefined) return [{ text: lines.join('\n'), start: 0 }];
  const hunks: Hunk[] = [];
  let start = 0;
  for (let line = 1; line <= lines.length; line += 1) {
    if (line < lines.length && numbers[line] === numbers[line - 1]! + 1) continue;
    hunks.push({ text: lines.slice(start, line).join('\n'), start });
    start = line;
  }
  return hunks;
};
