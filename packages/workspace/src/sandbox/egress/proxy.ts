import { lookup } from 'node:dns/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '@tandem/protocol';
import type { HostRule } from './allow-list.ts';
import { isPublicAddress, readRule, whyRefused } from './allow-list.ts';

/** How names become addresses, and addresses connections: the machine's own ways unless given. */
export type Outside = {
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly connect: (address: string, port: number) => Socket;
};

export type EgressProxy = { readonly close: () => Promise<void> };

/** No request of a package manager takes longer to begin. */
const connectMs = 30_000;
const maxConnections = 256;

/**
 * A forward proxy (CONNECT, and plain HTTP) on a socket file: the only way out of a sandbox with a list of hosts. A name
 * is resolved once and the connection goes to the very address that was checked. What is inside TLS is not looked at.
 * @throws AppError configuration for a rule that is not a host
 */
export const startEgressProxy = async (input: {
  readonly socket: string;
  readonly allow: readonly string[];
  readonly outside?: Outside;
}): Promise<EgressProxy> => {
  const rules = readHosts(input.allow);
  const outside = input.outside ?? machine;
  const open = new Set<Duplex>();
  const server = createServer({ maxHeaderSize: 32_768 }, (request, response) => {
    void forward({ rules, outside, request, response });
  });
  server.maxConnections = maxConnections;
  server.on('connection', (socket) => {
    open.add(
      socket
        .once('close', () => open.delete(socket))
        .on('error', () => undefined)
        .unref(),
    );
  });
  server.on('connect', (request, client, head) => void tunnel({ rules, outside, request, client, head }));
  server.on('upgrade', (_, client) => refuse(client, 'an upgrade is not allowed'));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(input.socket, resolve));
  // It ends with the process; commands that wait for it keep the process alive themselves.
  server.unref();
  return {
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** @throws AppError configuration for a text that is not a host */
export const readHosts = (texts: readonly string[]): readonly HostRule[] =>
  texts.map((text) => {
    const rule = readRule(text);
    if (rule !== null) return rule;
    const message = `"${text}" is not a host that can be allowed; give a name such as example.com, *.example.com or example.com:8443.`;
    throw new AppError('configuration', message);
  });

const machine: Outside = {
  resolve: async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address),
  connect: (address, port) => connect({ host: address, port }),
};

type Target = { readonly scheme: 'http' | 'https'; readonly host: string; readonly port: number };

/** A connection to a target that the rules allow, or why there is none. One bad address of a name refuses it whole. */
const reach = async (
  rules: readonly HostRule[],
  outside: Outside,
  target: Target,
): Promise<Socket | string> => {
  const why = whyRefused(rules, target);
  if (why !== null) return why;
  const addresses = await outside.resolve(target.host).catch(() => []);
  const [address] = addresses;
  if (address === undefined) return `${target.host} has no address`;
  if (!addresses.every(isPublicAddress)) return `${target.host} leads into a private network`;
  return outside.connect(address, target.port);
};

const tunnel = async (input: {
  readonly rules: readonly HostRule[];
  readonly outside: Outside;
  readonly request: IncomingMessage;
  readonly client: Duplex;
  readonly head: Buffer;
}): Promise<void> => {
  const { client, request } = input;
  client.on('error', () => client.destroy());
  const match = /^([^:@/\s]+):(\d{1,5})$/.exec(request.url ?? '');
  if (match === null) return refuse(client, 'only a host name and a port can be connected to');
  const port = Number(match[2]);
  // Some clients tunnel plain HTTP too.
  const target: Target = { scheme: port === 80 ? 'http' : 'https', host: match[1] ?? '', port };
  const server = await reach(input.rules, input.outside, target);
  if (typeof server === 'string') return refuse(client, server);
  const end = (): void => {
    server.destroy();
    client.destroy();
  };
  server.setTimeout(connectMs, () => server.connecting && end());
  server
    .once('error', end)
    .once('close', end)
    .once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.write(input.head);
      client.pipe(server).pipe(client);
    });
  client.once('close', end);
};

/** Headers that speak of this connection, not of the request. */
const ownHeaders = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host)$/i;

const forward = async (input: {
  readonly rules: readonly HostRule[];
  readonly outside: Outside;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}): Promise<void> => {
  const { request, response } = input;
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null;
  if (url === null || url.protocol !== 'http:') return deny(response, 'only http:// requests are forwarded');
  if (request.headers.host !== url.host)
    return deny(response, 'the Host header names another host than the address');
  if (url.username !== '' || url.password !== '') return deny(response, 'no password may be in an address');
  const target = { scheme: 'http', host: url.hostname, port: Number(url.port || 80) } as const;
  const server = await reach(input.rules, input.outside, target);
  if (typeof server === 'string') return deny(response, server);
  const headers = Object.entries(request.headers).filter(([name]) => !ownHeaders.test(name));
  const outgoing = httpRequest({
    createConnection: () => server,
    method: request.method ?? 'GET',
    path: `${url.pathname}${url.search}`,
    headers: { ...Object.fromEntries(headers), host: url.host, connection: 'close' },
    timeout: connectMs,
  });
  outgoing.once('timeout', () => outgoing.destroy(new Error('timeout')));
  outgoing.once('error', () =>
    response.headersSent ? response.destroy() : deny(response, 'the host did not answer', 502),
  );
  outgoing.once('response', (answer) => {
    const kept = Object.entries(answer.headers).filter(
      ([name]) => !/^(connection|keep-alive|transfer-encoding)$/.test(name),
    );
    response.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
    answer.pipe(response);
  });
  response.once('close', () => outgoing.destroy());
  request.pipe(outgoing);
};

const deny = (response: ServerResponse, why: string, status = 403): void => {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
  response.end(`sandbox: ${why}\n`);
};

const refuse = (client: Duplex, why: string): void => {
  const text = `sandbox: ${why}\n`;
  client.end(
    `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
};
