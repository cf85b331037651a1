import type { Generated, GenerateRequest } from '@tandem/core';
import type { LlamaContextSequence, LlamaGrammar, Token } from 'node-llama-cpp';
import { parseToolText } from '../text-tools/read-calls.ts';
import type { Runtime } from './runtime.ts';
import { createStopScanner } from './stop-scanner.ts';
import { createTextStream } from './text-stream.ts';
import { greedyTokens, sampledTokens } from './token-source.ts';

/** One answer being written on one sequence. */
export type Lane = {
  /** Computes one token or a few. Resolves with how many, and the answer once it is complete. */
  readonly step: () => Promise<{
    readonly tokens: number;
    readonly single: boolean;
    readonly answer: Generated | null;
  }>;
  /** Ends the answer early and frees the sampler. May be called at any time, also after the end. */
  readonly stop: () => Promise<void>;
};

export type LaneInput = {
  readonly runtime: Runtime;
  /** Holds the prompt without its last token. */
  readonly sequence: LlamaContextSequence;
  readonly last: Token;
  readonly request: GenerateRequest;
  readonly seed: number;
  readonly grammar: LlamaGrammar | null;
  readonly promptTokens: number;
  readonly reused: number;
  /** Whether repeated text may be guessed: it pays for one answer, but not in a batch of several. */
  readonly guesses: boolean;
  readonly onText?: (text: string) => void;
};

export const openLane = (input: LaneInput): Lane => {
  const { request, runtime } = input;
  const greedy = (request.temperature ?? 0) === 0 && input.grammar === null;
  const source = greedy && input.guesses ? greedyTokens(input) : sampledTokens(input);
  const stream = createTextStream<Token>((held, before) => runtime.model.detokenize(held, false, before));
  const scanner = createStopScanner(request.stop ?? []);
  let text = '';
  let out = 0;
  const emit = (fragment: string): void => {
    if (fragment === '') return;
    text += fragment;
    input.onText?.(fragment);
  };
  emit(prefillOf(request));
  const push = (fragment: string): boolean => {
    const found = scanner.push(fragment);
    emit(found.text);
    return found.stopped;
  };
  const finish = (how: 'end' | 'length' | 'stopped'): Generated => {
    if (how !== 'stopped' && !push(stream.flush())) emit(scanner.flush());
    const names = new Set((request.tools ?? []).map(({ name }) => name));
    const written = how === 'length' || names.size === 0 ? { text, calls: [] } : parseToolText(text, names);
    const toolCalls = written.calls.map((call, index) => ({ id: `call_${index + 1}`, ...call }));
    const stop = how === 'length' ? 'length' : toolCalls.length > 0 ? 'tool' : 'end';
    const usage = { in: input.promptTokens, cached: input.reused, out, costUsd: 0 };
    // The grammar lets the model end a JSON answer with blank lines.
    return { text: input.grammar === null ? written.text : text.trimEnd(), toolCalls, stop, usage };
  };
  return {
    step: async () => {
      const { tokens, ended, single } = await source.next(request.maxTokens - out);
      const done = (answer: Generated | null) => ({ tokens: Math.max(1, tokens.length), single, answer });
      for (const token of tokens) {
        out += 1;
        if (push(stream.push(token))) return done(finish('stopped'));
        if (out >= request.maxTokens) return done(finish('length'));
      }
      return done(ended ? finish('end') : null);
    },
    stop: () => source.stop(),
  };
};

/** A schema speaks of the whole answer, so it leaves no room for a given beginning. */
export const prefillOf = (request: GenerateRequest): string =>
  request.schema === undefined ? (request.prefill ?? '') : '';
