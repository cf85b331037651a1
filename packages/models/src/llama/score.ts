import type { ControlledEvaluateInputItem, LlamaContextSequence, Token } from 'node-llama-cpp';
import { chunkSize, commonPrefix, keepCommonPrefix } from './prompt.ts';
import type { Runtime } from './runtime.ts';

/**
 * Mean log-probability of each completion's tokens after a prompt that the sequence already holds without its last
 * token. Completions are taken in order of their tokens, so that what two of them begin with is computed once.
 */
export const scoreCompletions = async (input: {
  readonly runtime: Runtime;
  readonly sequence: LlamaContextSequence;
  readonly prompt: readonly Token[];
  readonly completions: readonly (readonly Token[])[];
  readonly signal: AbortSignal;
}): Promise<readonly number[]> => {
  const order = input.completions.map((tokens, index) => ({ tokens, index })).sort(byTokens);
  const scores = input.completions.map(() => 0);
  let previous: readonly Token[] = [];
  let logProbabilities: readonly number[] = [];
  for (const { tokens, index } of order) {
    const shared = commonPrefix(previous, tokens);
    const fresh = await logProbabilitiesFrom(input, tokens, shared);
    logProbabilities = [...logProbabilities.slice(0, shared), ...fresh];
    previous = tokens;
    scores[index] = mean(logProbabilities);
  }
  return scores;
};

const byTokens = (
  a: { readonly tokens: readonly Token[] },
  b: { readonly tokens: readonly Token[] },
): number => {
  const at = commonPrefix(a.tokens, b.tokens);
  return (a.tokens[at] ?? -1) - (b.tokens[at] ?? -1);
};

/** An empty completion says nothing; it must not win. */
const mean = (values: readonly number[]): number =>
  values.length === 0
    ? Number.NEGATIVE_INFINITY
    : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Log-probabilities of `completion[from…]`. Leaves the sequence holding everything but the last token. */
const logProbabilitiesFrom = async (
  input: {
    readonly runtime: Runtime;
    readonly sequence: LlamaContextSequence;
    readonly prompt: readonly Token[];
    readonly signal: AbortSignal;
  },
  completion: readonly Token[],
  from: number,
): Promise<readonly number[]> => {
  if (from >= completion.length) return [];
  const all = [...input.prompt, ...completion];
  const start = input.prompt.length - 1 + from;
  await keepCommonPrefix(input.sequence, all.slice(0, start));
  const found: number[] = [];
  for (let at = start; at < all.length - 1; ) {
    input.signal.throwIfAborted();
    const first = at;
    const inputs = all.slice(first, Math.min(first + chunkSize(input.runtime.pilot), all.length - 1));
    at += inputs.length;
    const items = inputs.map((token, index) => askFor(token, all[first + index + 1]!));
    const { outputs } = await input.runtime.pilot.step(input.sequence.context, 'prompt', async () => ({
      tokens: items.length,
      outputs: await input.sequence.controlledEvaluate(items),
    }));
    for (const [index, output] of outputs.entries())
      found.push(logProbability(output?.next ?? {}, all[first + index + 1]!));
  }
  return found;
};

/**
 * The wanted token's logit and the highest one (the greedy choice is `includeSelected`), with the weight of all:
 * asking for probabilities would copy the whole vocabulary for every token.
 */
const askFor = (token: Token, next: Token): ControlledEvaluateInputItem => [
  token,
  {
    generateNext: {
      logits: { filter: { tokens: [next], includeSelected: true } },
      totalLogitWeight: true,
      options: { temperature: 0 },
    },
  },
];

/** Smaller than any real token's: a token the engine gives no logit for counts as all but impossible. */
const impossible = -50;

const logProbability = (
  next: { readonly logits?: ReadonlyMap<Token, number>; readonly totalLogitWeight?: number },
  wanted: Token,
): number => {
  const logit = next.logits?.get(wanted);
  if (logit === undefined || next.logits === undefined || next.totalLogitWeight === undefined)
    return impossible;
  return logit - Math.max(...next.logits.values()) - Math.log(next.totalLogitWeight);
};
