import { cutFailure, errorText, streamedFailure } from '../http/failure.ts';
import { asCount, asList, asObject, asString, type Json, parseObject } from '../provider/json.ts';
import { createCallAssembly } from '../provider/tool-calls.ts';
import type { StreamInput, WireAnswer, WireTokens } from '../provider/wire.ts';

const readTokens = (response: Json): WireTokens | undefined => {
  const usage = asObject(response.usage);
  const prompt = asCount(usage.input_tokens);
  if (prompt === undefined) return undefined;
  const cached = asCount(asObject(usage.input_tokens_details).cached_tokens) ?? 0;
  return { in: prompt, cached, out: asCount(usage.output_tokens) ?? 0 };
};

/** `limit`: tokens that the answer could have, at most. */
type ResponsesInput = Omit<StreamInput, 'prefill'> & { readonly limit: number };

/** Folds the typed events of the `responses` API. */
export const readResponsesStream = async (
  pieces: AsyncIterable<string>,
  input: ResponsesInput,
): Promise<WireAnswer> => {
  const calls = createCallAssembly();
  let text = '';
  let reasoning = '';
  let final: Json | undefined;
  const show = (part: string): void => {
    input.commit();
    text += part;
    if (part !== '') input.onText(part);
  };
  for await (const piece of pieces) {
    const event = parseObject(piece);
    if (event === undefined) continue;
    const item = asObject(event.item);
    switch (asString(event.type)) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        show(asString(event.delta));
        break;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        input.commit();
        reasoning += asString(event.delta);
        break;
      case 'response.output_item.added':
        if (item.type === 'function_call') addCall(calls, item);
        break;
      case 'response.function_call_arguments.delta':
        input.commit();
        calls.add(asString(event.item_id), { text: asString(event.delta) });
        break;
      case 'response.output_item.done':
        if (item.type === 'function_call') {
          addCall(calls, item);
          calls.replace(asString(item.id), asString(item.arguments));
        }
        break;
      case 'response.completed':
      case 'response.incomplete':
        final = asObject(event.response);
        break;
      case 'response.failed':
        throw streamedFailure(input.peer, errorText(JSON.stringify(event.response ?? {})));
      case 'error':
        throw streamedFailure(input.peer, errorText(piece));
      default:
        if (event.object === 'response') {
          final = event;
          for (const one of asList(event.output)) readWhole(asObject(one), calls, show);
        }
    }
  }
  if (final === undefined) throw cutFailure(input.peer);
  const reason = asString(asObject(final.incomplete_details).reason);
  const tokens = readTokens(final);
  // llama.cpp's server says `completed` of an answer that it cut at the limit.
  const isCut = reason === 'max_output_tokens' || (tokens !== undefined && tokens.out >= input.limit);
  const done = calls.done();
  return {
    text,
    reasoning,
    toolCalls: done,
    stop: isCut ? 'length' : done.length > 0 ? 'tool' : 'end',
    ...(tokens === undefined ? {} : { tokens }),
  };
};

const addCall = (calls: ReturnType<typeof createCallAssembly>, item: Json): void =>
  calls.add(asString(item.id), { id: asString(item.call_id), name: asString(item.name) });

/** An item of an answer that came whole, from a server that does not stream. */
const readWhole = (
  item: Json,
  calls: ReturnType<typeof createCallAssembly>,
  show: (text: string) => void,
): void => {
  if (item.type === 'function_call') {
    addCall(calls, item);
    calls.replace(asString(item.id), asString(item.arguments));
  }
  for (const part of asList(item.content)) show(asString(asObject(part).text));
};
