import type { StopReason } from '@tandem/core';
import { cutFailure, errorText, streamedFailure } from '../http/failure.ts';
import { asCount, asList, asObject, asString, type Json, parseObject } from '../provider/json.ts';
import { createPrefilled } from '../provider/prefilled.ts';
import { createCallAssembly } from '../provider/tool-calls.ts';
import type { StreamInput, WireAnswer, WireTokens } from '../provider/wire.ts';

const stops: Readonly<Record<string, StopReason>> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool',
};

/** Later reports are totals, not additions; a field that is left out keeps what it was. */
const readTokens = (usage: Json, before: WireTokens | undefined): WireTokens | undefined => {
  const plain = asCount(usage.input_tokens);
  const out = asCount(usage.output_tokens);
  if (plain === undefined) return before === undefined ? undefined : { ...before, out: out ?? before.out };
  const cached = asCount(usage.cache_read_input_tokens) ?? before?.cached ?? 0;
  const cacheWritten = asCount(usage.cache_creation_input_tokens) ?? before?.cacheWritten ?? 0;
  return { in: plain + cached + cacheWritten, cached, cacheWritten, out: out ?? before?.out ?? 0 };
};

/** Folds the typed events of the Messages API, or the one whole message of a server that does not stream. */
export const readAnthropicStream = async (
  pieces: AsyncIterable<string>,
  input: StreamInput,
): Promise<WireAnswer> => {
  const text = createPrefilled(input.prefill, input.onText);
  const fold = createFold((part) => part !== '' && text.push(part));
  for await (const piece of pieces) {
    const event = parseObject(piece);
    if (event === undefined) continue;
    if (event.type === 'error') throw streamedFailure(input.peer, errorText(piece));
    if (fold.add(event)) input.commit();
  }
  const done = fold.done();
  if (!done.ended) throw cutFailure(input.peer);
  return {
    text: text.end(),
    reasoning: done.reasoning,
    toolCalls: done.calls,
    stop: stops[done.stop] ?? 'end',
    ...(done.tokens === undefined ? {} : { tokens: done.tokens }),
  };
};

const createFold = (onText: (text: string) => void) => {
  const calls = createCallAssembly();
  let reasoning = '';
  let stop = '';
  let ended = false;
  let tokens: WireTokens | undefined;

  const addBlock = (key: number, block: Json): void => {
    if (block.type === 'text') onText(asString(block.text));
    if (block.type === 'thinking') reasoning += asString(block.thinking);
    if (block.type !== 'tool_use') return;
    const whole = Object.keys(asObject(block.input)).length > 0 ? JSON.stringify(block.input) : '';
    calls.add(key, { id: asString(block.id), name: asString(block.name), text: whole });
  };
  const addDelta = (key: number, delta: Json): void => {
    if (delta.type === 'text_delta') onText(asString(delta.text));
    if (delta.type === 'thinking_delta') reasoning += asString(delta.thinking);
    if (delta.type === 'input_json_delta') calls.add(key, { text: asString(delta.partial_json) });
  };
  const finish = (message: Json): void => {
    tokens = readTokens(asObject(message.usage), tokens);
    stop = asString(message.stop_reason) || stop;
  };

  return {
    /** True when the event brought something that a person or a tool may already have seen. */
    add: (event: Json): boolean => {
      const key = asCount(event.index) ?? 0;
      switch (event.type) {
        case 'message_start':
          finish(asObject(event.message));
          return false;
        case 'content_block_start':
          addBlock(key, asObject(event.content_block));
          return true;
        case 'content_block_delta':
          addDelta(key, asObject(event.delta));
          return true;
        case 'message_delta':
          finish({ ...asObject(event.delta), usage: event.usage });
          return false;
        case 'message_stop':
          ended = true;
          return false;
        case 'message':
          for (const [index, block] of asList(event.content).entries()) addBlock(index, asObject(block));
          finish(event);
          ended = true;
          return true;
        default:
          return false;
      }
    },
    done: () => ({ reasoning, stop, ended, tokens, calls: calls.done() }),
  };
};
