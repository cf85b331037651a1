import {
  AppError,
  addUsage,
  type EventOf,
  isAppError,
  isKnown,
  noUsage,
  type TurnOptions,
  type Usage,
} from '@tandem/protocol';
import type { Engine } from '../engine.ts';
import { agent, type Logged } from '../session/log.ts';
import { openTurn } from '../turn/state.ts';

export type ChildTask = {
  readonly session: string;
  readonly parent: string;
  readonly title: string;
  readonly model: string;
  readonly cwd: string;
  readonly prompt: string;
  readonly options: TurnOptions;
};

export type Overlapping = EventOf<'overlap.noticed'>['data'];

/** What whoever waits for a child hears of it. */
export type Hearing = {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  readonly overlap: (data: Overlapping) => Promise<void>;
  /** Answers what the child would ask a person; null: nobody did. Absent: there is nobody. */
  readonly approve?: (
    asked: Pick<EventOf<'approval.requested'>['data'], 'question' | 'diff'>,
  ) => Promise<'allow' | 'deny' | null>;
};

export type ChildEnd = {
  readonly end: EventOf<'turn.completed'>['data'];
  /** Of all its turns. */
  readonly usage: Usage;
  readonly ms: number;
};

type Driver = Pick<
  Engine,
  'createSession' | 'startTurn' | 'recover' | 'events' | 'follow' | 'interrupt' | 'resolveApproval'
>;

const goOn =
  'You were interrupted. Look at what is done and what is not, then go on with the task as it was given.';

/**
 * Brings an attempt's own session to the end of its work, from wherever its log stands: nothing yet, a turn that a kill
 * left open, one that was interrupted, or one that has ended. An abort ends its turn first.
 * @throws AppError approval_required, with the question, when a person would have to answer
 */
export const driveChild = async (engine: Driver, task: ChildTask, hearing: Hearing): Promise<ChildEnd> => {
  const { session } = task;
  hearing.signal.throwIfAborted();
  const before = await logOf(engine, task);
  const last = lastEnd(before);
  const open = openTurn(before)?.id ?? null;
  if (open !== null) await engine.recover(session);
  const turn = open ?? (isWhole(last) ? null : await begin(engine, task, last));
  if (turn !== null) await untilEnd(engine, { session, turn }, hearing);
  const events = await engine.events(session);
  const end = lastEnd(events);
  if (end === null) throw new AppError('internal', `session ${session} ended without an end of its turn`);
  const ms = endsOf(events).reduce((total, one) => total + one.ms, 0);
  return { end, usage: usageIn(events), ms };
};

/** What an attempt's session has used; nothing where it never began. */
export const usageOf = async (engine: Driver, session: string): Promise<Usage> => {
  try {
    return usageIn(await engine.events(session));
  } catch (error) {
    if (isAppError(error)) return noUsage;
    throw error;
  }
};

/** How often it was at work: what is kept of one time is not of the next. */
export const turnsOf = async (engine: Driver, session: string): Promise<number> =>
  endsOf(await engine.events(session)).length;

const usageIn = (events: readonly Logged[]): Usage =>
  endsOf(events)
    .map(({ usage }) => usage)
    .reduce(addUsage, noUsage);

/** Its work has come to its end, good or bad. What was interrupted, or ended by a model, is gone on with. */
const isWhole = (last: ChildEnd['end'] | null): boolean => {
  if (last === null || last.outcome === 'interrupted') return false;
  return last.outcome !== 'failed' || last.error?.code === 'verify_failed';
};

const begin = async (engine: Driver, task: ChildTask, last: ChildEnd['end'] | null): Promise<string> => {
  const { session, prompt, options } = task;
  return (await engine.startTurn({ session, text: last === null ? prompt : goOn, options, actor: agent }))
    .turn;
};

const logOf = async (engine: Driver, task: ChildTask): Promise<readonly Logged[]> => {
  try {
    return await engine.events(task.session);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error;
    const { session: id, parent, title, model, cwd, options } = task;
    const settings = { model, cwd, permissionMode: options.permissionMode ?? 'acceptEdits' };
    await engine.createSession({ id, parent, settings, title, actor: agent });
    return engine.events(task.session);
  }
};

const untilEnd = async (
  engine: Driver,
  { session, turn }: { readonly session: string; readonly turn: string },
  { signal, progress, overlap, approve }: Hearing,
): Promise<void> => {
  const watching = new AbortController();
  const interrupt = (): void => void engine.interrupt(session).catch(() => {});
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  let question: string | null = null;
  try {
    for await (const seen of engine.follow(session, { after: 0, signal: watching.signal })) {
      if (!('seq' in seen)) {
        if (seen.type === 'progress') progress(seen.text);
        continue;
      }
      if (seen.turn !== turn || !isKnown(seen)) continue;
      if (seen.type === 'approval.requested') {
        const { approval } = seen.data;
        const decision = (await approve?.(seen.data)) ?? null;
        if (decision !== null) await engine.resolveApproval({ session, approval, decision, actor: agent });
        else {
          question ??= seen.data.question;
          interrupt();
        }
      }
      if (seen.type === 'overlap.noticed') await overlap(seen.data);
      if (seen.type === 'turn.completed') break;
    }
  } finally {
    signal.removeEventListener('abort', interrupt);
    watching.abort();
  }
  signal.throwIfAborted();
  if (question === null) return;
  throw new AppError('approval_required', `an approval is needed and nobody can answer here: ${question}`);
};

const endsOf = (events: readonly Logged[]): readonly EventOf<'turn.completed'>['data'][] =>
  events.flatMap((event) => (isKnown(event) && event.type === 'turn.completed' ? [event.data] : []));

const lastEnd = (events: readonly Logged[]): EventOf<'turn.completed'>['data'] | null =>
  endsOf(events).at(-1) ?? null;
