/** Results files: one JSON a line, the header first, appended as tasks end so that a run can be taken up again. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TaskResult } from './run-task.ts';
import type { RunHeader } from './summary.ts';

export type Results = { readonly header: RunHeader | null; readonly tasks: readonly TaskResult[] };

/** A torn last line (a kill while writing) is left out; its task runs again. */
export const readResults = (file: string): Results => {
  if (!existsSync(file)) return { header: null, tasks: [] };
  const rows = readFileSync(file, 'utf8').split('\n').flatMap(parseRow);
  return {
    header: rows.find((row) => row.type === 'run') ?? null,
    tasks: rows.filter((row) => row.type === 'task'),
  };
};

const parseRow = (line: string): readonly (RunHeader | TaskResult)[] => {
  try {
    return line.trim() === '' ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
};

export const appendResult = (file: string, row: RunHeader | TaskResult): void => {
  mkdirSync(dirname(file), { recursive: true });
  const torn = existsSync(file) && !/(?:^|\n)$/.test(readFileSync(file, 'utf8'));
  appendFileSync(file, `${torn ? '\n' : ''}${JSON.stringify(row)}\n`);
};
