import { AppError, addUsage, noUsage, type Usage } from '@tandem/protocol';
import type { Engine } from '../engine.ts';
import type { End } from '../turn/complete.ts';
import type { Work } from '../turn/work.ts';
import { agreed, type Choice, choose } from './choose.ts';
import { clearWorktrees, landAttempt } from './land.ts';
import { beginAttempt, type Lanes, makeAttempt } from './make.ts';
import { type Making, runOf, startMaking } from './making.ts';
import { type Planned, planAttempts } from './plan.ts';
import { parallelOf, Slots } from './slots.ts';
import { type Baseline, commandsOf, takeBaseline } from './verify.ts';

/**
 * A turn as several attempts, each a session of its own in its own worktree: baseline → worktrees → sessions and verify,
 * side by side → ranking → one is chosen. All state is in the log, so what a kill cut short goes on from there. The
 * person's files are not touched, unless the turn was asked to land what it chose.
 */
export const attemptsTurn = async (work: Work, engine: Engine): Promise<End> => {
  const making = await startMaking(work, engine);
  const { plan, goal } = runOf(work.log);
  const planned = planAttempts(plan, { goal, model: work.settings.model });
  const baseline = await baselineOf(making);
  for (const one of planned) await beginAttempt(making, one);
  const stopped = await makeAll(making, planned, baseline);
  const known = runOf(work.log);
  const chosen = known.attempts.find((one) => one.chosen);
  if (chosen !== undefined) return endWith(making, { attempt: chosen, reason: known.reason ?? '', diff: '' });
  const choice = await choose(making, { baseline, stopped });
  if (choice === null) {
    // Nobody is asked about them afterwards; their diffs are kept, and the trash has the rest.
    if (plan.land) await clearWorktrees(making, 'none was chosen');
    return endWithout(making);
  }
  const { attempt, reason, diff } = choice;
  await work.record({ type: 'attempt.chosen', data: { attempt: attempt.id, reason, diff } });
  return endWith(making, choice);
};

const baselineOf = async (making: Making): Promise<Baseline> => {
  const known = runOf(making.log).baseline;
  if (known !== null) return known;
  making.progress('running the tests as they are');
  const baseline = await takeBaseline(making, await commandsOf(making));
  await making.record({ type: 'baseline.taken', data: baseline });
  return baseline;
};

/** All attempts, as many at a time as the machine bears. Why the rest was not needed, or null. */
const makeAll = async (
  making: Making,
  planned: readonly Planned[],
  baseline: Baseline,
): Promise<string | null> => {
  const { plan } = runOf(making.log);
  const capacity = making.ports.capacity?.() ?? { cores: 1, freeBytes: 0 };
  const { sessions, verifies } = parallelOf(capacity, plan.maxParallel);
  const lanes: Lanes = { local: new Slots(1), remote: new Slots(sessions), verify: new Slots(verifies) };
  const enough = new AbortController();
  const signal = AbortSignal.any([making.turnSignal, enough.signal]);
  let stopped: string | null = null;
  const looking = new Slots(1);
  const outcomes = await Promise.allSettled(
    planned.map(async (one) => {
      await makeAttempt({ ...making, signal }, one, { lanes, baseline });
      await looking.use(making.turnSignal, async () => {
        if (stopped !== null || openOnes(making) === 0) return;
        stopped = await agreed(making);
        if (stopped !== null) enough.abort(new AppError('interrupted', `not needed: ${stopped}`));
      });
    }),
  );
  making.turnSignal.throwIfAborted();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return stopped;
};

const openOnes = (making: Making): number =>
  runOf(making.log).attempts.filter(({ status }) => status === 'open').length;

const usageOfAll = (making: Making): Usage =>
  runOf(making.log)
    .attempts.map(({ usage }) => usage)
    .reduce(addUsage, noUsage);

const endWith = async (making: Making, { attempt, reason }: Choice): Promise<End> => {
  const { plan, attempts } = runOf(making.log);
  const files = plan.land ? await landAttempt(making, attempt) : [];
  if (plan.land) await clearWorktrees(making, 'the chosen one has landed');
  const verified = attempt.verify === null ? '' : ` \`${attempt.verify.command}\` passes.`;
  const where = plan.land
    ? `Changed ${files.map(({ path, added, removed }) => `${path} (+${added} -${removed})`).join(', ')}.`
    : 'Your files are as they were.';
  const answer = `Attempt ${attempt.number} of ${attempts.length} was chosen: ${reason}.${verified} ${where}`;
  return { outcome: 'ok', answer, files, verify: attempt.verify, usage: usageOfAll(making) };
};

/** Nothing may be chosen: every attempt failed, fails verify, or breaks what passed before. */
const endWithout = (making: Making): End => {
  const { attempts, baseline } = runOf(making.log);
  const usage = usageOfAll(making);
  const made = attempts.filter(({ status }) => status === 'verified');
  const [first] = attempts.flatMap(({ error }) => error ?? []);
  const command = baseline?.verify?.command ?? '';
  const breaking = made.filter(({ verify, flaky }) => verify?.exit === 0 && !flaky);
  const why =
    made.length === 0
      ? (first?.message ?? 'none was made')
      : breaking.length > 0
        ? `${breaking.length} pass \`${command}\`, but break what passed before`
        : `none passes \`${command}\``;
  const message = `No attempt of ${attempts.length} can be chosen: ${why}. Your files are as they were.`;
  const code = made.length === 0 ? (first?.code ?? 'internal') : 'verify_failed';
  const patch = made.find(({ diff }) => diff !== null)?.diff ?? undefined;
  const exit = made[0]?.verify ?? null;
  return {
    outcome: 'failed',
    answer: message,
    error: { code, message },
    verify: exit,
    usage,
    ...(patch === undefined ? {} : { patch }),
  };
};
