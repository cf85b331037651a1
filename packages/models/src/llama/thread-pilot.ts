import type { LlamaContext } from 'node-llama-cpp';
import { createThreadTuner, observeStep, type ThreadTuner } from './threads.ts';

/** Prompts, single tokens and batches scale differently over threads, so each is measured apart. */
export type StepKind = 'prompt' | 'decode' | 'batch';

/** Runs steps with the thread count that measures best, and measures each. */
export type ThreadPilot = {
  /** Times `work`, which computes and then tells how many tokens, and whether in the usual way for this kind. */
  readonly step: <T extends { readonly tokens: number; readonly single?: boolean }>(
    context: LlamaContext,
    kind: StepKind,
    work: () => Promise<T>,
  ) => Promise<T>;
  readonly measuring: (kind: StepKind) => boolean;
};

export const createThreadPilot = (input: {
  readonly cores: number;
  readonly fixed: number | undefined;
  readonly log: (line: string) => void;
}): ThreadPilot => {
  const fresh = (): ThreadTuner => createThreadTuner(input.cores, input.fixed);
  const tuners: Record<StepKind, ThreadTuner> = { prompt: fresh(), decode: fresh(), batch: fresh() };
  let widest = 1;
  return {
    step: async (context, kind, work) => {
      setThreads(context, tuners[kind].threads);
      const start = performance.now();
      const result = await work();
      const step = { tokens: result.tokens, ms: performance.now() - start };
      const before = tuners[kind];
      if (kind === 'batch') widest = Math.max(widest, step.tokens);
      const usual = result.single !== false && isComparable(kind, before, step, widest);
      if (usual || step.ms >= longStepMs) tuners[kind] = observeStep(before, step);
      if (before.phase === 'measuring' && tuners[kind].phase === 'settled')
        input.log(describe(kind, tuners[kind]));
      return result;
    },
    measuring: (kind) => tuners[kind].phase === 'measuring',
  };
};

/** While prompt threads are measured every step has this many tokens, so that only the threads differ. */
export const measuredChunk = 8;
/** The smallest prompt step whose speed says something about prompts: larger ones are a few per cent faster at most. */
const tellingChunk = 16;
/** A step this long is worth a look, however small it was. */
const longStepMs = 1500;

/** Small batches are slower a token than large ones whatever the threads, so only like is compared with like. */
const isComparable = (
  kind: StepKind,
  tuner: ThreadTuner,
  step: { readonly tokens: number; readonly ms: number },
  widest: number,
): boolean => {
  switch (kind) {
    case 'decode':
      return true;
    case 'batch':
      return step.tokens === widest;
    case 'prompt':
      return step.tokens >= (tuner.phase === 'measuring' ? measuredChunk : tellingChunk);
  }
};

const describe = (kind: StepKind, tuner: ThreadTuner): string => {
  const speeds = tuner.candidates
    .filter((threads) => tuner.speeds[threads] !== undefined)
    .map((threads) => `${threads}: ${(Math.max(...tuner.speeds[threads]!) * 1000).toFixed(1)}`);
  return `threads for ${kind}: ${tuner.threads} (tokens/s by count, best of each: ${speeds.join(', ')})`;
};

/**
 * The engine takes a context's thread count from this field when it next computes and offers no setter. Where a later
 * version lacks the fields, the count the context was made with stays, which is slower at worst.
 */
type ThreadFields = { _idealThreads?: number; _freeReservedThreads?: () => void };

const setThreads = (context: LlamaContext, threads: number): void => {
  const fields = context as unknown as ThreadFields;
  if (typeof fields._idealThreads !== 'number' || fields._idealThreads === threads) return;
  if (typeof fields._freeReservedThreads !== 'function') return;
  fields._idealThreads = threads;
  fields._freeReservedThreads();
};
