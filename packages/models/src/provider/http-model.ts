import type { Generated, GenerateOptions, GenerateRequest, Model, ModelFacts } from '@tandem/core';
import { AppError, type Usage } from '@tandem/protocol';
import { failureDetails } from '../http/failure.ts';
import { costOf, type Price } from '../pricing.ts';
import { parseToolText } from '../text-tools/read-calls.ts';
import { joinRoles, withTextTools } from '../text-tools/write-tools.ts';
import { fitAnswer } from './fit.ts';
import { sampleConcurrently } from './samples.ts';
import { splitThinking } from './thinking.ts';
import { createTokenCounter, type TokenCounter } from './tokens.ts';
import type { Wire, WireAnswer, WireCall } from './wire.ts';

export type HttpModelInput = {
  readonly id: string;
  readonly wire: Wire;
  readonly price: Price | null;
  readonly random: () => number;
};

/**
 * The Model port over one wire: facts probed once, the window kept, tools in text where the server takes none (found
 * out from its refusal, if need be), usage and cost. Keep providers' shapes out of here: they belong in their wire.
 */
export const createHttpModel = (input: HttpModelInput): Model => {
  const counter = createTokenCounter();
  const closed = new AbortController();
  let probed: ModelFacts | undefined;
  let rejectsTools = false;

  const facts = async (signal: AbortSignal): Promise<ModelFacts> => {
    signal.throwIfAborted();
    probed ??= await input.wire.probe(signal);
    return rejectsTools ? { ...probed, nativeTools: false } : probed;
  };

  const send = async (
    request: GenerateRequest,
    options: GenerateOptions & { readonly facts: ModelFacts },
  ): Promise<WireAnswer> => {
    const maxTokens = fitAnswer({ id: input.id, request, facts: options.facts, counter });
    const told = options.facts.nativeTools ? request : joinRoles(withTextTools(request));
    const { tools = [], ...rest } = told;
    return await input.wire.send({
      ...rest,
      tools,
      maxTokens,
      facts: options.facts,
      signal: options.signal,
      onText: options.onText ?? (() => undefined),
    });
  };

  const generate: Model['generate'] = async (request, caller) => {
    const signal = AbortSignal.any([caller.signal, closed.signal]);
    const options = { ...caller, signal };
    const known = await facts(signal);
    const answer = await send(request, { ...options, facts: known }).catch(async (error: unknown) => {
      const hasTools = (request.tools ?? []).length > 0;
      if (!known.nativeTools || !hasTools || failureDetails(error).rejectsTools !== true) throw error;
      rejectsTools = true;
      return await send(request, { ...options, facts: { ...known, nativeTools: false } });
    });
    return settle({ ...input, request, answer, counter });
  };

  return {
    id: input.id,
    facts,
    generate,
    samples: (request, options) => sampleConcurrently(generate, request, options),
    countTokens: counter.count,
    close: async () => closed.abort(new AppError('interrupted', `${input.id} was closed.`)),
  };
};

/** The wire's answer as the port wants it. */
const settle = (input: {
  readonly request: GenerateRequest;
  readonly answer: WireAnswer;
  readonly counter: TokenCounter;
  readonly price: Price | null;
  readonly random: () => number;
}): Generated => {
  const { answer, request } = input;
  const thought = splitThinking(cutAtStop(answer.text, request));
  const reasoning = answer.reasoning === '' ? thought.reasoning : answer.reasoning;
  const names = (request.tools ?? []).map((tool) => tool.name);
  const written: { readonly text: string; readonly calls: readonly WireCall[] } =
    answer.toolCalls.length > 0 || names.length === 0
      ? { text: thought.text, calls: answer.toolCalls }
      : parseToolText(thought.text, new Set(names));
  if (answer.tokens !== undefined) input.counter.learn(request, answer.tokens.in);
  return {
    text: written.text,
    ...(reasoning === '' ? {} : { reasoning }),
    toolCalls: written.calls.map((call, index) => ({
      ...call,
      id: call.id ?? newCallId(input.random, index),
    })),
    stop: written.calls.length > 0 && answer.stop !== 'length' ? 'tool' : answer.stop,
    usage: usageOf(input),
  };
};

/** Not every API knows stop strings; where one does, there is nothing left to cut. */
const cutAtStop = (text: string, request: GenerateRequest): string => {
  const prefill = request.prefill ?? '';
  const from = text.startsWith(prefill) ? prefill.length : 0;
  const ends = (request.stop ?? []).map((stop) => text.indexOf(stop, from)).filter((at) => at >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
};

/** For servers and texts that give none: a call and its result must find each other for as long as the session lives. */
const newCallId = (random: () => number, index: number): string =>
  `call_${random().toString(36).slice(2, 12).padEnd(10, '0')}${index}`;

const usageOf = (input: {
  readonly request: GenerateRequest;
  readonly answer: WireAnswer;
  readonly counter: TokenCounter;
  readonly price: Price | null;
}): Usage => {
  const { answer, counter } = input;
  const tokens = answer.tokens ?? {
    in: counter.countRequest(input.request),
    cached: 0,
    out: counter.count(answer.text + JSON.stringify(answer.toolCalls)),
  };
  return {
    in: tokens.in,
    cached: Math.min(tokens.cached, tokens.in),
    out: tokens.out,
    costUsd: input.price === null ? 0 : costOf(input.price, tokens),
  };
};
