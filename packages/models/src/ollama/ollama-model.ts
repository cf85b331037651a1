import type { Model, ModelFacts } from '@tandem/core';
import type { Peer } from '../http/failure.ts';
import { isLoopback } from '../http/loopback.ts';
import { requestJson, streamLines, type Transport } from '../http/transport.ts';
import { chatTool } from '../openai/chat-messages.ts';
import { ollamaContext } from '../openai/probe.ts';
import { createHttpModel } from '../provider/http-model.ts';
import { asList, asObject } from '../provider/json.ts';
import { parametersInName, strengthOf } from '../provider/strength.ts';
import type { ModelSettings, Wire, WireRequest } from '../provider/wire.ts';
import { ollamaUrl } from './host.ts';
import { ollamaMessage } from './ollama-messages.ts';
import { readOllamaStream } from './ollama-stream.ts';

export type OllamaInput = {
  readonly name: string;
  /** OLLAMA_HOST, in any of the forms that Ollama takes. */
  readonly host?: string | undefined;
  /** Default: what the model can take, at most 32,768, or what its Modelfile sets if that is more. */
  readonly numCtx?: number | undefined;
  /** How long the weights stay in memory after an answer; Ollama's own 5m is short for a person who reads a diff. */
  readonly keepAlive?: string | undefined;
  readonly settings?: ModelSettings | undefined;
  readonly transport: Transport;
};

/** More costs gigabytes of KV cache, which not every machine has; less and an agent forgets what it read. */
const usualWindow = 32_768;

type Server = OllamaInput & { readonly url: string; readonly peer: Peer };

/** Ollama by its own API: `/v1` cannot set `num_ctx`, and its default of 4,096 cuts off prompts without a word. */
export const createOllamaModel = (input: OllamaInput): Model => {
  const url = ollamaUrl(input.host);
  const id = `ollama/${input.name}`;
  const peer = {
    model: id,
    url,
    whenUnreachable: 'Start it with `ollama serve`, or set OLLAMA_HOST to where it is.',
    whenRefused: 'Check OLLAMA_HOST.',
    whenUnknown: `Get the model with \`ollama pull ${input.name}\`.`,
  };
  const wire = createOllamaWire({ ...input, url, peer });
  return createHttpModel({ id, wire, price: null, random: input.transport.random });
};

const createOllamaWire = (server: Server): Wire => ({
  probe: (signal) => probe(server, signal),
  send: (request) =>
    streamLines(
      server.transport,
      {
        peer: server.peer,
        url: `${server.url}/api/chat`,
        body: chatBody(server, request),
        signal: request.signal,
      },
      (lines, commit) =>
        readOllamaStream(lines, {
          peer: server.peer,
          prefill: request.prefill ?? '',
          onText: request.onText,
          commit,
        }),
    ),
});

const probe = async (server: Server, signal: AbortSignal): Promise<ModelFacts> => {
  const settings = server.settings ?? {};
  const body = JSON.stringify({ model: server.name });
  const show = asObject(
    await requestJson(server.transport, { peer: server.peer, url: `${server.url}/api/show`, body, signal }),
  );
  const { most, set } = ollamaContext(show);
  const usual = Math.max(Math.min(most ?? usualWindow, usualWindow), Math.min(set ?? 0, most ?? Infinity));
  const contextWindow = server.numCtx ?? settings.contextWindow ?? usual;
  const size = asObject(show.details).parameter_size;
  const parameters =
    settings.parameters ??
    (typeof size === 'string' ? parametersInName(size) : undefined) ??
    parametersInName(server.name);
  const can = show.capabilities === undefined || asList(show.capabilities).includes('tools');
  return {
    contextWindow,
    maxOutput: Math.min(settings.maxOutput ?? Math.floor(contextWindow / 2), contextWindow),
    nativeTools: settings.nativeTools ?? can,
    strength: settings.strength ?? strengthOf(parameters),
    ...(parameters === undefined ? {} : { parameters }),
    local: isLoopback(server.url),
  };
};

const chatBody = (server: Server, request: WireRequest): string => {
  const messages = request.messages.map(ollamaMessage);
  const ahead = request.prefill === undefined ? [] : [{ role: 'assistant', content: request.prefill }];
  return JSON.stringify({
    model: server.name,
    keep_alive: server.keepAlive ?? '30m',
    truncate: false, // an error can be acted on; half a prompt cannot
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(chatTool) }),
    messages: [...messages, ...ahead],
    options: {
      num_ctx: request.facts.contextWindow,
      num_predict: request.maxTokens,
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...(request.seed === undefined ? {} : { seed: request.seed }),
      ...(request.stop === undefined ? {} : { stop: request.stop }),
    },
    ...(request.schema === undefined ? {} : { format: request.schema }),
  });
};
