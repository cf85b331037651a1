/** Scores every attempt an agent kept, to tell what choosing cost: pass@1 and oracle@N beside selected@N. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { attemptsFile } from './agent.ts';
import { score } from './score.ts';
import { layStart, type Task } from './task.ts';

/** One attempt as `tandem exec` writes it with --keep-attempts: whole files, to be laid over the start state. */
export type KeptAttempt = {
  readonly id: string;
  /** `sample`, `rewrite`, `mutation` or `repair`. */
  readonly source: string;
  readonly verifyExit: number | null;
  readonly chosen: boolean;
  readonly ms?: number;
  /** `text: null` is a file taken away. */
  readonly files: readonly { readonly path: string; readonly text: string | null }[];
};

export type ScoredAttempt = {
  readonly id: string;
  readonly source: string;
  readonly verifyExit: number | null;
  readonly chosen: boolean;
  readonly passed: boolean;
};

/** What one turn kept. */
export type Kept = {
  readonly attempts: readonly KeptAttempt[];
  /** Answers the model was asked for, rejected ones included; null where the agent does not tell. */
  readonly draws: number | null;
};

/** The file holds a list, or an object whose `attempts` is one. Null when the agent kept nothing. */
export const readAttempts = (folder: string): Kept | null => {
  const file = attemptsFile(folder);
  if (!existsSync(file)) return null;
  const kept:
    | readonly KeptAttempt[]
    | { readonly attempts: readonly KeptAttempt[]; readonly draws?: number } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return 'attempts' in kept
    ? { attempts: kept.attempts, draws: kept.draws ?? null }
    : { attempts: kept, draws: null };
};

/** Attempts that wrote the same files are tested once. */
export const scoreAttempts = async (
  task: Task,
  options: { readonly attempts: readonly KeptAttempt[]; readonly runtime: string },
): Promise<readonly ScoredAttempt[]> => {
  const known = new Map<string, boolean>();
  const scored: ScoredAttempt[] = [];
  for (const attempt of options.attempts) {
    const hash = createHash('sha256').update(JSON.stringify(attempt.files)).digest('hex');
    const passed = known.get(hash) ?? (await passes(task, { attempt, runtime: options.runtime }));
    known.set(hash, passed);
    const { id, source, verifyExit, chosen } = attempt;
    scored.push({ id, source, verifyExit, chosen, passed });
  }
  return scored;
};

const passes = async (
  task: Task,
  options: { readonly attempt: KeptAttempt; readonly runtime: string },
): Promise<boolean> => {
  const work = mkdtempSync(join(tmpdir(), 'bench-attempt-'));
  try {
    layStart(task, work);
    for (const { path, text } of options.attempt.files) layFile(work, { path, text });
    return (await score(task, { work, runtime: options.runtime })).passed;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

const layFile = (work: string, file: { readonly path: string; readonly text: string | null }): void => {
  const target = resolve(work, file.path);
  if (relative(work, target).startsWith('..')) throw new Error(`attempt writes outside: ${file.path}`);
  if (file.text === null) {
    rmSync(target, { force: true });
    return;
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, file.text);
};

/**
 * The model's first accepted attempt alone: mutations are no answer of the model. False when it was asked and none of
 * its answers was accepted; null when it was not asked, or nobody knows.
 */
export const firstOfModel = (kept: Kept | null, scored: readonly ScoredAttempt[]): boolean | null =>
  scored.find(({ source }) => source !== 'mutation')?.passed ?? ((kept?.draws ?? 0) > 0 ? false : null);

/** True when any attempt would have been right: what perfect choosing would reach. Null when none was kept. */
export const anyRight = (kept: Kept | null, scored: readonly ScoredAttempt[]): boolean | null =>
  kept === null ? null : scored.some(({ passed }) => passed);
