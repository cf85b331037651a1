import type { Readable, Writable } from 'node:stream';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { isAppError } from '@tandem/protocol';
import type { OfferedCall, OfferedTool, Serving } from './offered.ts';

/** Beyond it a client is not answered but told so: one message is a prompt or a diff, not a repository. */
const messageLimit = 8_000_000;
/** A person may have gone for lunch. */
const questionMs = 600_000;

/** Serves until the client closes its end or the signal aborts; calls that run are ended first. */
export const serve = async (tools: readonly OfferedTool[], given: Serving): Promise<void> => {
  const { input, output, signal, version, instructions } = given;
  const whole = new AbortController();
  const running = new Set<Promise<unknown>>();
  const server = new Server(
    { name: 'tandem', title: 'Tandem', version },
    { capabilities: { tools: {} }, instructions },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(described) }));
  server.setRequestHandler(CallToolRequestSchema, (request, extra) => {
    const { name, arguments: words = {}, _meta: meta } = request.params;
    const tool = tools.find((one) => one.name === name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `there is no tool ${name}`);
    const call: OfferedCall = {
      signal: AbortSignal.any([extra.signal, whole.signal]),
      say: teller(extra, meta?.progressToken),
      ask: server.getClientCapabilities()?.elicitation === undefined ? null : asker(server),
    };
    const work = answer(tool, words, call);
    running.add(work);
    const done = (): void => void running.delete(work);
    work.then(done, done);
    return work;
  });
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    for (const event of ['end', 'close', 'error']) input.once(event, resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  await server.connect(transportOf(input, output));
  await closed;
  whole.abort();
  await Promise.allSettled(running);
  await server.close();
};

const transportOf = (input: Readable, output: Writable): StdioServerTransport =>
  new StdioServerTransport(input, output, { maxBufferSize: messageLimit });

const described = ({ name, title, description, parameters, effect }: OfferedTool) => ({
  name,
  title,
  description,
  inputSchema: { ...parameters, type: 'object' as const },
  annotations: { readOnlyHint: effect === 'read', destructiveHint: effect !== 'read', openWorldHint: false },
});

const answer = async (tool: OfferedTool, given: unknown, call: OfferedCall): Promise<CallToolResult> => {
  try {
    const { text, isError, data } = await tool.run(given as Readonly<Record<string, unknown>>, call);
    return {
      content: [{ type: 'text', text }],
      isError,
      ...(data === undefined ? {} : { structuredContent: { ...data } }),
    };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { content: [{ type: 'text', text: error.message }], isError: true };
  }
};

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Where the client asked for no progress nobody is told; one that has gone hears nothing. */
const teller = (extra: Extra, progressToken: string | number | undefined): OfferedCall['say'] => {
  if (progressToken === undefined) return () => {};
  let progress = 0;
  return (message) => {
    progress += 1;
    const params = { progressToken, progress, message };
    void extra.sendNotification({ method: 'notifications/progress', params }).catch(() => {});
  };
};

/** A person who is asked through the client; whatever is not plainly yes is no, and no answer is none. */
const asker =
  (server: Server): NonNullable<OfferedCall['ask']> =>
  async (question, signal) => {
    const decision = { type: 'string', title: 'Decision', enum: ['allow', 'deny'] } as const;
    const requestedSchema = { type: 'object', properties: { decision }, required: ['decision'] } as const;
    try {
      const { action, content } = await server.elicitInput(
        { message: question, requestedSchema: { ...requestedSchema, required: ['decision'] } },
        { signal, timeout: questionMs },
      );
      if (action === 'cancel') return null;
      return action === 'accept' && content?.decision === 'allow' ? 'allow' : 'deny';
    } catch {
      return null;
    }
  };
