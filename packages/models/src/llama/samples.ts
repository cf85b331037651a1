import type { Generated, GenerateRequest } from '@tandem/core';
import type { LlamaContextSequence, LlamaGrammar, Token } from 'node-llama-cpp';
import { type Lane, openLane } from './lane.ts';
import { keepCommonPrefix } from './prompt.ts';
import type { Runtime } from './runtime.ts';
import { copyState } from './sequences.ts';

export type SamplesInput = {
  readonly runtime: Runtime;
  /** The first holds the prompt without its last token. */
  readonly sequences: readonly LlamaContextSequence[];
  readonly tokens: readonly Token[];
  readonly request: GenerateRequest;
  readonly grammar: LlamaGrammar | null;
  readonly seeds: readonly number[];
  readonly reused: number;
  readonly signal: AbortSignal;
};

/** One answer per seed, as each is done. The prompt was computed once; its state is handed to every sequence. */
export async function* decodeSamples(input: SamplesInput): AsyncGenerator<Generated> {
  const { tokens, seeds, runtime } = input;
  const sequences = input.sequences.slice(0, seeds.length);
  await spreadState(sequences, tokens.slice(0, -1));
  const waiting = seeds.map((seed, index) => ({ seed, index }));
  let active = sequences.map((sequence) => start(input, sequence, waiting.shift()!));
  try {
    while (active.length > 0) {
      input.signal.throwIfAborted();
      const answers = await stepAll(runtime, sequences[0]!, active);
      const next: ActiveLane[] = [];
      for (const [index, lane] of active.entries()) {
        const answer = answers[index]!;
        if (answer === null) {
          next.push(lane);
          continue;
        }
        await lane.lane.stop();
        const following = waiting.shift();
        if (following !== undefined) {
          await keepCommonPrefix(lane.sequence, tokens.slice(0, -1));
          next.push(start(input, lane.sequence, following));
        }
        yield answer;
      }
      active = next;
    }
  } finally {
    await Promise.all(active.map(({ lane }) => lane.stop()));
  }
}

type ActiveLane = { readonly lane: Lane; readonly sequence: LlamaContextSequence };

const start = (
  input: SamplesInput,
  sequence: LlamaContextSequence,
  { seed, index }: { readonly seed: number; readonly index: number },
): ActiveLane => ({
  sequence,
  lane: openLane({
    runtime: input.runtime,
    sequence,
    last: input.tokens.at(-1)!,
    request: input.request,
    seed,
    grammar: input.grammar,
    guesses: false,
    promptTokens: input.tokens.length,
    // Only the first sample can have computed any of the prompt.
    reused: index === 0 ? input.reused : input.tokens.length - 1,
  }),
});

/** One token on every lane, in one batch: the engine joins what is asked for in the same cycle. */
const stepAll = async (
  runtime: Runtime,
  anySequence: LlamaContextSequence,
  active: readonly ActiveLane[],
): Promise<readonly (Generated | null)[]> => {
  const { answers } = await runtime.pilot.step(anySequence.context, 'batch', async () => {
    const steps = await Promise.all(active.map(({ lane }) => lane.step()));
    return { tokens: steps.length, answers: steps.map((step) => step.answer) };
  });
  return answers;
};

const spreadState = async (
  [source, ...targets]: readonly LlamaContextSequence[],
  wanted: readonly Token[],
): Promise<void> => {
  const lacking: LlamaContextSequence[] = [];
  for (const target of targets)
    if ((await keepCommonPrefix(target, wanted)) < wanted.length) lacking.push(target);
  if (lacking.length > 0) await copyState(source!, lacking);
};
