import type { GenerateRequest, ModelFacts } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import type { TokenCounter } from './tokens.ts';

/** An answer that has less room than this is cut off in the middle; better to say that the context is too long. */
const leastAnswer = 1_024;

/** How many tokens the answer may have. @throws AppError model_overflow, before anything is sent */
export const fitAnswer = (input: {
  readonly id: string;
  readonly request: GenerateRequest;
  readonly facts: ModelFacts;
  readonly counter: TokenCounter;
}): number => {
  const { request, facts } = input;
  const prompt = input.counter.countRequest(request);
  const room = facts.contextWindow - prompt;
  const wanted = Math.min(request.maxTokens, facts.maxOutput);
  if (room < Math.min(wanted, leastAnswer)) {
    const message =
      `${input.id}: about ${prompt} tokens and an answer of ${wanted} do not fit its window of ` +
      `${facts.contextWindow}. Shorten the context, or choose a model with a larger window.`;
    throw new AppError('model_overflow', message, { details: { prompt, window: facts.contextWindow } });
  }
  return Math.min(wanted, room);
};
