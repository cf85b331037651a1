import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';

/**
 * A door on one stream that is open already, in HTTP/2 without TLS: many requests at a time, and no port. Whoever holds the other
 * end is let in. Resolves when that end has gone, or has left a ping unanswered until the next: a line that is dead without
 * having been closed would keep this side for hours. The stream is then destroyed, as whoever calls may do to end it.
 */
export const speakOn = (
  fetch: (request: Request) => Response | Promise<Response>,
  stream: Duplex,
  { pingMs }: { readonly pingMs: number },
): Promise<void> => {
  const server = createAdaptorServer({ fetch, createServer }) as Http2Server;
  // What was under way is told by its own stream.
  stream.on('error', () => {});
  server.on('sessionError', () => {});
  return new Promise((resolve) => {
    server.once('session', (session: ServerHttp2Session) => {
      let isHeard = true;
      const timer = setInterval(() => {
        // The session alone would wait until what it has written is taken.
        if (!isHeard) stream.destroy();
        isHeard = false;
        if (!session.destroyed) session.ping((error) => (isHeard ||= error === null));
      }, pingMs);
      stream.once('close', () => {
        clearInterval(timer);
        session.destroy();
        resolve();
      });
    });
    server.emit('connection', stream);
  });
};
