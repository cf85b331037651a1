import type { FileDelta } from '@tandem/protocol';

export type FileDiff = { readonly diff: string; readonly file: FileDelta };

type Change = { readonly kind: ' ' | '-' | '+'; readonly line: string };

/** Pairs of lines compared at most; past it the changed middle is shown as replaced whole. */
const CELL_LIMIT = 4_000_000;
const CONTEXT = 3;

/** Unified diff of one file's text; null stands for a file that is not there. */
export const unifiedDiff = (path: string, before: string | null, after: string | null): FileDiff => {
  const changes = compare(linesOf(before), linesOf(after));
  const added = changes.filter((change) => change.kind === '+').length;
  const removed = changes.filter((change) => change.kind === '-').length;
  const file = { path, added, removed };
  if (before === after) return { diff: '', file };
  const head = `--- ${before === null ? '/dev/null' : `a/${path}`}\n+++ ${after === null ? '/dev/null' : `b/${path}`}\n`;
  return { diff: head + hunks(changes), file };
};

/** A last line without its newline keeps a marker, so that adding the newline shows as a change. */
const linesOf = (text: string | null): readonly string[] => {
  if (text === null || text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') return lines.slice(0, -1);
  return lines.with(-1, `${lines.at(-1)}\n\\ No newline at end of file`);
};

const compare = (before: readonly string[], after: readonly string[]): readonly Change[] => {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1;
  const same = (lines: readonly string[]): Change[] => lines.map((line) => ({ kind: ' ', line }));
  return [
    ...same(before.slice(0, start)),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
};

const middle = (before: readonly string[], after: readonly string[]): readonly Change[] => {
  const minus = (line: string): Change => ({ kind: '-', line });
  const plus = (line: string): Change => ({ kind: '+', line });
  if (before.length * after.length > CELL_LIMIT) return [...before.map(minus), ...after.map(plus)];
  const width = after.length + 1;
  const length = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      length[i * width + j] =
        before[i] === after[j]
          ? 1 + (length[(i + 1) * width + j + 1] ?? 0)
          : Math.max(length[(i + 1) * width + j] ?? 0, length[i * width + j + 1] ?? 0);
  const changes: Change[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const left = before[i];
    const right = after[j];
    if (left !== undefined && left === right) {
      changes.push({ kind: ' ', line: left });
      i += 1;
      j += 1;
    } else if (
      left !== undefined &&
      (right === undefined || (length[(i + 1) * width + j] ?? 0) >= (length[i * width + j + 1] ?? 0))
    ) {
      changes.push(minus(left));
      i += 1;
    } else if (right !== undefined) {
      changes.push(plus(right));
      j += 1;
    }
  }
  return changes;
};

const hunks = (changes: readonly Change[]): string => {
  const near = changes.map((_, index) =>
    changes.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((change) => change.kind !== ' '),
  );
  let text = '';
  let oldLine = 1;
  let newLine = 1;
  for (let index = 0; index < changes.length; ) {
    if (!near[index]) {
      oldLine += 1;
      newLine += 1;
      index += 1;
      continue;
    }
    let end = index;
    while (end < changes.length && near[end]) end += 1;
    const hunk = changes.slice(index, end);
    const old = hunk.filter((change) => change.kind !== '+').length;
    const fresh = hunk.filter((change) => change.kind !== '-').length;
    text += `@@ -${range(oldLine, old)} +${range(newLine, fresh)} @@\n`;
    text += hunk.map((change) => `${change.kind}${change.line}\n`).join('');
    oldLine += old;
    newLine += fresh;
    index = end;
  }
  return text;
};

const range = (start: number, count: number): string => `${count === 0 ? start - 1 : start},${count}`;
