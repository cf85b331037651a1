import { AppError, noUsage } from '@tandem/protocol';
import type { EnginePorts } from '../engine.ts';
import type { LiveSink } from '../ports.ts';
import type { SessionLog } from '../session/log.ts';
import type { Background } from '../tool/background.ts';
import { orAbort } from './abort.ts';
import { completeTurn, type End, endOf, goodEnd } from './complete.ts';
import { isChild } from './hooks.ts';
import { judge } from './judge.ts';
import { checkLimits, watchTime } from './limits.ts';
import { isStuck } from './loop-guard.ts';
import { pipelineTurn } from './pipeline-turn.ts';
import type { Questions } from './questions.ts';
import { settleCalls } from './settle.ts';
import { compactTurn } from './shorten.ts';
import { startTurn, takeInputs } from './start.ts';
import { openTurn, settingsOf } from './state.ts';
import { takeStep } from './step.ts';
import { createWork, type DriveParts, type MindedWork, type Work } from './work.ts';

/** What the drive needs of the session it drives. */
export type Driven = {
  readonly log: SessionLog;
  readonly ports: EnginePorts;
  readonly parts: DriveParts;
  readonly live: LiveSink;
  readonly background: Background;
  readonly questions: Questions;
  /** A turn begins or goes on, `started` on the monotonic clock; null when no further turn is to be driven. */
  readonly begin: (turn: string) => { readonly control: AbortController; readonly started: number } | null;
  /** From now on inputs join this turn instead of waiting for the next. */
  readonly accept: (turn: string) => void;
};

/**
 * Works until nothing is pending. All state is in the log: calling it on what a kill left goes on from there.
 * Rejects only when the log cannot be written.
 */
export const drive = async (session: Driven): Promise<'idle' | 'waiting'> => {
  for (;;) {
    const turn = openTurn(session.log.events);
    if (turn === null) return 'idle';
    const begun = session.begin(turn.id);
    if (begun === null) return 'idle';
    const { control, started } = begun;
    const stopWatch = watchTime(session.ports.clock, turn.options.maxSeconds, control);
    try {
      if ((await driveTurn(session, { turn: turn.id, signal: control.signal, started })) === 'waiting')
        return 'waiting';
    } finally {
      stopWatch();
    }
  }
};

type Current = { readonly turn: string; readonly signal: AbortSignal; readonly started: number };

const driveTurn = async (session: Driven, current: Current): Promise<'completed' | 'waiting'> => {
  const { log, ports, parts, live } = session;
  const { turn, signal } = current;
  const elapsed = (): number => Math.max(0, ports.clock.ms() - current.started);
  const settings = settingsOf(log.events);
  let work: Work;
  try {
    const workspace = await ports.workspace(settings.cwd);
    const { background, questions } = session;
    const at = { turn, signal, log, settings, workspace };
    work = createWork({ ...at, ports, parts, live, background, questions });
  } catch (error) {
    await closeWithout(session, { ...current, end: endOf(error, signal), ms: elapsed() });
    return 'completed';
  }
  for (;;) {
    const end = await attemptTurn(session, work);
    if (end === 'waiting') return 'waiting';
    try {
      if (await completeTurn(work, end, elapsed())) return 'completed';
    } catch (error) {
      // The files could not be put right: say so, rather than leave the turn open for ever.
      await closeWithout(session, {
        ...current,
        end: endOf(error, new AbortController().signal),
        ms: elapsed(),
      });
      return 'completed';
    }
  }
};

const attemptTurn = async (session: Driven, work: Work): Promise<End | 'waiting'> => {
  try {
    work.signal.throwIfAborted();
    const { started, options } = work.now();
    if (options.compact !== undefined) {
      if (!started) await work.record({ type: 'turn.started', data: {} });
      return await compactTurn(await findModel(work), options.compact.focus);
    }
    await startTurn(work);
    const isolated = work.now().options.isolated;
    if (isolated !== undefined && isolated.for !== 'strong') return await inAttempts(work);
    const minded = await findModel(work);
    if (minded.facts.strength === 'small') return await pipelineTurn(minded);
    if (isolated !== undefined) return await inAttempts(work);
    session.accept(work.turn);
    return await freeLoop(minded);
  } catch (error) {
    return endOf(error, work.signal);
  }
};

const inAttempts = (work: Work): Promise<End> => {
  if (work.parts.attempts !== undefined) return work.parts.attempts(work);
  throw new AppError('configuration', 'this program cannot make attempts as sessions of their own');
};

const findModel = async (work: Work): Promise<MindedWork> => {
  const { ports, parts, settings, signal } = work;
  const model = await orAbort(ports.model(settings.model), signal);
  const facts = await orAbort(model.facts(signal), signal);
  const instructions = await ports.instructions(settings.cwd);
  const { tools: only } = work.now().options;
  if (facts.strength === 'small') {
    if (only !== undefined)
      throw new AppError('configuration', 'a small model chooses no tools, so it cannot be kept to some');
    return { ...work, model, facts, instructions };
  }
  const more = (await parts.tools?.(settings.cwd, signal)) ?? [];
  // An agent gives no work away: what it was given would never come to an end.
  const delegates = isChild(work) ? [] : ((await parts.delegates?.(work)) ?? []);
  const tools = [...work.tools, ...more, ...delegates];
  const given = only === undefined ? tools : tools.filter(({ spec }) => only.includes(spec.name));
  return { ...work, model, facts, instructions, tools: given };
};

const freeLoop = async (work: MindedWork): Promise<End | 'waiting'> => {
  for (;;) {
    work.signal.throwIfAborted();
    const turn = work.now();
    if (turn.calls.some((call) => !call.settled)) {
      if ((await settleCalls(work, turn)) === 'waiting') return 'waiting';
      await work.parts.notice?.(work);
      continue;
    }
    if (isStuck(work.log.events, work.turn))
      throw new AppError('model_failed', 'the model made the same call five times with the same result');
    if (turn.taken < turn.inputs.length) {
      await takeInputs(work);
      continue;
    }
    if (turn.answer !== null) {
      const judged = await judge(work, turn);
      if (judged === 'good') return goodEnd(turn);
      if (judged === 'bad') return verifyFailed(work);
    }
    checkLimits(work.now());
    await takeStep(work);
  }
};

const verifyFailed = (work: Work): End => {
  const { lastText, verified } = work.now();
  const message = `\`${verified?.command}\` still fails (exit ${verified?.exit})`;
  return { outcome: 'failed', answer: lastText, error: { code: 'verify_failed', message } };
};

/** Closes a turn whose workspace cannot be had. */
const closeWithout = async (
  session: Driven,
  close: { readonly turn: string; readonly end: End; readonly ms: number },
): Promise<void> => {
  const usage = openTurn(session.log.events)?.usage ?? noUsage;
  const { outcome, answer, error } = close.end;
  const data = { outcome, answer, files: [], verify: null, usage, ms: close.ms, ...(error ? { error } : {}) };
  await session.log.append([{ type: 'turn.completed', turn: close.turn, data }]);
};
