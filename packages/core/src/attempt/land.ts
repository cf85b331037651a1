import {
  type Actor,
  AppError,
  type AttemptsRun,
  type FileDelta,
  type IsolatedAttempt,
  isAppError,
} from '@tandem/protocol';
import type { EnginePorts } from '../engine.ts';
import { agent, type Draft, type SessionLog } from '../session/log.ts';
import type { Session } from '../session/session.ts';
import { inSession } from '../session/undo.ts';
import { takeSnapshot } from '../turn/snapshot.ts';
import { settingsOf } from '../turn/state.ts';
import type { Worktrees } from '../worktrees.ts';
import { attemptOf, runOf } from './making.ts';

/** What bringing an attempt into the person's files, or throwing it away, needs at hand. */
type Landing = {
  readonly log: SessionLog;
  readonly ports: EnginePorts;
  readonly worktrees: Worktrees;
  readonly settings: { readonly cwd: string };
  readonly actor?: Actor;
};

/**
 * A snapshot, then the files, wholly or not at all; undo takes it back. One that a kill cut short is gone on with.
 * @throws AppError conflict, naming what the person changed meanwhile
 */
export const landAttempt = async (
  landing: Landing,
  attempt: IsolatedAttempt,
): Promise<readonly FileDelta[]> => {
  const { log, ports, worktrees, settings } = landing;
  const { turn } = runOf(log);
  if (attempt.landed) return attempt.files;
  const record = (...drafts: readonly Draft[]): Promise<unknown> =>
    log.append(
      drafts.map((draft) => ({ ...draft, turn })),
      landing.actor ?? agent,
    );
  const workspace = await ports.workspace(settings.cwd);
  const keeping = { ports, workspace, log };
  const before = await takeSnapshot(keeping, { reason: `before attempt ${attempt.number}` });
  await record(before);
  const after = { reason: `after attempt ${attempt.number}`, after: before.data.snapshot };
  try {
    const { files } = await worktrees.land({ origin: settings.cwd, name: attempt.worktree });
    await record(await takeSnapshot(keeping, after), {
      type: 'worktree.merged',
      data: { attempt: attempt.id, files: [...files] },
    });
    return files;
  } catch (error) {
    // Nothing was done, and the log says so: what a person does from here on is theirs.
    await record(await takeSnapshot(keeping, after));
    throw isAppError(error) && error.code === 'conflict' ? inTheWay(error, attempt) : error;
  }
};

const inTheWay = (error: AppError, { worktree }: IsolatedAttempt): AppError =>
  new AppError('conflict', `${error.message} To bring both together: tandem worktree merge ${worktree}`, {
    details: error.details,
    cause: error,
  });

/** A person takes an attempt: the chosen one, or another. @throws AppError conflict | not_found */
export const acceptAttempt = (
  session: Session,
  given: { readonly attempt: string | undefined; readonly actor: Actor },
  ports: EnginePorts,
): Promise<{ readonly files: readonly FileDelta[] }> =>
  inSession(session, async () => {
    const landing = landingOf(session.log, ports, given.actor);
    const run = runOf(session.log);
    const attempt = attemptOf(run, given.attempt);
    const landed = run.attempts.find((one) => one.landed);
    if (landed !== undefined)
      throw new AppError(
        'conflict',
        `attempt ${landed.number} was accepted already; tandem undo --session ${session.log.session} takes it back`,
      );
    if (attempt.status !== 'verified' || attempt.files.length === 0)
      throw new AppError('conflict', `attempt ${attempt.number} has nothing to accept; ${whatItIs(attempt)}`);
    const files = await landAttempt(landing, attempt);
    return { files };
  });

const whatItIs = ({ status, error }: IsolatedAttempt): string =>
  status === 'open'
    ? 'it was not finished: tandem attempts resume'
    : (error?.message ?? 'it changed nothing');

/** All worktrees of the attempts, or one of them, into the trash. @throws AppError conflict, naming what holds them */
export const discardAttempts = (
  session: Session,
  given: { readonly attempt: string | undefined; readonly despite: readonly string[]; readonly actor: Actor },
  ports: EnginePorts,
): Promise<{ readonly discarded: readonly string[] }> =>
  inSession(session, async () => {
    const landing = landingOf(session.log, ports, given.actor);
    const run = runOf(session.log);
    const wanted = given.attempt === undefined ? run.attempts : [attemptOf(run, given.attempt)];
    return { discarded: await throwAway(landing, { ...run, attempts: wanted }, given) };
  });

/** After a landing, when nobody will ask for the others; their diffs stay, and the trash has the rest. */
export const clearWorktrees = async (landing: Landing, reason: string): Promise<void> => {
  try {
    await throwAway(landing, runOf(landing.log), { reason, despite: [] });
  } catch (error) {
    // What is held stays where it is, and `tandem worktree list` shows why.
    if (!isAppError(error)) throw error;
  }
};

/** An attempt's work is what it was made for: its diff is kept, and the trash keeps the files. */
const ownWork = ['commits', 'changes', 'untracked', 'ignored'] as const;

const throwAway = async (
  landing: Landing,
  run: AttemptsRun,
  given: { readonly reason?: string; readonly despite: readonly string[] },
): Promise<readonly string[]> => {
  const { log, worktrees, settings } = landing;
  const discarded: string[] = [];
  const held: string[] = [];
  for (const { id, worktree: name } of run.attempts.filter(
    (one) => one.path !== null && one.discarded === null,
  )) {
    try {
      const despite = [...ownWork, ...given.despite] as Parameters<Worktrees['discard']>[1]['despite'];
      const { trash } = await worktrees.discard({ origin: settings.cwd, name }, { despite });
      const data = { attempt: id, reason: given.reason ?? 'discarded', trash };
      await log.append([{ type: 'worktree.discarded', turn: run.turn, data }], landing.actor ?? agent);
      discarded.push(name);
    } catch (error) {
      if (!isAppError(error)) throw error;
      held.push(error.message);
    }
  }
  if (held.length > 0) throw new AppError('conflict', held.join('\n'), { details: { discarded } });
  return discarded;
};

const landingOf = (log: SessionLog, ports: EnginePorts, actor: Actor): Landing => {
  const { worktrees } = ports;
  if (worktrees === undefined) throw new AppError('configuration', 'there are no worktrees here');
  return { log, ports, worktrees, settings: settingsOf(log.events), actor };
};
