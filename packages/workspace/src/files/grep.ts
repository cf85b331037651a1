import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createContext, Script } from 'node:vm';
import type { GrepHit } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import type { ListSource } from './list.ts';
import { allFiles, matcher } from './list.ts';

/** Generated data and logs above this are not code; a command can still search them. */
const maxFileBytes = 16 * 1024 * 1024;
/** What is looked at of one line: minified files have lines of megabytes. */
const maxLine = 10_000;
const maxHitText = 400;
/** Between batches others have their turn. */
const batchSize = 64;
/** For one batch. A pattern that backtracks without end is stopped here instead of stopping the agent. */
const batchTimeoutMs = 1_000;

export type GrepRequest = {
  readonly pattern: string;
  readonly glob?: string;
  readonly limit: number;
  readonly ignoreCase?: boolean;
};

/** Lines that match a regular expression, by path and line; binary files are skipped. @throws AppError usage */
export const grepFiles = async (source: ListSource, request: GrepRequest): Promise<readonly GrepHit[]> => {
  const expression = compile(request);
  const literal = literalBytes(request);
  const listed = await allFiles(source);
  const files = listed.filter((path) => source.denied?.has(join(source.root, path)) !== true);
  const chosen = request.glob === undefined ? files : files.filter(matcher(request.glob));
  const hits: GrepHit[] = [];
  for (let start = 0; start < chosen.length && hits.length < request.limit; start += batchSize) {
    const texts = readBatch(source.root, chosen.slice(start, start + batchSize), literal);
    hits.push(
      ...searchBatch({ texts, expression, limit: request.limit - hits.length, pattern: request.pattern }),
    );
    await setImmediate();
  }
  return hits;
};

const compile = (request: GrepRequest): RegExp => {
  try {
    return new RegExp(request.pattern, request.ignoreCase === true ? 'i' : '');
  } catch (error) {
    throw new AppError(
      'usage',
      `The pattern ${JSON.stringify(request.pattern)} is not a valid regular expression (${(error as Error).message}); escape special characters with a backslash.`,
      { cause: error },
    );
  }
};

/** Bytes that every matching file holds, when the pattern is plain text: most files are then out without decoding. */
const literalBytes = (request: GrepRequest): Buffer | null =>
  request.ignoreCase !== true && /^[^\\^$.*+?()[\]{}|]+$/.test(request.pattern)
    ? Buffer.from(request.pattern)
    : null;

type FileTextOf = { readonly path: string; readonly text: string };

/** Read without the thread pool, which costs ten times the reading itself for files of a few kilobytes. */
const readBatch = (root: string, paths: readonly string[], literal: Buffer | null): readonly FileTextOf[] =>
  paths.flatMap((path) => {
    const bytes = readSearchable(join(root, path));
    if (bytes === null || (literal !== null && !bytes.includes(literal))) return [];
    return [{ path, text: bytes.toString('utf8') }];
  });

/** Null for what is not a readable, regular, textual file. A symlink's target is found where it really is. */
const readSearchable = (absolute: string): Buffer | null => {
  let file: number | null = null;
  try {
    file = openSync(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > maxFileBytes) return null;
    const bytes = readFileSync(file);
    return bytes.subarray(0, 8_192).includes(0) ? null : bytes;
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
};

const call = new Script('work()');

const searchBatch = (input: {
  readonly texts: readonly FileTextOf[];
  readonly expression: RegExp;
  readonly limit: number;
  readonly pattern: string;
}): readonly GrepHit[] => {
  const hits: GrepHit[] = [];
  const work = (): void => {
    for (const file of input.texts)
      searchText({ file, expression: input.expression, limit: input.limit, hits });
  };
  try {
    // The time limit of a script also ends a regular expression that it runs, which nothing else here can.
    call.runInContext(createContext({ work }), { timeout: batchTimeoutMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new AppError(
      'usage',
      `The pattern ${JSON.stringify(input.pattern)} takes too long; make it simpler (nested repeats such as (a+)+ are the usual cause).`,
    );
  }
  return hits;
};

const searchText = (input: {
  readonly file: FileTextOf;
  readonly expression: RegExp;
  readonly limit: number;
  readonly hits: GrepHit[];
}): void => {
  const { file, expression, limit, hits } = input;
  let line = 1;
  for (let start = 0; start <= file.text.length && hits.length < limit; line++) {
    const found = file.text.indexOf('\n', start);
    const end = found < 0 ? file.text.length : found;
    if (start === file.text.length && start > 0) return;
    const text = file.text.slice(start, Math.min(end, start + maxLine)).replace(/\r$/, '');
    const match = expression.exec(text);
    if (match !== null) hits.push({ path: file.path, line, text: around(text, match.index) });
    start = end + 1;
  }
};

const around = (text: string, at: number): string => {
  if (text.length <= maxHitText) return text;
  const from = Math.max(0, Math.min(at - maxHitText / 4, text.length - maxHitText));
  return `${from > 0 ? '…' : ''}${text.slice(from, from + maxHitText)}…`;
};
