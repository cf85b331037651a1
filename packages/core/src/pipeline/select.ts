import { isModelError } from '@tandem/protocol';
import { agreementOf } from './agree.ts';
import { withPatience } from './ask.ts';
import { squeeze } from './guards.ts';
import { buildPrompt, testText } from './prompt.ts';
import { regressionCheck } from './regression.ts';
import type { Attempt, PipelineRun } from './state.ts';

export type Choice = { readonly attempt: Attempt; readonly reason: string };

/** Scoring a completion costs a pass over it: only the front runners are scored. */
const maxScored = 12;
/** Choices that break the workspace's own tests before the turn gives up: each costs a run of them. */
const maxRegressed = 4;

/** Verify → no regression → agreement → likelihood → smallest diff. Null when nothing passed. */
export const select = async (run: PipelineRun): Promise<Choice | null> => {
  let passing = run.passing;
  if (passing.length === 0) return null;
  const breaksNothing = await regressionCheck(run);
  for (let round = 0; round < maxRegressed && passing.length > 0; round++) {
    const choice = await choose(run, passing);
    if (choice === null || breaksNothing === null || (await breaksNothing(choice.attempt))) return choice;
    run.rejected.push({ source: choice.attempt.source, reason: 'regression' });
    passing = passing.filter((attempt) => attempt !== choice.attempt);
  }
  return null;
};

const choose = async (run: PipelineRun, passing: readonly Attempt[]): Promise<Choice | null> => {
  const agreement = await agreementOf(run, passing);
  if (agreement === null)
    return { attempt: smallest(run, byVotes(passing)), reason: 'passes verify, smallest change' };
  const most = Math.max(...agreement.support);
  // Small changes alone do not vote: many that are alike say nothing of which is right.
  const front = passing.filter(
    (_, index) => agreement.votes === 0 || (agreement.support[index] ?? 0) > most - 1e-9,
  );
  const behaviours = new Set(front.map((attempt) => agreement.behaviour[passing.indexOf(attempt)]));
  if (behaviours.size === 1) return { attempt: smallest(run, front), reason: reasonOf(passing.length) };
  const fronts = [...behaviours].map((one) =>
    smallest(
      run,
      front.filter((attempt) => agreement.behaviour[passing.indexOf(attempt)] === one),
    ),
  );
  return { attempt: await likeliest(run, fronts), reason: 'the likeliest of those that pass and differ' };
};

const reasonOf = (passing: number): string =>
  passing === 1 ? 'the one that passes' : `of ${passing} that pass, the others agree with it most`;

const byVotes = (attempts: readonly Attempt[]): readonly Attempt[] => {
  const most = Math.max(...attempts.map((attempt) => attempt.votes));
  return attempts.filter((attempt) => attempt.votes === most);
};

const smallest = (run: PipelineRun, attempts: readonly Attempt[]): Attempt =>
  attempts.reduce((best, attempt) => (changedLines(run, attempt) < changedLines(run, best) ? attempt : best));

/** Lines of the new text that the old one lacks, and the other way round. */
export const changedLines = (run: PipelineRun, attempt: Attempt): number => {
  const before = new Set(squeeze(attempt.region.text).split('\n'));
  const after = squeeze(attempt.files.get(attempt.region.path) ?? '').split('\n');
  const kept = new Set(after);
  const extra = (attempt.files.size - 1) * 10 + (run.uses('smallest') ? 0 : 1);
  return (
    after.filter((line) => !before.has(line)).length +
    [...before].filter((line) => !kept.has(line)).length +
    extra
  );
};

const likeliest = async (run: PipelineRun, attempts: readonly Attempt[]): Promise<Attempt> => {
  const { model } = run.context;
  const fronts = [...attempts]
    .sort((a, b) => changedLines(run, a) - changedLines(run, b))
    .slice(0, maxScored);
  const first = fronts[0];
  if (first === undefined) throw new Error('likeliest of no attempts');
  const score = model.score?.bind(model);
  if (score === undefined || !run.uses('likelihood') || fronts.length === 1) return first;
  const prompt = await buildPrompt(run, { region: first.region, kind: 'direct', tests: await testText(run) });
  const completions = fronts.map((attempt) => completionOf(prompt.prefill, attempt));
  const request = { messages: prompt.messages, completions };
  const scores = await withPatience(run, (signal) => score(request, { signal })).catch((error: unknown) => {
    if (!isModelError(error)) throw error;
    run.context.progress(`choosing without the model: ${error.message}`);
    return [];
  });
  return fronts.reduce((best, attempt, index) =>
    (scores[index] ?? -99) > (scores[fronts.indexOf(best)] ?? -99) ? attempt : best,
  );
};

/** What the model would have had to write for this attempt: the symbol that was asked for, or the file. */
const completionOf = (prefill: string, attempt: Attempt): string => {
  const fence = prefill.slice(0, prefill.indexOf('\n') + 1);
  const { region } = attempt;
  const text = attempt.files.get(region.path) ?? '';
  if (region.symbol === null) return fence + text;
  const grown = text.length - region.text.length;
  return fence + text.slice(region.symbol.start, region.symbol.end + grown);
};
