import type { FileChange } from './change.ts';
import { lineEdits } from './line-edits.ts';

/** Lines kept around each change: enough for the function or test that it stands in. */
const context = 20;
/** Shorter files are read whole. */
const shortFile = 120;

/** A long file cut down to what surrounds its changes, so that judging costs what the change is and not what the file is. */
export const focus = (file: FileChange): FileChange => {
  if (file.before === null || file.after === null || file.beforeLines !== undefined) return file;
  const before = linesOf(file.before);
  const after = linesOf(file.after);
  if (Math.max(before.length, after.length) <= shortFile) return file;
  const blocks = lineEdits(before, after);
  const beforeLines = near(
    blocks.map((block) => [block.beforeStart, block.beforeEnd]),
    before.length,
  );
  const afterLines = near(
    blocks.map((block) => [block.afterStart, block.afterEnd]),
    after.length,
  );
  return { ...file, ...cut('before', before, beforeLines), ...cut('after', after, afterLines) } as FileChange;
};

/** The lines of a text without the last line end; none of an empty text. */
export const linesOf = (text: string | null): readonly string[] => {
  if (text === null || text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
};

/** 0-based lines within reach of a stretch, in order. */
const near = (stretches: readonly (readonly [number, number])[], count: number): readonly number[] => {
  const lines: number[] = [];
  for (const [start, end] of stretches) {
    const from = Math.max(start - context, (lines.at(-1) ?? -1) + 1, 0);
    for (let line = from; line < Math.min(end + context, count); line += 1) lines.push(line);
  }
  return lines;
};

const cut = (
  side: 'before' | 'after',
  lines: readonly string[],
  kept: readonly number[],
): Partial<FileChange> => ({
  [side]: kept.map((line) => lines[line]!).join('\n'),
  [`${side}Lines`]: kept.map((line) => line + 1),
});
