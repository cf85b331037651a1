import { AppError } from '@tandem/protocol';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { KvStore } from './kv-store.ts';
import type { Runtime } from './runtime.ts';
import { measuredChunk, type ThreadPilot } from './thread-pilot.ts';

/** Shorter states cost about as much to read as to compute. */
export const worthKeeping = 256;

/**
 * What was begun cannot be stopped, so an abort leaves the processor busy with one of these: a second on a slow core.
 * Measured there, a token costs 2.5 % more than in steps of 128. Not fitted to the speed of the machine: other steps
 * round otherwise, and the same request should get the same answer.
 */
const promptStep = 32;

/** Fewer while thread counts are compared: a count that spins without a core computes a token a second. */
export const chunkSize = (pilot: ThreadPilot): number =>
  pilot.measuring('prompt') ? measuredChunk : promptStep;

/**
 * Makes the sequence hold exactly `tokens` without the last one, which the first generated token is computed from.
 * Computes only what neither the sequence nor the store has. Resolves with how many tokens were reused.
 */
export const preparePrompt = async (input: {
  readonly runtime: Runtime;
  readonly sequence: LlamaContextSequence;
  readonly tokens: readonly Token[];
  /** Tokens at the start that other requests and processes begin with too. */
  readonly stable: number;
  readonly store: KvStore | null;
  readonly signal: AbortSignal;
}): Promise<number> => {
  const { sequence, store } = input;
  const wanted = input.tokens.slice(0, -1);
  if (store !== null) await loadLonger(store, sequence, wanted);
  const reused = await keepCommonPrefix(sequence, wanted);
  const stable = Math.min(input.stable, wanted.length);
  if (store !== null && stable >= worthKeeping && stable > reused) {
    await evaluate(input, wanted.slice(reused, stable));
    await store.save(sequence, wanted.slice(0, stable));
    await evaluate(input, wanted.slice(stable));
    return reused;
  }
  await evaluate(input, wanted.slice(reused));
  return reused;
};

/** Erases from the first token that differs; resolves with the length of what stays. */
export const keepCommonPrefix = async (
  sequence: LlamaContextSequence,
  wanted: readonly Token[],
): Promise<number> => {
  const common = commonPrefix(sequence.contextTokens, wanted);
  if (common < sequence.nextTokenIndex)
    await sequence.eraseContextTokenRanges([{ start: common, end: sequence.nextTokenIndex }]);
  // Some architectures cannot forget a tail: then the engine starts the sequence over.
  return Math.min(common, sequence.nextTokenIndex);
};

export const commonPrefix = (a: readonly number[], b: readonly number[]): number => {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at += 1;
  return at;
};

/** @throws AppError model_overflow: before anything is computed, because the engine would silently forget the start */
export const refuseOverflow = (input: {
  readonly prompt: number;
  readonly maxTokens: number;
  readonly window: number;
}): void => {
  if (input.prompt + input.maxTokens <= input.window) return;
  throw new AppError(
    'model_overflow',
    `the prompt has ${input.prompt} tokens and the answer may take ${input.maxTokens}, but the model holds ${input.window}; shorten the prompt`,
    { details: input },
  );
};

const loadLonger = async (
  store: KvStore,
  sequence: LlamaContextSequence,
  wanted: readonly Token[],
): Promise<void> => {
  const held = commonPrefix(sequence.contextTokens, wanted);
  const found = await store.find(wanted);
  if (found === null || found.common < held + worthKeeping) return;
  await store.load(sequence, found);
};

const evaluate = async (
  input: { readonly runtime: Runtime; readonly sequence: LlamaContextSequence; readonly signal: AbortSignal },
  tokens: readonly Token[],
): Promise<void> => {
  const { pilot } = input.runtime;
  for (let at = 0; at < tokens.length; ) {
    input.signal.throwIfAborted();
    const chunk = tokens.slice(at, at + chunkSize(pilot));
    at += chunk.length;
    await pilot.step(input.sequence.context, 'prompt', async () => {
      await input.sequence.evaluateWithoutGeneratingNewTokens(chunk);
      return { tokens: chunk.length };
    });
  }
};
