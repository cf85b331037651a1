import { maxBundleBytes } from '@tandem/protocol/team';
import type { MiddlewareHandler } from 'hono';
import { refusal } from '../refuse.ts';
import * as routes from './bundle-routes.ts';
import { callerOf, type Door } from './door.ts';

export const addBundleRoutes = ({ app, team }: Door): void => {
  app.openapi(routes.heads, async (context) => {
    const { id } = context.req.valid('param');
    return context.json({ data: await team.heads(callerOf(context), id) }, 200);
  });
  app.openapi(routes.createBundle, async (context) => {
    const { id: repository } = context.req.valid('param');
    const once = context.req.header('idempotency-key');
    try {
      const asked = { repository, body: counted(context.req.raw.body), once };
      return context.json(await team.createBundle(callerOf(context), asked), 201);
    } catch (error) {
      if (error === overFull) return tooLarge() as never;
      // Nobody hears it: it is no failure of the server's.
      if (context.req.raw.signal.aborted) return refusal(400, 'The body broke off; send it again.') as never;
      throw error;
    }
  });
};

/** A body that says that it is larger is refused unread; one that does not say is cut off where it becomes larger. */
export const withinBundle: MiddlewareHandler = async (context, next) => {
  if (Number(context.req.header('content-length') ?? 0) > maxBundleBytes) return tooLarge();
  return await next();
};

const tooLarge = (): Response =>
  refusal(
    413,
    `A bundle has at most ${maxBundleBytes} bytes. Send only commits that the repository lacks: git fetch from it first; or push a branch and name that.`,
  );

const overFull = new Error('the body is too large');

/** Chunk by chunk, so that no more than one is in the memory. @throws overFull */
async function* counted(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      size += value.length;
      if (size > maxBundleBytes) throw overFull;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
