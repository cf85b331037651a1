import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One HTTP answer, sent as pieces. */
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pieces: readonly (string | Uint8Array)[];
  /** After the pieces: `end` closes well, `cut` breaks the connection, `hang` says nothing more. */
  readonly finish?: 'end' | 'cut' | 'hang';
};

export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
};

export type FakeServer = {
  readonly url: string;
  /** Requests to the path that answers are queued for. */
  readonly seen: Seen[];
  /** All other requests. */
  readonly probes: Seen[];
  readonly push: (...answers: readonly Answer[]) => void;
  /** Resolves when the client has gone away from a hanging answer, or already has. */
  readonly left: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

const send = async (response: ServerResponse, answer: Answer): Promise<void> => {
  response.writeHead(answer.status ?? 200, { 'content-type': 'text/event-stream', ...answer.headers });
  response.flushHeaders();
  for (const piece of answer.pieces) await new Promise((resolve) => response.write(piece, resolve));
  if (answer.finish === 'hang') return;
  if (answer.finish === 'cut') response.destroy();
  else response.end();
};

/** A provider on 127.0.0.1 that replays transcripts: `path` gets the queued answers, other paths their fixed JSON. */
export const startFakeServer = async (input: {
  readonly path: string;
  readonly fixed?: Readonly<Record<string, unknown>>;
}): Promise<FakeServer> => {
  const seen: Seen[] = [];
  const probes: Seen[] = [];
  const queue: Answer[] = [];
  const gone = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const one = {
      method: request.method ?? '',
      path,
      body: await readBody(request),
      headers: request.headers,
    };
    response.on('close', () => {
      if (!response.writableFinished) gone.resolve();
    });
    if (path !== input.path) {
      probes.push(one);
      const known = input.fixed?.[path];
      response.writeHead(known === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(known ?? { error: 'not found' }));
      return;
    }
    seen.push(one);
    await send(response, queue.shift() ?? { status: 418, pieces: ['{"error":"nothing queued"}'] });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    probes,
    push: (...answers) => queue.push(...answers),
    left: () => gone.promise,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
