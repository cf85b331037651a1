import type { Clock, Generated, GenerateRequest, Model, ModelFacts } from '@tandem/core';
import { AppError, isErrorCode } from '@tandem/protocol';
import type { Script, ScriptedTurn } from './script.ts';

export type ScriptedInput = Script & {
  readonly id?: string;
  /** For `delayMs`; without one a delay is not waited for. */
  readonly clock?: Clock;
};

const usualFacts: ModelFacts = {
  contextWindow: 128_000,
  maxOutput: 16_000,
  nativeTools: true,
  strength: 'strong',
  local: true,
};

/** Four characters a token: what a script costs is the same on every machine. */
const count = (text: string): number => Math.ceil(text.length / 4);

/** Small enough that a screen has something to draw, large enough to be quick. */
const fragments = (text: string): readonly string[] => text.match(/\s*\S+\s*|\s+/g) ?? [];

/**
 * A Model that says what it was told to say, turn by turn: for tests and demonstrations, without weights or network.
 * The first turn that was not served yet and fits the last message is next; when none is left, it fails.
 */
export const createScriptedModel = (input: ScriptedInput): Model => {
  const id = input.id ?? 'scripted/memory';
  const left = [...input.turns];
  const closed = new AbortController();
  let served = 0;

  const take = (request: GenerateRequest): ScriptedTurn => {
    const last = request.messages.at(-1)?.text ?? '';
    const index = left.findIndex(
      (turn) =>
        (turn.match === undefined || new RegExp(turn.match).test(last)) &&
        (turn.seed === undefined || turn.seed === request.seed),
    );
    if (index >= 0) return left.splice(index, 1)[0]!;
    const rest = left.length === 0 ? 'no turns left' : 'no turn that matches the last message';
    throw new AppError('model_failed', `${id} has ${rest}. Add one to the script.`);
  };

  const facts: Model['facts'] = async (signal) => {
    signal.throwIfAborted();
    return { ...usualFacts, ...input.facts };
  };

  const generate: Model['generate'] = async (request, options) => {
    const signal = AbortSignal.any([options.signal, closed.signal]);
    signal.throwIfAborted();
    checkFits(id, request, { ...usualFacts, ...input.facts });
    const turn = take(request);
    if (turn.delayMs !== undefined) await input.clock?.sleep(turn.delayMs, signal);
    if (turn.error !== undefined) throw scriptedError(turn.error);
    served += 1;
    const result = answer(turn, { request, served });
    for (const fragment of fragments(result.text)) {
      signal.throwIfAborted();
      options.onText?.(fragment);
    }
    return result;
  };

  return {
    id,
    facts,
    generate,
    samples: async function* (request, options) {
      for (const seed of options.seeds)
        yield await generate({ ...request, seed }, { signal: options.signal });
    },
    countTokens: count,
    close: async () => closed.abort(new AppError('interrupted', `${id} was closed.`)),
  };
};

const promptTokens = (request: GenerateRequest): number =>
  request.messages.reduce((sum, message) => sum + count(message.text), 0);

const checkFits = (id: string, request: GenerateRequest, facts: ModelFacts): void => {
  const prompt = promptTokens(request);
  if (prompt < facts.contextWindow) return;
  const message = `${id}: ${prompt} tokens do not fit its window of ${facts.contextWindow}. Shorten the context.`;
  throw new AppError('model_overflow', message);
};

const scriptedError = (error: NonNullable<ScriptedTurn['error']>): AppError => {
  if (typeof error === 'string') return new AppError('model_failed', error);
  return new AppError(isErrorCode(error.code) ? error.code : 'model_failed', error.message);
};

const answer = (
  turn: ScriptedTurn,
  input: { readonly request: GenerateRequest; readonly served: number },
): Generated => {
  const calls = (turn.toolCalls ?? []).map((call, index) => ({
    id: call.id ?? `call_${input.served}_${index + 1}`,
    name: call.name,
    arguments: call.arguments ?? {},
  }));
  const prefill = input.request.prefill ?? '';
  const text = turn.text ?? '';
  return {
    text: text.startsWith(prefill) ? text : prefill + text,
    ...(turn.reasoning === undefined ? {} : { reasoning: turn.reasoning }),
    toolCalls: calls,
    stop: turn.stop ?? (calls.length > 0 ? 'tool' : 'end'),
    usage: {
      in: turn.usage?.in ?? promptTokens(input.request),
      cached: turn.usage?.cached ?? 0,
      out: turn.usage?.out ?? count(text + (calls.length > 0 ? JSON.stringify(calls) : '')),
      costUsd: 0,
    },
  };
};
