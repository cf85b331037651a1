import type { GenerateRequest, Message } from '@tandem/core';

/** Before anything is measured: code has 3 to 4 characters a token, so this errs to the safe side. */
const firstRatio = 3;
/** A single odd answer must not move the estimate outside what tokenizers do. */
const lowestRatio = 1.8;
const highestRatio = 4.5;
/** Kept back of what was measured, because the next text may be denser than the last. */
const safety = 0.92;
const kept = 8;

/** Characters, where one outside ASCII counts as three: a token each at the first ratio. */
const weigh = (text: string): number => {
  let wide = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) wide += 1;
  return text.length + wide * 2;
};

/** Role, separators and ids around each message. */
const perMessage = 8;

const weighMessage = (message: Message): number => {
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  return weigh(message.text) + (calls.length === 0 ? 0 : weigh(JSON.stringify(calls)));
};

export type TokenCounter = {
  /** Safely over-estimated. */
  readonly count: (text: string) => number;
  readonly countRequest: (request: GenerateRequest) => number;
  /** The provider reported how many tokens this request really was. */
  readonly learn: (request: GenerateRequest, tokens: number) => void;
};

/** Estimates tokens from characters, and learns the ratio of this model's tokenizer from reported usage. */
export const createTokenCounter = (): TokenCounter => {
  let ratio = firstRatio;
  let measured: readonly number[] = [];
  const weighRequest = (request: GenerateRequest): number =>
    request.messages.reduce((sum, message) => sum + weighMessage(message), 0) +
    (request.tools === undefined ? 0 : weigh(JSON.stringify(request.tools))) +
    weigh(request.prefill ?? '');
  const overhead = (request: GenerateRequest): number => (request.messages.length + 1) * perMessage;
  return {
    count: (text) => Math.ceil(weigh(text) / ratio),
    countRequest: (request) => Math.ceil(weighRequest(request) / ratio) + overhead(request),
    learn: (request, tokens) => {
      const weight = weighRequest(request);
      if (weight < 1_000 || tokens <= 0) return; // a short prompt is mostly the server's own template
      measured = [...measured, weight / Math.max(1, tokens - overhead(request) / 2)].slice(-kept);
      ratio = Math.min(highestRatio, Math.max(lowestRatio, Math.min(...measured) * safety));
    },
  };
};
