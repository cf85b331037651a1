import type { AttemptRank, AttemptsRun, IsolatedAttempt } from '@tandem/protocol';
import { type Comparison, compareMade, type Made } from './compare.ts';
import { placeOf } from './make.ts';
import { type Making, runOf, worktreeOf } from './making.ts';
import { isEligible, rank } from './rank.ts';
import { type Baseline, check } from './verify.ts';

export type Choice = { readonly attempt: IsolatedAttempt; readonly reason: string; readonly diff: string };

/**
 * Ranks what was made, runs verify of the best once more, and goes on with the next where that fails: nothing is chosen
 * on one lucky run. Null when no attempt may be chosen.
 */
export const choose = async (
  making: Making,
  { baseline, stopped }: { readonly baseline: Baseline; readonly stopped: string | null },
): Promise<Choice | null> => {
  for (;;) {
    const run = runOf(making.log);
    const compared = await compareEligible(making, run);
    const order = rank(standing(run, compared));
    const best = order[0];
    await making.record({
      type: 'attempt.ranked',
      data: { order: [...order], ...(stopped === null ? {} : { stopped }) },
    });
    const attempt = run.attempts.find(({ id }) => id === best?.attempt);
    if (best === undefined || attempt === undefined || !isEligible(best)) return null;
    if (await passesAgain(making, attempt, baseline)) {
      const { diff } = await making.worktrees.diff(await worktreeOf(making, attempt));
      return { attempt, reason: best.why, diff };
    }
  }
};

/** Two that pass and do the same are enough, unless every attempt was asked for. */
export const agreed = async (making: Making): Promise<string | null> => {
  const run = runOf(making.log);
  const { all, hypotheses } = run.plan;
  if (all || hypotheses.length > 0) return null;
  const able = eligible(run);
  if (able.length < 2) return null;
  const behaviours = new Set(
    [...(await compareEligible(making, run)).values()].map(({ behaviour }) => behaviour),
  );
  if (behaviours.size > 1) return null;
  const numbers = able.map(({ number }) => number).join(' and ');
  return `attempts ${numbers} pass and do the same`;
};

const eligible = ({ attempts }: AttemptsRun): readonly IsolatedAttempt[] =>
  attempts.filter((one) => one.status === 'verified' && isEligible(factsOf(one)));

const factsOf = (one: IsolatedAttempt): Pick<AttemptRank, 'passed' | 'regressions'> => ({
  passed: one.verify === null ? null : one.verify.exit === 0 && !one.flaky,
  regressions: one.regressions.length,
});

const standing = (
  { attempts }: AttemptsRun,
  compared: ReadonlyMap<string, Comparison>,
): Parameters<typeof rank>[0] =>
  attempts
    .filter(({ status }) => status === 'verified')
    .map((one) => ({
      ...factsOf(one),
      attempt: one.id,
      number: one.number,
      checks: compared.get(one.id)?.checks ?? null,
      agreement: compared.get(one.id)?.agreement ?? null,
      lines: one.files.reduce((sum, { added, removed }) => sum + added + removed, 0),
    }));

const compareEligible = async (
  making: Making,
  run: AttemptsRun,
): Promise<ReadonlyMap<string, Comparison>> => {
  const able = eligible(run);
  const [first] = able;
  if (first === undefined || able.length < 2) return new Map();
  const key = able.map(({ id }) => id).join();
  const known = making.compared.get(key);
  if (known !== undefined) return known;
  const made: Made[] = [];
  for (const attempt of able) {
    const worktree = await worktreeOf(making, attempt);
    const { workspace } = await placeOf(making, attempt);
    const { diff, files } = await making.worktrees.diff(worktree);
    made.push({ id: attempt.id, workspace, paths: files.map(({ path }) => path), diff });
  }
  const { code, runner } = making.ports;
  const before = await making.ports.workspace((await worktreeOf(making, first)).origin);
  const signal = making.turnSignal;
  const compared = await compareMade({ made, goal: run.goal, before, code, runner, signal });
  const found = new Map(
    made.flatMap(({ id }, index) => (compared[index] ? [[id, compared[index]] as const] : [])),
  );
  making.compared.set(key, found);
  return found;
};

const passesAgain = async (
  making: Making,
  attempt: IsolatedAttempt,
  baseline: Baseline,
): Promise<boolean> => {
  if (attempt.verify === null) return true;
  making.progress(`attempt ${attempt.number}: verifying once more`);
  const place = await placeOf(making, attempt);
  const { run, regressions, ms } = await check(making, place, baseline);
  const verify = { command: attempt.verify.command, exit: run?.exit ?? 0 };
  const note = verify.exit === 0 ? 'passed twice' : `passed, then failed with exit ${verify.exit}`;
  await making.record({
    type: 'attempt.verified',
    data: {
      attempt: attempt.id,
      number: attempt.number,
      source: 'session',
      verify,
      ms: Math.round(ms),
      tokens: { in: attempt.usage.in, out: attempt.usage.out },
      note,
      regressions: [...regressions],
      again: true,
    },
  });
  return verify.exit === 0 && regressions.length === 0;
};
