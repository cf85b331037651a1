import type { FileDelta } from '@tandem/protocol';
import type { FilePreview } from '../tool/tool.ts';
import { answerQuestion } from './answer.ts';
import { collectExamples } from './examples-check.ts';
import { gist } from './failure.ts';
import { isQuestion } from './intent.ts';
import { findCandidates, findRegions } from './localise.ts';
import type { PipelineContext, PipelineOutcome } from './pipeline.ts';
import { followPlan, planOf } from './plan.ts';
import { budgetOf, propose } from './propose.ts';
import { changedLines, select } from './select.ts';
import type { Attempt, Region } from './state.ts';
import { byNearness, PipelineRun } from './state.ts';
import { chooseSyntaxCheck, chooseVerify, takeBaseline } from './verify.ts';

/** localise → propose → verify → select → repair. Code decides; the model only writes code. */
export const runPipeline = async (context: PipelineContext): Promise<PipelineOutcome> => {
  if (isQuestion(context.request)) return answerQuestion(context);
  context.progress('copying the workspace');
  const scratch = await context.workspace.scratch('pipeline');
  try {
    const run = new PipelineRun({ context, scratch, files: new Set(await scratch.list()) });
    const { regions, plan } = await prepare(run);
    if (regions.length === 0) return nowhere(run);
    if (plan.length > 0) await followPlan(run, plan);
    if (run.passing.length === 0) await propose(run, regions, await budgetOf(run));
    const choice = await select(run);
    if (context.options.keepAttempts === true) await keepAttempts(run, choice?.attempt ?? null);
    return choice === null ? await unsolved(run) : await land(run, choice.attempt, choice.reason);
  } finally {
    await scratch.dispose();
  }
};

const prepare = async (run: PipelineRun): Promise<Places> => {
  run.baseline = await takeBaseline(run, await chooseVerify(run.context, run.files));
  run.context.progress('looking for the place');
  const candidates = await findCandidates(run);
  const first = await findRegions(run, candidates);
  const top = first[0];
  if (top === undefined) return { regions: [], plan: [] };
  run.examples = top.isNew ? [] : await collectExamples(run, top);
  if (run.baseline.command === null && run.uses('syntax'))
    run.syntax = await chooseSyntaxCheck(run, top.path);
  // What the tests call is known only now, and it tells which of several functions is meant.
  const isOpen = run.examples.length > 0 && first.length > 1;
  const regions = isOpen ? await findRegions(run, candidates) : first;
  return { regions, plan: planOf(run, { regions, candidates }) };
};

/** `plan`: those of a request over several files, none where it is about one place. */
type Places = { readonly regions: readonly Region[]; readonly plan: readonly Region[] };

/** The chosen attempt goes into the user's tree, and only now. */
const land = async (run: PipelineRun, attempt: Attempt, reason: string): Promise<PipelineOutcome> => {
  const { context } = run;
  const why = await context.withheld(await changesOf(run, attempt));
  if (why !== null) return withhold(run, { attempt, reason, why });
  const before = context.ids.next('snp');
  const { notes } = await context.workspace.snapshot(before);
  await context.record({
    type: 'snapshot.taken',
    data: {
      snapshot: before,
      reason: 'before the chosen attempt',
      paths: [...attempt.files.keys()],
      ...(notes.length === 0 ? {} : { notes: [...notes] }),
    },
  });
  for (const [path, text] of attempt.files) await context.workspace.write(path, text);
  const { diff, files } = await context.workspace.diffSince(before);
  const after = context.ids.next('snp');
  await context.workspace.snapshot(after);
  await context.record(
    { type: 'snapshot.taken', data: { snapshot: after, reason: 'after the chosen attempt', after: before } },
    { type: 'attempt.chosen', data: { attempt: attempt.id, reason, diff } },
    {
      type: 'item.completed',
      data: {
        item: {
          id: context.ids.next('itm'),
          type: 'file_change',
          files: [...files],
          diff,
          status: 'completed',
        },
      },
    },
  );
  const answer = describeChange({ run, attempt, reason, files });
  context.say(answer);
  return {
    type: attempt.verify === null ? 'unverified' : 'solved',
    answer,
    files,
    diff,
    verify: attempt.verify,
    usage: run.usage,
  };
};

const changesOf = (run: PipelineRun, attempt: Attempt): Promise<readonly FilePreview[]> =>
  Promise.all(
    [...attempt.files].map(async ([path, after]) => {
      const before = await run.context.workspace.read(path);
      return { path, before: before?.text ?? null, after };
    }),
  );

const withhold = async (
  run: PipelineRun,
  input: { readonly attempt: Attempt; readonly reason: string; readonly why: string },
): Promise<PipelineOutcome> => {
  const { attempt, reason, why } = input;
  const patch = await keepPatch(run, attempt);
  const answer = `Your files are as they were: ${why}. The attempt that was chosen (${reason}) is kept in ${patch}; \`git apply ${patch}\` takes it.`;
  run.context.say(answer);
  return { type: 'withheld', answer, files: [], diff: '', verify: attempt.verify, usage: run.usage, patch };
};

const describeChange = (input: {
  readonly run: PipelineRun;
  readonly attempt: Attempt;
  readonly reason: string;
  readonly files: readonly FileDelta[];
}): string => {
  const { run, attempt } = input;
  const where = input.files.map((file) => `${file.path} (+${file.added} -${file.removed})`).join(', ');
  const isOne = attempt.region.symbol !== null && attempt.files.size === 1;
  const symbol = !isOne ? '' : ` in \`${attempt.region.symbol.qualified}\``;
  const how = attempt.verify === null ? unverifiedWords(run) : `\`${attempt.verify.command}\` passes.`;
  return `Changed ${where}${symbol}. ${how} Chosen from ${run.attempts.length} attempt${run.attempts.length === 1 ? '' : 's'}: ${input.reason}.`;
};

const unverifiedWords = (run: PipelineRun): string =>
  run.examples.length > 0
    ? `Its ${run.examples.length} examples hold; there was no test command (pass --verify to have one decide).`
    : 'Nothing could verify it: pass --verify with a command that says whether it is right.';

const unsolved = async (run: PipelineRun): Promise<PipelineOutcome> => {
  const best = [...run.attempts].sort(
    (a, b) => byNearness(a, b) || changedLines(run, a) - changedLines(run, b),
  )[0];
  const { command, exit } = run.baseline;
  const tried = `${run.attempts.length} different attempts and ${run.rejected.length} rejected answers`;
  const last = best === undefined ? '' : `\nThe best one fails so:\n${gist(best.output, 600)}`;
  const patch = best === undefined ? null : await keepPatch(run, best);
  const answer = `No attempt passes \`${command ?? 'the examples'}\` (${tried}). Your files are as they were.${patch === null ? '' : ` The best attempt is kept in ${patch}.`}${last}`;
  run.context.say(answer);
  return {
    type: 'unsolved',
    answer,
    files: [],
    diff: '',
    verify: command === null ? null : { command, exit: best?.verify?.exit ?? exit },
    usage: run.usage,
    ...(patch === null ? {} : { patch }),
  };
};

/** The difference of an attempt as a patch that `git apply` takes, made in the scratch copy. */
const keepPatch = async (run: PipelineRun, attempt: Attempt): Promise<string> => {
  const before = run.context.ids.next('snp');
  await run.scratch.snapshot(before);
  for (const [path, text] of attempt.files) await run.scratch.write(path, text);
  const { diff } = await run.scratch.diffSince(before);
  return run.context.keepFile('best-attempt.patch', diff);
};

const keepAttempts = async (run: PipelineRun, chosen: Attempt | null): Promise<void> => {
  const rows = run.attempts.map((attempt) => ({
    id: attempt.id,
    source: attempt.source,
    verifyExit: attempt.verify?.exit ?? null,
    passed: attempt.passed,
    votes: attempt.votes,
    chosen: attempt === chosen,
    ms: attempt.ms,
    tokens: attempt.tokens,
    files: [...attempt.files].map(([path, text]) => ({ path, text })),
  }));
  await run.context.keepFile(
    'attempts.json',
    JSON.stringify({ attempts: rows, rejected: run.rejected, draws: run.draws }, null, 1),
  );
};

const nowhere = (run: PipelineRun): PipelineOutcome => {
  const answer =
    'I could not tell which file this is about. Name the file or the function (in backticks), or pass --files PATH.';
  run.context.say(answer);
  return { type: 'unsolved', answer, files: [], diff: '', verify: null, usage: run.usage };
};
