import { pathToFileURL } from 'node:url';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { AskPerson } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { CallTime } from './call-time.ts';
import { Asked } from './question.ts';
import type { Server } from './read-servers.ts';
import { keptSignIn, newSignIn } from './sign-in.ts';

/** A tool as its server describes it. */
export type ServedTool = {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
};

/** What a call may use while it runs. Without `ask` the server's questions are answered by nobody. */
export type During = { readonly signal: AbortSignal; readonly ask: AskPerson | undefined };

export type CallResult = { readonly output: string; readonly isError: boolean };

export type Connection = {
  readonly tools: (signal: AbortSignal) => Promise<readonly ServedTool[]>;
  /** Rejects only with the signal's reason; any other failure is a result. */
  readonly call: (
    tool: string,
    given: Readonly<Record<string, unknown>>,
    during: During,
  ) => Promise<CallResult>;
  /** False once the server has gone. */
  readonly isOpen: () => boolean;
  readonly close: () => Promise<void>;
};

/** A server that fetches itself first takes as long as a package manager does. */
const startMs = 60_000;
/** More is no list that anybody searches with profit. */
const toolLimit = 1_000;
/** Characters of a result: what commands may say as well. */
const outputLimit = 30_000;
const errorsKept = 2_000;

export type Connecting = {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly version: string;
  /** Where sign-ins are kept. */
  readonly tokensFile: string;
  /** A person can be asked what servers want to know; else they are told that nobody can. */
  readonly asks?: boolean;
};

/** Longer than any call: time is kept here, because it stands still while a person thinks. */
const noLimitMs = 2_000_000_000;

/** Starts or reaches a server and greets it. @throws AppError configuration, saying what the server said; the signal's reason */
export const connect = async (server: Server, given: Connecting): Promise<Connection> => {
  const { signal } = given;
  const asked = new Asked(server.name);
  const client = clientOf(given, asked);
  const { transport, errors, pidOf } = transportOf(server, given);
  let isOpen = true;
  client.onclose = () => {
    isOpen = false;
  };
  try {
    await client.connect(transport, { signal, timeout: startMs });
  } catch (error) {
    await client.close().catch(() => {});
    signal.throwIfAborted();
    const said = errors();
    const why = `${wordsOf(error, server)}${said === '' ? '' : `; it said: ${said}`}`;
    throw new AppError('configuration', `the MCP server ${server.name} cannot be used: ${why}`, {
      cause: error,
    });
  }
  return {
    isOpen: () => isOpen,
    close: () => endWith(client, pidOf()),
    tools: (stop) => listTools(client, stop),
    call: async (name, given, { signal: stop, ask }) => {
      const time = new CallTime(server.callMs);
      const limits = { timeout: noLimitMs, maxTotalTimeout: noLimitMs };
      const options = { signal: AbortSignal.any([stop, time.signal]), ...limits };
      const call = () => client.callTool({ name, arguments: { ...given } }, undefined, options);
      try {
        return readResult(await (ask === undefined ? call() : asked.during({ ask, time }, call)));
      } catch (error) {
        stop.throwIfAborted();
        const late = `no answer within ${Math.round(server.callMs / 1_000)} s`;
        const why = time.signal.aborted ? late : wordsOf(error, server);
        return { output: `${server.name} failed: ${why}`, isError: true };
      } finally {
        time.end();
      }
    },
  };
};

/** A server that does not end with its input is told to, sooner than the SDK would: a person waits. */
const graceMs = 200;

const endWith = async (client: Client, pid: number | null): Promise<void> => {
  const timer = setTimeout(() => {
    try {
      if (pid !== null) process.kill(pid, 'SIGTERM');
    } catch {
      // It has ended meanwhile.
    }
  }, graceMs);
  await client.close().catch(() => {});
  clearTimeout(timer);
};

/** Its environment is the small one that the SDK gives, and what its definition names: no secrets of ours. */
const transportOf = (
  { name, reach }: Server,
  { cwd, tokensFile }: Pick<Connecting, 'cwd' | 'tokensFile'>,
): {
  readonly transport: Transport;
  readonly errors: () => string;
  /** Of a server that was started here. */
  readonly pidOf: () => number | null;
} => {
  if (reach.type === 'http') {
    const requestInit = { headers: { ...reach.headers } };
    const authProvider = keptSignIn(tokensFile, { name, url: reach.url });
    const options = { requestInit, ...(authProvider === undefined ? {} : { authProvider }) };
    // Its optional fields are not written for exact optional types.
    const transport = new StreamableHTTPClientTransport(new URL(reach.url), options) as Transport;
    return { transport, errors: () => '', pidOf: () => null };
  }
  const { command, words, environment } = reach;
  const transport = new StdioClientTransport({
    command,
    args: [...words],
    cwd,
    stderr: 'pipe',
    env: { ...getDefaultEnvironment(), ...environment },
  });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-errorsKept);
  });
  return { transport, errors: () => said.trim(), pidOf: () => transport.pid };
};

const listTools = async (client: Client, signal: AbortSignal): Promise<readonly ServedTool[]> => {
  if (client.getServerCapabilities()?.tools === undefined) return [];
  const tools: ServedTool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, { signal });
    for (const { name, description = '', inputSchema } of page.tools)
      tools.push({ name, description, parameters: inputSchema });
    cursor = page.nextCursor;
  } while (cursor !== undefined && tools.length < toolLimit);
  return tools.slice(0, toolLimit);
};

type Content = { readonly type: string; readonly [key: string]: unknown };

/** What a model can read of it. Pictures and sounds are named, not shown. */
const readResult = (result: Awaited<ReturnType<Client['callTool']>>): CallResult => {
  const content = (Array.isArray(result.content) ? result.content : []) as readonly Content[];
  const texts = content.map(textOf);
  if (texts.length === 0 && result.structuredContent !== undefined)
    texts.push(JSON.stringify(result.structuredContent));
  const text = texts.join('\n');
  const cut = text.length - outputLimit;
  const output = cut > 0 ? `${text.slice(0, outputLimit)}\n[… ${cut} characters cut out …]` : text;
  return { output: output === '' ? '(it gave nothing)' : output, isError: result.isError === true };
};

const textOf = (part: Content): string => {
  switch (part.type) {
    case 'text':
      return String(part.text);
    case 'image':
    case 'audio':
      return `[${part.type} ${String(part.mimeType)}, not shown]`;
    case 'resource_link':
      return `[resource ${String(part.uri)}]`;
    case 'resource': {
      const { uri, text } = part.resource as { readonly uri?: unknown; readonly text?: unknown };
      return typeof text === 'string' ? text : `[resource ${String(uri)}, not shown]`;
    }
    default:
      return `[${part.type}, not shown]`;
  }
};

const wordsOf = (error: unknown, { name, reach }: Server): string => {
  const text = error instanceof Error ? error.message : String(error);
  const isStranger =
    error instanceof UnauthorizedError || (error instanceof StreamableHTTPError && error.code === 401);
  return reach.type === 'http' && isStranger
    ? `it wants to know who you are: tandem mcp login ${name}, or a token in its headers`
    : text;
};

const clientOf = (
  { cwd, version, asks = false }: Pick<Connecting, 'cwd' | 'version' | 'asks'>,
  asked: Asked | null,
): Client => {
  const elicitation = asks && asked !== null ? { elicitation: {} } : {};
  const client = new Client({ name: 'tandem', version }, { capabilities: { roots: {}, ...elicitation } });
  const root = { uri: pathToFileURL(cwd).href, name: 'workspace' };
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [root] }));
  if (asks && asked !== null)
    client.setRequestHandler(ElicitRequestSchema, async ({ params }, { signal }) =>
      params.mode === 'url' ? { action: 'decline' } : await asked.answer(params, signal),
    );
  return client;
};

/**
 * Signs the person in at a server by OAuth: `open` is shown the address, the browser comes back on loopback. False where the
 * server asks for no sign-in. @throws AppError configuration; the signal's reason
 */
export const signIn = async (
  server: Server,
  given: Connecting & { readonly open: (address: string) => void },
): Promise<boolean> => {
  const { reach, name } = server;
  if (reach.type !== 'http')
    throw new AppError(
      'usage',
      `${name} is started here; only a server that is reached by a url takes a sign-in`,
    );
  const { signal, open, tokensFile: file } = given;
  const url = new URL(reach.url);
  const begun = await newSignIn({ file, url: reach.url, open });
  const transport = new StreamableHTTPClientTransport(url, { authProvider: begun.provider });
  const client = clientOf(given, null);
  try {
    await client.connect(transport as Transport, { signal, timeout: startMs });
    return false;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UnauthorizedError))
      throw new AppError('configuration', `${name}: ${(error as Error).message}`, { cause: error });
    await transport.finishAuth(await begun.code(signal));
    return true;
  } finally {
    begun.close();
    await client.close().catch(() => {});
  }
};
