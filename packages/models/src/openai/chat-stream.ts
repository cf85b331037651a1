import type { StopReason } from '@tandem/core';
import { cutFailure, errorText, streamedFailure } from '../http/failure.ts';
import { asCount, asList, asObject, asString, type Json, parseObject } from '../provider/json.ts';
import { createPrefilled } from '../provider/prefilled.ts';
import { createCallAssembly } from '../provider/tool-calls.ts';
import type { StreamInput, WireAnswer, WireTokens } from '../provider/wire.ts';

const stops: Readonly<Record<string, StopReason>> = {
  length: 'length',
  tool_calls: 'tool',
  function_call: 'tool',
};

/** Usage as OpenAI says it; llama.cpp tells the cached part in its timings. */
const readTokens = (chunk: Json): WireTokens | undefined => {
  const usage = asObject(chunk.usage);
  const prompt = asCount(usage.prompt_tokens);
  if (prompt === undefined) return undefined;
  const cached = asCount(asObject(usage.prompt_tokens_details).cached_tokens);
  return {
    in: prompt,
    cached: cached ?? asCount(asObject(chunk.timings).cache_n) ?? 0,
    out: asCount(usage.completion_tokens) ?? 0,
  };
};

/** Folds the chunks of `chat/completions`, or the one whole answer of a server that does not stream. */
export const readChatStream = async (
  pieces: AsyncIterable<string>,
  input: StreamInput,
): Promise<WireAnswer> => {
  const text = createPrefilled(input.prefill, input.onText);
  const fold = createChatFold(text.push);
  let ended = false;
  for await (const piece of pieces) {
    if (piece.trim() === '[DONE]') {
      ended = true;
      break;
    }
    const chunk = parseObject(piece);
    if (chunk === undefined) continue;
    if (chunk.error !== undefined && chunk.error !== null)
      throw streamedFailure(input.peer, errorText(piece));
    if (fold.add(chunk)) input.commit();
  }
  const done = fold.done();
  if (!ended && done.finish === undefined) throw cutFailure(input.peer);
  return {
    text: text.end(),
    reasoning: done.reasoning,
    toolCalls: done.calls,
    stop: stops[done.finish ?? ''] ?? 'end',
    ...(done.tokens === undefined ? {} : { tokens: done.tokens }),
  };
};

const createChatFold = (onText: (text: string) => void) => {
  const calls = createCallAssembly();
  let reasoning = '';
  let finish: string | undefined;
  let tokens: WireTokens | undefined;

  const addCall = (value: unknown): void => {
    const part = asObject(value);
    const given = asObject(part.function);
    const id = asString(part.id);
    const index = asCount(part.index) ?? Math.max(0, calls.size() - (id === '' ? 1 : 0));
    // Some servers send every whole call with index 0: another id there is another call.
    const known = calls.idOf(index);
    const key = known !== '' && id !== '' && known !== id ? `${index}/${id}` : index;
    const text =
      typeof given.arguments === 'string' ? given.arguments : JSON.stringify(given.arguments ?? '');
    calls.add(key, { id, name: asString(given.name), text: given.arguments === undefined ? '' : text });
  };

  return {
    /** True when the chunk brought something that a person or a tool may already have seen. */
    add: (chunk: Json): boolean => {
      tokens = readTokens(chunk) ?? tokens;
      const choice = asObject(asList(chunk.choices)[0]);
      const delta = asObject(choice.delta ?? choice.message);
      const content = asString(delta.content) + asString(delta.refusal);
      const thought = asString(delta.reasoning_content ?? delta.reasoning);
      finish = asString(choice.finish_reason) === '' ? finish : asString(choice.finish_reason);
      reasoning += thought;
      if (content !== '') onText(content);
      for (const call of asList(delta.tool_calls)) addCall(call);
      return content !== '' || thought !== '' || asList(delta.tool_calls).length > 0;
    },
    done: () => ({ reasoning, finish, tokens, calls: calls.done() }),
  };
};
