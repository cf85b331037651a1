import type { Actor, EventOf } from '@tandem/protocol';
import { AppError, isAppError } from '@tandem/protocol/error';
import type { AnswerTask } from '@tandem/protocol/team';
import { inTransaction } from '../database/transaction.ts';
import type { Run } from '../engine/engine.ts';
import { type Context, sessionOf } from './context.ts';
import { changeTask } from './rows.ts';

export type Worked = EventOf<'turn.completed'>['data'];

const worker: Actor = { type: 'worker', id: 'task' };

/**
 * The agent's part: one session for the task, whose log says how far it came. Whatever was begun before is gone on with, and
 * nothing is begun twice.
 */
export const workOnTask = async (context: Context, run: Run): Promise<Worked> => {
  const { engine } = context;
  const session = sessionOf(context.task);
  await run.bindSession(session);
  const stop = (): void => void engine.interrupt(session).catch(() => {});
  run.signal.addEventListener('abort', stop, { once: true });
  try {
    await begin(context, run);
    return await untilCompleted(context, run);
  } finally {
    run.signal.removeEventListener('abort', stop);
  }
};

const begin = async ({ engine, task, worktree }: Context, run: Run): Promise<void> => {
  const session = sessionOf(task);
  const { model, permissionMode, verify } = task.options;
  const title = task.prompt.split('\n')[0]!.slice(0, 200);
  await engine
    .createSession({ id: session, settings: { model, cwd: worktree, permissionMode }, title, actor: worker })
    // It is there already: this task was begun before.
    .catch((error: unknown) => {
      if (!isAppError(error) || error.code !== 'conflict') throw error;
    });
  const state = stateOf(await engine.events(session));
  await run.requireHeld();
  if (state === 'open') return await engine.recover(session);
  if (state === 'completed') return;
  const text =
    state === 'new' ? task.prompt : 'The server was stopped in between. Go on with what was asked.';
  await engine.startTurn({
    session,
    text,
    options: verify === undefined ? {} : { verify },
    actor: worker,
  });
};

type Logged = { readonly type: string; readonly data?: unknown };

/** `interrupted`: by a server that was stopped; a task that is cancelled does not come here again. */
const stateOf = (events: readonly Logged[]): 'new' | 'open' | 'interrupted' | 'completed' => {
  const last = events.findLast(({ type }) => type === 'turn.admitted' || type === 'turn.completed');
  if (last === undefined) return 'new';
  if (last.type === 'turn.admitted') return 'open';
  return (last.data as Worked).outcome === 'interrupted' ? 'interrupted' : 'completed';
};

/** Follows the session; its questions become the task's, and the run waits for their answers without a slot. */
const untilCompleted = async (context: Context, run: Run): Promise<Worked> => {
  const ending = new AbortController();
  const following = follow(context, run, AbortSignal.any([run.signal, ending.signal]));
  const stopped = noDriver(context, sessionOf(context.task));
  following.catch(() => {});
  stopped.catch(() => {});
  try {
    const worked = await Promise.race([following, stopped]);
    run.signal.throwIfAborted();
    if (worked.outcome === 'interrupted') throw new AppError('busy', 'The turn was interrupted.');
    return worked;
  } finally {
    ending.abort();
  }
};

const follow = async (context: Context, run: Run, signal: AbortSignal): Promise<Worked> => {
  const { engine } = context;
  const open = new Map<string, EventOf<'approval.requested'>['data']>();
  let worked: Worked | null = null;
  let live = false;
  for await (const event of engine.follow(sessionOf(context.task), { after: 0, signal })) {
    const data: unknown = 'data' in event ? event.data : null;
    if (event.type === 'caught_up') live = true;
    if (event.type === 'turn.admitted') worked = null;
    if (event.type === 'turn.completed') worked = data as Worked;
    if (event.type === 'approval.requested') {
      const asked = data as EventOf<'approval.requested'>['data'];
      open.set(asked.approval, asked);
    }
    if (event.type === 'approval.resolved')
      open.delete((data as EventOf<'approval.resolved'>['data']).approval);
    if (live && worked !== null) return worked;
    if (live) for (const asked of open.values()) await ask(context, run, asked);
    if (live) open.clear();
  }
  run.signal.throwIfAborted();
  throw new AppError('busy', 'The session cannot be followed now.');
};

/** A driver that can no longer write to the log ends without a word in it. */
const noDriver = async ({ engine }: Context, session: string): Promise<never> => {
  await engine.idle(session);
  if (stateOf(await engine.events(session)) !== 'completed')
    throw new AppError('busy', 'The session stopped before its turn was over.');
  return await new Promise<never>(() => {});
};

/** Shows a question with the task, and hands the answer on once the run has a slot again. */
const ask = async (
  { engine, pool, task }: Context,
  run: Run,
  { approval, question }: EventOf<'approval.requested'>['data'],
): Promise<void> => {
  await run.requireHeld();
  await inTransaction(pool, (client) =>
    changeTask(client, run.id, {
      change: { questions: [{ approval, question }], why: `the agent asks: ${question}`.slice(0, 400) },
      event: { type: 'question.asked', actor: 'server', data: { approval, question } },
    }),
  );
  const { value, actor } = await run.waitFor(approval);
  const { decision, note } = value as AnswerTask;
  await run.requireHeld();
  await engine
    .resolveApproval({
      session: sessionOf(task),
      approval,
      decision,
      ...(note === undefined ? {} : { note }),
      actor: { type: 'user', id: actor },
    })
    // It was handed on before, by a worker that died then.
    .catch((error: unknown) => {
      if (!isAppError(error) || error.code !== 'conflict') throw error;
    });
};
