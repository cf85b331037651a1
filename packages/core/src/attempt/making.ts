import { AppError, type AttemptsRun, foldAttempts, type IsolatedAttempt } from '@tandem/protocol';
import type { Engine } from '../engine.ts';
import type { SessionLog } from '../session/log.ts';
import type { Work } from '../turn/work.ts';
import type { Worktree, Worktrees } from '../worktrees.ts';
import type { Comparison } from './compare.ts';

/** What making the attempts of one turn needs at hand. */
export type Making = Work & {
  readonly engine: Engine;
  readonly worktrees: Worktrees;
  /** Of the whole turn; `signal` may end the attempts alone, when enough is known. */
  readonly turnSignal: AbortSignal;
  /** Where the workspace lies below the top of its repository; empty at the top. */
  readonly prefix: string;
  /** Those that this process made or has looked up, by name. */
  readonly found: Map<string, Worktree>;
  /** By the ids of those that were compared: their worktrees do not change any more. */
  readonly compared: Map<string, ReadonlyMap<string, Comparison>>;
};

/** @throws AppError configuration where attempts cannot be had */
export const startMaking = async (work: Work, engine: Engine): Promise<Making> => {
  const { ports, settings } = work;
  const place = (await ports.repository?.(settings.cwd)) ?? null;
  if (ports.worktrees === undefined || place === null)
    throw new AppError(
      'usage',
      `${settings.cwd} is in no git repository, and attempts are made in worktrees of one. Make one (git init, then a first commit), or ask for a single attempt.`,
    );
  return {
    ...work,
    engine,
    worktrees: ports.worktrees,
    turnSignal: work.signal,
    prefix: place.prefix,
    found: new Map(),
    compared: new Map(),
  };
};

/** The attempts as the log has them now. */
export const runOf = (log: Pick<SessionLog, 'events' | 'session'>): AttemptsRun => {
  const run = foldAttempts(log.events);
  if (run === null)
    throw new AppError('not_found', `session ${log.session} has no attempts; see tandem attempts list`);
  return run;
};

/** By number or id; the chosen one when nothing is said. @throws AppError not_found, saying which there are */
export const attemptOf = (run: AttemptsRun, typed: string | undefined): IsolatedAttempt => {
  const { attempts } = run;
  const found =
    typed === undefined
      ? attempts.find(({ chosen }) => chosen)
      : attempts.find(({ id, number }) => id === typed || String(number) === typed);
  if (found !== undefined) return found;
  const numbers = attempts.map(({ number }) => number).join(', ');
  const what = typed === undefined ? 'none was chosen; name one' : `there is no attempt ${typed}`;
  throw new AppError('not_found', `${what}: ${numbers === '' ? 'none was made' : numbers}`);
};

/** Its worktree, from its name. @throws AppError not_found */
export const worktreeOf = async (
  making: Pick<Making, 'worktrees' | 'found' | 'settings'>,
  attempt: IsolatedAttempt,
): Promise<Worktree> => {
  const { worktrees, found, settings } = making;
  if (!found.has(attempt.worktree))
    for (const one of await worktrees.list(settings.cwd)) if (one.present) found.set(one.name, one);
  const worktree = found.get(attempt.worktree);
  if (worktree !== undefined) return worktree;
  throw new AppError('not_found', `the worktree ${attempt.worktree} of attempt ${attempt.number} is gone`);
};
