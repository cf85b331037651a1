import type { Model, ModelFacts } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import type { Peer } from '../http/failure.ts';
import { isLoopback } from '../http/loopback.ts';
import { streamSse, type Transport } from '../http/transport.ts';
import { priceOf } from '../pricing.ts';
import { cautious, hostedLimits } from '../provider/hosted.ts';
import { createHttpModel } from '../provider/http-model.ts';
import { createLearner } from '../provider/learned.ts';
import { parametersInName, strengthOf } from '../provider/strength.ts';
import type { ModelSettings, Wire, WireRequest } from '../provider/wire.ts';
import { anthropicPrompt, anthropicTools } from './anthropic-messages.ts';
import { readAnthropicStream } from './anthropic-stream.ts';

export type AnthropicInput = {
  readonly name: string;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly settings?: ModelSettings | undefined;
  readonly transport: Transport;
};

type Server = AnthropicInput & { readonly id: string; readonly url: string; readonly peer: Peer };

const home = 'https://api.anthropic.com';
const optional = ['temperature', 'cache_control'];

/** The Messages API. @throws AppError model_unavailable when the hosted service has no key */
export const createAnthropicModel = (input: AnthropicInput): Model => {
  const given = new URL(input.baseUrl ?? home);
  const url = `${given.origin}${given.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')}`;
  const id = `anthropic/${input.name}`;
  if ((input.apiKey ?? '') === '' && url === home) {
    throw new AppError('model_unavailable', `${id} needs a key: set ANTHROPIC_API_KEY.`);
  }
  const peer = {
    model: id,
    url,
    whenUnreachable: 'Check the network, or set ANTHROPIC_BASE_URL to where it is.',
    whenRefused: 'Check ANTHROPIC_API_KEY.',
    whenUnknown: `Check the model's name ${JSON.stringify(input.name)}.`,
  };
  const wire = createAnthropicWire({ ...input, id, url, peer });
  return createHttpModel({ id, wire, price: priceOf(id), random: input.transport.random });
};

const createAnthropicWire = (server: Server): Wire => {
  const learner = createLearner(optional);
  const key = server.apiKey ?? '';
  const headers = { 'anthropic-version': '2023-06-01', ...(key === '' ? {} : { 'x-api-key': key }) };
  return {
    probe: async () => factsOf(server),
    send: (request) =>
      learner.send((isDropped) => {
        const told = askSchema(request);
        const prefill = takesPrefill(server.name) ? (told.prefill ?? '').trimEnd() : '';
        const body = messagesBody(server, { ...told, prefill }, isDropped);
        return streamSse(
          server.transport,
          { peer: server.peer, url: `${server.url}/v1/messages`, headers, body, signal: request.signal },
          (pieces, commit) =>
            readAnthropicStream(pieces, { peer: server.peer, prefill, onText: request.onText, commit }),
        ).then((answer) => (told === request ? answer : schemaAnswer(answer)));
      }),
  };
};

const factsOf = (server: Server): ModelFacts => {
  const settings = server.settings ?? {};
  const known = hostedLimits(server.id) ?? cautious;
  const parameters = settings.parameters ?? parametersInName(server.name);
  const contextWindow = settings.contextWindow ?? known.contextWindow;
  return {
    contextWindow,
    maxOutput: Math.min(settings.maxOutput ?? known.maxOutput, contextWindow),
    nativeTools: settings.nativeTools ?? true,
    strength: settings.strength ?? strengthOf(parameters),
    ...(parameters === undefined ? {} : { parameters }),
    local: isLoopback(server.url),
  };
};

/** Generations after 4.5 answer a prefill with an error. */
const takesPrefill = (name: string): boolean =>
  /claude-(3|(opus|sonnet|haiku)-4(-[015](\D|$)|-20|$))/.test(name);

const answerTool = 'answer';

/** A schema for the whole answer is asked for as the arguments of a tool that must be called: every version can. */
const askSchema = (request: WireRequest): WireRequest => {
  const { schema, ...rest } = request;
  if (schema === undefined || schema.type !== 'object' || request.tools.length > 0) return request;
  const { prefill: _none, ...asked } = rest;
  const tool = { name: answerTool, description: 'Give the answer with this.', parameters: schema };
  return { ...asked, schema, tools: [tool] };
};

const schemaAnswer = (answer: Awaited<ReturnType<Wire['send']>>): Awaited<ReturnType<Wire['send']>> => {
  const call = answer.toolCalls.find((one) => one.name === answerTool);
  if (call === undefined) return answer;
  const stop = answer.stop === 'tool' ? 'end' : answer.stop;
  return { ...answer, text: JSON.stringify(call.arguments), toolCalls: [], stop };
};

const withoutMarks = (value: object): object =>
  JSON.parse(JSON.stringify(value, (key, part) => (key === 'cache_control' ? undefined : part)));

const messagesBody = (
  server: Server,
  request: WireRequest & { readonly prefill: string },
  isDropped: (name: string) => boolean,
): string => {
  const prompt = anthropicPrompt(request.messages);
  const ahead =
    request.prefill === '' ? [] : [{ role: 'assistant', content: [{ type: 'text', text: request.prefill }] }];
  const forced =
    request.schema !== undefined && request.tools[0]?.name === answerTool
      ? { tool_choice: { type: 'tool', name: answerTool } }
      : {};
  const body = {
    model: server.name,
    stream: true,
    ...(request.tools.length === 0 ? {} : { tools: anthropicTools(request.tools), ...forced }),
    ...(prompt.system.length === 0 ? {} : { system: prompt.system }),
    messages: [...prompt.messages, ...ahead],
    max_tokens: request.maxTokens,
    ...(request.temperature === undefined || isDropped('temperature')
      ? {}
      : { temperature: Math.min(1, request.temperature) }),
    ...(request.stop === undefined
      ? {}
      : { stop_sequences: request.stop.filter((one) => one.trim() !== '') }),
  };
  return JSON.stringify(isDropped('cache_control') ? withoutMarks(body) : body);
};
