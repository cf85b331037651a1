import { AppError, addUsage, noUsage } from '@tandem/protocol';
import type { Generated, GenerateRequest } from '../ports.ts';
import type { PipelineRun } from './state.ts';

/** One request to the model: a step in the log before and after. */
export const ask = async (run: PipelineRun, request: GenerateRequest): Promise<Generated> => {
  const step = await startStep(run);
  const generated = await withPatience(run, (signal) => run.context.model.generate(request, { signal }));
  await finishStep(run, { step, generated: [generated] });
  return generated;
};

/** Diverse answers to one request, as they come. Ending the iteration early cancels the rest. */
export async function* askForSamples(
  run: PipelineRun,
  input: { readonly request: GenerateRequest; readonly seeds: readonly number[] },
): AsyncIterable<Generated> {
  const step = await startStep(run);
  const generated: Generated[] = [];
  const patience = patienceOf(run);
  try {
    const options = { seeds: input.seeds, signal: patience.signal };
    for await (const one of run.context.model.samples(input.request, options)) {
      generated.push(one);
      yield one;
    }
  } finally {
    patience.end();
    await finishStep(run, { step, generated });
  }
}

/** @throws AppError model_failed when an attempt passes and the soft limit is over */
export const withPatience = async <T>(
  run: PipelineRun,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const patience = patienceOf(run);
  try {
    return await work(patience.signal);
  } finally {
    patience.end();
  }
};

/** Milliseconds between two looks at the clock. */
const lookMs = 500;

/**
 * Where an attempt passes the model can only better it: it is heard until the run's soft limit and no longer, so that a slow
 * machine hands over what it has.
 */
const patienceOf = (run: PipelineRun): { readonly signal: AbortSignal; readonly end: () => void } => {
  const { clock, signal } = run.context;
  const ended = new AbortController();
  const over = new AbortController();
  const watch = async (): Promise<void> => {
    while (run.passing.length === 0 || run.elapsedMs <= run.softMs) await clock.sleep(lookMs, ended.signal);
    over.abort(new AppError('model_failed', 'it takes longer than there is time'));
  };
  watch().catch(() => {});
  return { signal: AbortSignal.any([signal, over.signal]), end: () => ended.abort() };
};

const startStep = async (run: PipelineRun): Promise<string> => {
  const step = run.context.ids.next('stp');
  await run.context.record({
    type: 'step.started',
    data: { step, model: run.context.model.id, results: [] },
  });
  return step;
};

const finishStep = async (
  run: PipelineRun,
  input: { readonly step: string; readonly generated: readonly Generated[] },
): Promise<void> => {
  const usage = input.generated.reduce((sum, one) => addUsage(sum, one.usage), noUsage);
  run.draws += input.generated.length;
  run.spend(usage);
  const stop = input.generated.at(-1)?.stop ?? 'cancelled';
  await run.context.record({ type: 'step.completed', data: { step: input.step, usage, stop } });
};
