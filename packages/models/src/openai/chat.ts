import { streamSse } from '../http/transport.ts';
import { createLearner } from '../provider/learned.ts';
import type { Wire, WireRequest } from '../provider/wire.ts';
import { chatMessage, chatTool } from './chat-messages.ts';
import { readChatStream } from './chat-stream.ts';
import { createProbe } from './probe.ts';
import { isOpenAi, type OpenAiServer } from './server.ts';
import { isStrictSchema } from './strict-schema.ts';

/** Servers differ in what they take; a refusal of one of these is learned and not sent again. */
const optional = ['stream_options', 'temperature', 'seed', 'stop', 'response_format', 'max_tokens'];

/** `chat/completions` with streaming. */
export const createChatWire = (server: OpenAiServer): Wire => {
  const learner = createLearner(optional);
  const probe = createProbe(server);
  return {
    probe: probe.facts,
    send: (request) =>
      learner.send((isDropped) => {
        const prefill = probe.takesPrefill() ? (request.prefill ?? '') : '';
        const body = chatBody(server, { ...request, prefill }, isDropped);
        return streamSse(
          server.transport,
          {
            peer: server.peer,
            url: `${server.baseUrl}/chat/completions`,
            headers: server.headers,
            body,
            signal: request.signal,
          },
          (pieces, commit) =>
            readChatStream(pieces, { peer: server.peer, prefill, onText: request.onText, commit }),
        );
      }),
  };
};

/**
 * What never changes in a session comes first and what changes with a step last, the messages in between: each body
 * begins with the bytes of the one before.
 */
const chatBody = (
  server: OpenAiServer,
  request: WireRequest & { readonly prefill: string },
  isDropped: (name: string) => boolean,
): string => {
  const limit = isOpenAi(server) || isDropped('max_tokens') ? 'max_completion_tokens' : 'max_tokens';
  const messages = request.messages.map(chatMessage);
  const ahead = request.prefill === '' ? [] : [{ role: 'assistant', content: request.prefill }];
  const changing = {
    temperature: request.temperature,
    seed: request.seed,
    stop: request.stop,
    response_format: request.schema === undefined ? undefined : responseFormat(request.schema),
  };
  const kept = Object.entries(changing).filter(([name, value]) => value !== undefined && !isDropped(name));
  return JSON.stringify({
    model: server.name,
    stream: true,
    ...(isDropped('stream_options') ? {} : { stream_options: { include_usage: true } }),
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(chatTool) }),
    messages: [...messages, ...ahead],
    [limit]: request.maxTokens,
    ...Object.fromEntries(kept),
  });
};

const responseFormat = (schema: Readonly<Record<string, unknown>>): object => ({
  type: 'json_schema',
  json_schema: { name: 'answer', schema, ...(isStrictSchema(schema) ? { strict: true } : {}) },
});
