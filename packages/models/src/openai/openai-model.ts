import type { Model } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import type { Transport } from '../http/transport.ts';
import { priceOf } from '../pricing.ts';
import { createHttpModel } from '../provider/http-model.ts';
import type { ModelSettings } from '../provider/wire.ts';
import { createChatWire } from './chat.ts';
import { createResponsesWire } from './responses.ts';
import { isOpenAi, normalBaseUrl, type OpenAiServer } from './server.ts';

export type OpenAiInput = {
  readonly name: string;
  /** Default: the company's own service. */
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  /** `auto`: `responses` for the company's own service, `chat` for every other server. */
  readonly wire?: 'chat' | 'responses' | 'auto' | undefined;
  readonly settings?: ModelSettings | undefined;
  readonly transport: Transport;
};

/** Any OpenAI-compatible server. @throws AppError model_unavailable when the hosted service has no key */
export const createOpenAiModel = (input: OpenAiInput): Model => {
  const baseUrl = normalBaseUrl(input.baseUrl ?? 'https://api.openai.com/v1');
  const id = `openai/${input.name}`;
  const key = input.apiKey ?? '';
  if (key === '' && isOpenAi({ baseUrl })) {
    const message = `${id} needs a key: set OPENAI_API_KEY, or OPENAI_BASE_URL to a server of your own.`;
    throw new AppError('model_unavailable', message);
  }
  const server: OpenAiServer = {
    id,
    name: input.name,
    baseUrl,
    headers: key === '' ? {} : { authorization: `Bearer ${key}` },
    peer: {
      model: id,
      url: baseUrl,
      whenUnreachable: 'Start the server, or set OPENAI_BASE_URL to where it is.',
      whenRefused: 'Check OPENAI_API_KEY.',
      whenUnknown: `Check that the server has the model ${JSON.stringify(input.name)} and that OPENAI_BASE_URL is right.`,
    },
    transport: input.transport,
    settings: input.settings ?? {},
  };
  const wire = input.wire ?? 'auto';
  const responses = wire === 'responses' || (wire === 'auto' && isOpenAi(server));
  return createHttpModel({
    id,
    wire: responses ? createResponsesWire(server) : createChatWire(server),
    price: isOpenAi(server) ? priceOf(id) : null,
    random: input.transport.random,
  });
};
