import type { Message, ToolSpec } from '@tandem/core';
import { streamSse } from '../http/transport.ts';
import { createLearner } from '../provider/learned.ts';
import type { Wire, WireRequest } from '../provider/wire.ts';
import { createProbe } from './probe.ts';
import { readResponsesStream } from './responses-stream.ts';
import type { OpenAiServer } from './server.ts';
import { isStrictSchema } from './strict-schema.ts';

const optional = ['temperature', 'store', 'text'];

/** The `responses` API, stateless: nothing is kept at the provider, each request says all. It knows no seed or stop. */
export const createResponsesWire = (server: OpenAiServer): Wire => {
  const learner = createLearner(optional);
  return {
    probe: createProbe(server).facts,
    send: (request) =>
      learner.send((isDropped) =>
        streamSse(
          server.transport,
          {
            peer: server.peer,
            url: `${server.baseUrl}/responses`,
            headers: server.headers,
            body: responsesBody(server, request, isDropped),
            signal: request.signal,
          },
          (pieces, commit) =>
            readResponsesStream(pieces, {
              ...{ peer: server.peer, onText: request.onText, commit },
              limit: outputLimit(request),
            }),
        ),
      ),
  };
};

const responsesBody = (
  server: OpenAiServer,
  request: WireRequest,
  isDropped: (name: string) => boolean,
): string => {
  const changing = {
    temperature: request.temperature,
    text: request.schema === undefined ? undefined : { format: textFormat(request.schema) },
  };
  const kept = Object.entries(changing).filter(([name, value]) => value !== undefined && !isDropped(name));
  return JSON.stringify({
    model: server.name,
    stream: true,
    ...(isDropped('store') ? {} : { store: false }),
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(responsesTool) }),
    input: request.messages.flatMap(inputItems),
    max_output_tokens: outputLimit(request),
    ...Object.fromEntries(kept),
  });
};

/** The API refuses fewer. */
const outputLimit = ({ maxTokens }: WireRequest): number => Math.max(16, maxTokens);

const inputItems = (message: Message): readonly object[] => {
  if (message.role === 'tool') {
    const output = message.isError ? `Error: ${message.text}` : message.text;
    return [{ type: 'function_call_output', call_id: message.callId, output }];
  }
  if (message.role !== 'assistant') return [{ role: message.role, content: message.text }];
  const calls = (message.toolCalls ?? []).map((call) => ({
    type: 'function_call',
    call_id: call.id,
    name: call.name,
    arguments: JSON.stringify(call.arguments),
  }));
  return message.text === '' ? calls : [{ role: 'assistant', content: message.text }, ...calls];
};

const responsesTool = (tool: ToolSpec): object => ({
  type: 'function',
  name: tool.name,
  description: tool.description,
  parameters: tool.parameters,
  strict: false, // the default is strict, which most of the schemas that tools have do not meet
});

const textFormat = (schema: Readonly<Record<string, unknown>>): object => ({
  type: 'json_schema',
  name: 'answer',
  schema,
  strict: isStrictSchema(schema),
});
