import type { Model, ToolCall } from '@tandem/core';
import { createAnthropicModel } from '../src/anthropic/anthropic-model.ts';
import type { Transport } from '../src/http/transport.ts';
import { createOllamaModel } from '../src/ollama/ollama-model.ts';
import { createOpenAiModel } from '../src/openai/openai-model.ts';
import type { ModelSettings } from '../src/provider/wire.ts';
import type { Answer } from './fake-server.ts';

/** What a provider is to say, whatever its format. */
export type Saying = {
  readonly text: readonly string[];
  readonly calls?: readonly ToolCall[];
  readonly stop?: 'end' | 'length';
  readonly tokens: { readonly in: number; readonly cached: number; readonly out: number };
};

/** One provider's wire, as its documentation shows it, so that the same tests run over each. */
export type Dialect = {
  readonly name: string;
  readonly path: string;
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly open: (url: string, transport: Transport, settings?: ModelSettings) => Model;
  readonly say: (saying: Saying) => readonly string[];
  readonly contentType: string;
  /** Body of the refusal of a context that is too long. */
  readonly overflow: { readonly status: number; readonly body: object };
  /** The serialised conversation in a request's body. */
  readonly conversation: (body: string) => string;
  readonly keepsCallIds: boolean;
  readonly reportsCache: boolean;
};

/** Cut where no one expects it: in the middle, and once more. */
export const halves = (text: string): readonly string[] => {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
};

const event = (data: object | string): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const namedEvent = (data: { readonly type: string }): string => `event: ${data.type}\n${event(data)}`;

const conversationOf = (key: string) => (body: string) =>
  JSON.stringify((JSON.parse(body) as Record<string, unknown>)[key]);

const chunk = (delta: object, finish: string | null = null): string =>
  event({
    id: 'chatcmpl-9',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });

const chatSay = (saying: Saying): readonly string[] => {
  const calls = saying.calls ?? [];
  return [
    ': keep-alive\n\n',
    chunk({ role: 'assistant', content: '' }),
    ...saying.text.map((content) => chunk({ content })),
    ...calls.flatMap((call, index) => [
      chunk({
        tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }],
      }),
      ...halves(JSON.stringify(call.arguments)).map((part) =>
        chunk({ tool_calls: [{ index, function: { arguments: part } }] }),
      ),
    ]),
    chunk({}, calls.length > 0 ? 'tool_calls' : saying.stop === 'length' ? 'length' : 'stop'),
    event({
      id: 'chatcmpl-9',
      choices: [],
      usage: {
        prompt_tokens: saying.tokens.in,
        completion_tokens: saying.tokens.out,
        total_tokens: saying.tokens.in + saying.tokens.out,
        prompt_tokens_details: { cached_tokens: saying.tokens.cached },
      },
    }),
    event('[DONE]'),
  ];
};

export const chat: Dialect = {
  name: 'openai chat/completions',
  path: '/v1/chat/completions',
  fixed: { '/v1/models': { data: [{ id: 'mind-7b', max_model_len: 16_384 }] } },
  open: (url, transport, settings) =>
    createOpenAiModel({
      name: 'mind-7b',
      baseUrl: `${url}/v1`,
      apiKey: 'k',
      wire: 'chat',
      transport,
      settings,
    }),
  say: chatSay,
  contentType: 'text/event-stream; charset=utf-8',
  overflow: {
    status: 400,
    body: {
      error: {
        message:
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001.",
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
  },
  conversation: conversationOf('messages'),
  keepsCallIds: true,
  reportsCache: true,
};

const responsesSay = (saying: Saying): readonly string[] => {
  const calls = (saying.calls ?? []).map((call, index) => ({
    ...call,
    item: `fc_${index}`,
    text: JSON.stringify(call.arguments),
  }));
  const item = (call: (typeof calls)[number], text: string) => ({
    id: call.item,
    type: 'function_call',
    status: 'completed',
    call_id: call.id,
    name: call.name,
    arguments: text,
  });
  const usage = {
    input_tokens: saying.tokens.in,
    input_tokens_details: { cached_tokens: saying.tokens.cached },
    output_tokens: saying.tokens.out,
    output_tokens_details: { reasoning_tokens: 0 },
  };
  const incomplete = saying.stop === 'length';
  return [
    namedEvent({ type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } } as never),
    ...saying.text.map((delta) =>
      namedEvent({ type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, delta } as never),
    ),
    ...calls.flatMap((call) => [
      namedEvent({ type: 'response.output_item.added', item: item(call, '') } as never),
      ...halves(call.text).map((delta) =>
        namedEvent({ type: 'response.function_call_arguments.delta', item_id: call.item, delta } as never),
      ),
      namedEvent({
        type: 'response.function_call_arguments.done',
        item_id: call.item,
        arguments: call.text,
      } as never),
      namedEvent({ type: 'response.output_item.done', item: item(call, call.text) } as never),
    ]),
    namedEvent({
      type: incomplete ? 'response.incomplete' : 'response.completed',
      response: {
        id: 'resp_1',
        status: incomplete ? 'incomplete' : 'completed',
        incomplete_details: incomplete ? { reason: 'max_output_tokens' } : null,
        usage,
      },
    } as never),
  ];
};

export const responses: Dialect = {
  ...chat,
  name: 'openai responses',
  path: '/v1/responses',
  open: (url, transport, settings) =>
    createOpenAiModel({ name: 'mind-7b', baseUrl: url, apiKey: 'k', wire: 'responses', transport, settings }),
  say: responsesSay,
  overflow: {
    status: 400,
    body: {
      error: {
        message:
          'Your input exceeds the context window of this model. Please adjust your input and try again.',
        code: 'context_length_exceeded',
      },
    },
  },
  conversation: conversationOf('input'),
};

const ollamaLine = (message: object, rest: object = { done: false }): string =>
  `${JSON.stringify({ model: 'mind', created_at: '2026-01-01T00:00:00Z', message, ...rest })}\n`;

export const ollama: Dialect = {
  name: 'ollama',
  path: '/api/chat',
  fixed: {
    '/api/show': {
      parameters: 'stop "<|im_end|>"\nnum_ctx 8192',
      details: { family: 'qwen2', parameter_size: '7.6B', quantization_level: 'Q4_K_M' },
      model_info: { 'general.architecture': 'qwen2', 'qwen2.context_length': 16_384 },
      capabilities: ['completion', 'tools'],
    },
  },
  open: (url, transport, settings) => createOllamaModel({ name: 'mind', host: url, transport, settings }),
  say: (saying) => [
    ...saying.text.map((content) => ollamaLine({ role: 'assistant', content })),
    ...(saying.calls ?? []).map((call) =>
      ollamaLine({
        role: 'assistant',
        content: '',
        tool_calls: [{ function: { name: call.name, arguments: call.arguments } }],
      }),
    ),
    ollamaLine(
      { role: 'assistant', content: '' },
      {
        done: true,
        done_reason: saying.stop === 'length' ? 'length' : 'stop',
        prompt_eval_count: saying.tokens.in,
        eval_count: saying.tokens.out,
      },
    ),
  ],
  contentType: 'application/x-ndjson',
  overflow: { status: 400, body: { error: 'the input length exceeds the context length' } },
  conversation: conversationOf('messages'),
  keepsCallIds: false,
  reportsCache: false,
};

const anthropicSay = (saying: Saying): readonly string[] => {
  const calls = saying.calls ?? [];
  const block = (index: number, start: object, deltas: readonly object[]) => [
    namedEvent({ type: 'content_block_start', index, content_block: start } as never),
    namedEvent({ type: 'ping' }),
    ...deltas.map((delta) => namedEvent({ type: 'content_block_delta', index, delta } as never)),
    namedEvent({ type: 'content_block_stop', index } as never),
  ];
  return [
    namedEvent({
      type: 'message_start',
      message: {
        id: 'msg_1',
        role: 'assistant',
        content: [],
        usage: {
          input_tokens: saying.tokens.in - saying.tokens.cached,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: saying.tokens.cached,
          output_tokens: 1,
        },
      },
    } as never),
    ...block(
      0,
      { type: 'text', text: '' },
      saying.text.map((text) => ({ type: 'text_delta', text })),
    ),
    ...calls.flatMap((call, index) =>
      block(
        index + 1,
        { type: 'tool_use', id: call.id, name: call.name, input: {} },
        halves(JSON.stringify(call.arguments)).map((part) => ({
          type: 'input_json_delta',
          partial_json: part,
        })),
      ),
    ),
    namedEvent({
      type: 'message_delta',
      delta: {
        stop_reason: calls.length > 0 ? 'tool_use' : saying.stop === 'length' ? 'max_tokens' : 'end_turn',
        stop_sequence: null,
      },
      usage: { output_tokens: saying.tokens.out },
    } as never),
    namedEvent({ type: 'message_stop' }),
  ];
};

export const anthropic: Dialect = {
  name: 'anthropic messages',
  path: '/v1/messages',
  fixed: {},
  open: (url, transport, settings) =>
    createAnthropicModel({ name: 'claude-haiku-4-5', baseUrl: url, apiKey: 'k', transport, settings }),
  say: anthropicSay,
  contentType: 'text/event-stream',
  overflow: {
    status: 400,
    body: {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
    },
  },
  // The marks wander to the newest turns; what is cached is the content, which must not change.
  conversation: (body) =>
    conversationOf('messages')(body).replaceAll(',"cache_control":{"type":"ephemeral"}', ''),
  keepsCallIds: true,
  reportsCache: true,
};

export const dialects: readonly Dialect[] = [chat, responses, ollama, anthropic];

export const answerOf = (dialect: Dialect, saying: Saying): Answer => ({
  headers: { 'content-type': dialect.contentType },
  pieces: dialect.say(saying),
});

export const refusal = (
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  pieces: [JSON.stringify(body)],
});
