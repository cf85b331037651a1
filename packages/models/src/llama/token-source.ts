import type { ControlledEvaluateInputItem, Token } from 'node-llama-cpp';
import type { LaneInput } from './lane.ts';
import { createLookup } from './lookup.ts';

/** Where the tokens of one answer come from. */
export type TokenSource = {
  /** One or more tokens; `ended` when the model says that the answer is complete after them. */
  readonly next: (room: number) => Promise<NextTokens>;
  readonly stop: () => Promise<void>;
};

export type NextTokens = {
  readonly tokens: readonly Token[];
  readonly ended: boolean;
  /** False when more was computed than one token, so that the time says nothing about threads. */
  readonly single: boolean;
};

/** Draws one token at a time. */
export const sampledTokens = (input: LaneInput): TokenSource => {
  const { engine, model } = input.runtime;
  const { grammar, request, seed } = input;
  const state = grammar === null ? null : new engine.LlamaGrammarEvaluationState({ model, grammar });
  const drawn = input.sequence.evaluate([input.last], {
    temperature: request.temperature ?? 0,
    // As the Qwen coder models advise; greedy ignores both.
    topK: 40,
    topP: 0.95,
    seed,
    ...(state === null ? {} : { grammarEvaluationState: state }),
  });
  return {
    next: async () => {
      const { value, done } = await drawn.next();
      const ended = done === true || value === undefined;
      return { tokens: ended ? [] : [value], ended, single: true };
    },
    stop: async () => {
      await drawn.return();
    },
  };
};

/** Takes the likeliest token each time, and checks guessed ones along with it. */
export const greedyTokens = (input: LaneInput): TokenSource => {
  const { sequence, runtime } = input;
  const lookup = createLookup([...sequence.contextTokens, input.last]);
  let last = input.last;
  return {
    next: async (room) => {
      const free = Math.min(room - 1, sequence.contextSize - sequence.nextTokenIndex - 2);
      // Thread counts are compared by single tokens.
      const guessed = runtime.pilot.measuring('decode') ? [] : (lookup.guess(free) as readonly Token[]);
      const start = sequence.nextTokenIndex;
      const outputs = await sequence.controlledEvaluate([last, ...guessed].map(askForNext));
      const found = outputs.map((output) => output?.next.token ?? null);
      const right = countRight(guessed, found);
      lookup.settle(guessed.length, right);
      if (right < guessed.length)
        await sequence.eraseContextTokenRanges([{ start: start + 1 + right, end: sequence.nextTokenIndex }]);
      const whole = found.slice(0, right + 1).filter((token) => token !== null);
      const end = whole.findIndex((token) => runtime.model.isEogToken(token));
      const tokens = end < 0 ? whole : whole.slice(0, end);
      for (const token of tokens) lookup.push(token);
      last = tokens.at(-1) ?? last;
      return { tokens, ended: end >= 0 || whole.length === 0, single: guessed.length === 0 };
    },
    stop: async () => {},
  };
};

const askForNext = (token: Token): ControlledEvaluateInputItem => [
  token,
  { generateNext: { token: true, options: { temperature: 0 } } },
];

const countRight = (guessed: readonly Token[], found: readonly (Token | null)[]): number => {
  let right = 0;
  while (right < guessed.length && found[right] === guessed[right]) right += 1;
  return right;
};
