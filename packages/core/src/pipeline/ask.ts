import { addUsage, noUsage } from '@tandem/protocol';
import type { Generated, GenerateRequest } from '../ports.ts';
import type { PipelineRun } from './state.ts';

/** One request to the model: a step in the log before and after. */
export const ask = async (run: PipelineRun, request: GenerateRequest): Promise<Generated> => {
  const { model, signal } = run.context;
  const step = await startStep(run);
  const generated = await model.generate(request, { signal });
  await finishStep(run, { step, generated: [generated] });
  return generated;
};

/** Diverse answers to one request, as they come. Ending the iteration early cancels the rest. */
export async function* askForSamples(
  run: PipelineRun,
  input: { readonly request: GenerateRequest; readonly seeds: readonly number[] },
): AsyncIterable<Generated> {
  const { model, signal } = run.context;
  const step = await startStep(run);
  const generated: Generated[] = [];
  try {
    for await (const one of model.samples(input.request, { seeds: input.seeds, signal })) {
      generated.push(one);
      yield one;
    }
  } finally {
    await finishStep(run, { step, generated });
  }
}

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
