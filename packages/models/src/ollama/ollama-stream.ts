import { cutFailure, streamedFailure } from '../http/failure.ts';
import { asCount, asList, asObject, asString, parseObject } from '../provider/json.ts';
import { createPrefilled } from '../provider/prefilled.ts';
import type { StreamInput, WireAnswer, WireCall } from '../provider/wire.ts';

const maxCalls = 128;

/** Folds the lines of `/api/chat`. */
export const readOllamaStream = async (
  lines: AsyncIterable<string>,
  input: StreamInput,
): Promise<WireAnswer> => {
  const text = createPrefilled(input.prefill, input.onText);
  const calls: WireCall[] = [];
  let reasoning = '';
  for await (const line of lines) {
    const piece = parseObject(line);
    if (piece === undefined) continue;
    if (piece.error !== undefined) throw streamedFailure(input.peer, asString(piece.error) || line);
    const message = asObject(piece.message);
    const content = asString(message.content);
    const thought = asString(message.thinking);
    const made = asList(message.tool_calls).map((call) => asObject(asObject(call).function));
    if (content !== '' || thought !== '' || made.length > 0) input.commit();
    reasoning += thought;
    if (content !== '') text.push(content);
    for (const call of made.slice(0, maxCalls - calls.length)) {
      calls.push({ name: asString(call.name), arguments: call.arguments ?? {} });
    }
    if (piece.done !== true) continue;
    return {
      text: text.end(),
      reasoning,
      toolCalls: calls,
      stop: piece.done_reason === 'length' ? 'length' : calls.length > 0 ? 'tool' : 'end',
      ...(piece.prompt_eval_count === undefined
        ? {}
        : {
            tokens: {
              in: asCount(piece.prompt_eval_count) ?? 0,
              cached: 0, // it reuses its cache and does not say how much
              out: asCount(piece.eval_count) ?? 0,
            },
          }),
    };
  }
  throw cutFailure(input.peer);
};
