/** An OpenAI-compatible server on loopback that answers at once, so that what is measured is the caller. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type InstantServer = {
  readonly baseUrl: string;
  /** Body sizes in bytes of the model requests since the last call, in order. */
  readonly takeRequests: () => readonly number[];
  readonly close: () => void;
};

const answer = 'Hello.';

export const startInstantServer = async (): Promise<InstantServer> => {
  let sizes: number[] = [];
  const server = createServer((request, response) => {
    readBody(request).then(
      (body) => {
        if (asksModel(request)) sizes.push(Buffer.byteLength(body));
        reply(request.url ?? '', body, response);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    takeRequests: () => {
      const taken = sizes;
      sizes = [];
      return taken;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** Probes of other faces (window size, list of models) are no model requests. */
const asksModel = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'POST' && /\/(?:chat\/completions|responses)$/.test(url);

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const reply = (url: string, body: string, response: ServerResponse): void => {
  const streams = /"stream"\s*:\s*true/.test(body);
  if (url.endsWith('/chat/completions')) {
    if (streams)
      sendEvents(
        response,
        chatChunks.map((data) => ({ data })),
        '[DONE]',
      );
    else sendJson(response, chatAnswer);
  } else if (url.endsWith('/responses')) {
    if (streams)
      sendEvents(
        response,
        responseEvents.map((data) => ({ event: data.type, data })),
      );
    else sendJson(response, responseAnswer);
  } else if (url.endsWith('/models')) {
    sendJson(response, { object: 'list', data: [{ id: 'scripted', object: 'model', owned_by: 'bench' }] });
  } else {
    response.writeHead(404).end();
  }
};

const sendJson = (response: ServerResponse, value: unknown): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

const sendEvents = (
  response: ServerResponse,
  events: readonly { readonly event?: string; readonly data: unknown }[],
  last?: string,
): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const { event, data } of events) {
    response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`);
  }
  response.end(last === undefined ? '' : `data: ${last}\n\n`);
};

const chat = { id: 'chatcmpl-1', created: 1, model: 'scripted' };
const chatUsage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

const chatAnswer = {
  ...chat,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: answer }, finish_reason: 'stop' }],
  usage: chatUsage,
};

const chatChunk = (delta: object, finish: string | null) => ({
  ...chat,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finish }],
});

const chatChunks = [
  chatChunk({ role: 'assistant', content: answer }, null),
  chatChunk({}, 'stop'),
  { ...chat, object: 'chat.completion.chunk', choices: [], usage: chatUsage },
];

const message = {
  type: 'message',
  id: 'msg_1',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text: answer, annotations: [] }],
};

const responseAnswer = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'scripted',
  output: [message],
  usage: {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2,
  },
};

const responseEvents = [
  { type: 'response.created', response: { ...responseAnswer, status: 'in_progress', output: [] } },
  {
    type: 'response.output_item.added',
    output_index: 0,
    item: { ...message, status: 'in_progress', content: [] },
  },
  { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta: answer },
  { type: 'response.output_item.done', output_index: 0, item: message },
  { type: 'response.completed', response: responseAnswer },
];
