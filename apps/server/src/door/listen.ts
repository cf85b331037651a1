import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { AppError } from '@tandem/protocol/error';

export type Listening = {
  readonly url: string;
  /** No new request is taken; followers are ended, others get a moment to finish. */
  readonly close: () => Promise<void>;
};

/** A request that came before the end may finish; a follower never would. */
const closeMs = 2_000;

/** Loopback only: until members and roles are here, whoever has the token may do everything. @throws AppError configuration */
export const listen = async (
  fetch: (request: Request) => Response | Promise<Response>,
  { port }: { readonly port: number },
): Promise<Listening> => {
  const server = createAdaptorServer({ fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const why = taken ? 'is taken; give another with --port' : `cannot be listened on: ${cause.message}`;
      reject(new AppError('configuration', `Port ${port} ${why}.`, { cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), closeMs);
      await closed;
      clearTimeout(timer);
    },
  };
};
