import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { AppError } from '@tandem/protocol/error';

export type Listening = {
  readonly port: number;
  /** On loopback, whatever else it listens on. */
  readonly url: string;
  /** No new request is taken; followers are ended, others get a moment to finish. */
  readonly close: () => Promise<void>;
};

/** A request that came before the end may finish; a follower never would. */
const closeMs = 2_000;

/**
 * Loopback, where no other address is named. Port 0 takes one that is free.
 * @throws AppError configuration where it cannot be listened on
 */
export const listen = async (
  fetch: (request: Request) => Response | Promise<Response>,
  given: { readonly port: number; readonly address?: string; readonly closeMs?: number },
): Promise<Listening> => {
  const server = createAdaptorServer({ fetch }) as Server;
  const { port, address = '127.0.0.1' } = given;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const why = taken ? 'is taken; give another with --port' : `cannot be listened on: ${cause.message}`;
      reject(new AppError('configuration', `Port ${port} ${why}.`, { cause }));
    });
    server.listen(port, address, resolve);
  });
  const listening = server.address();
  const bound = typeof listening === 'object' && listening !== null ? listening.port : port;
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), given.closeMs ?? closeMs);
      await closed;
      clearTimeout(timer);
    },
  };
};
