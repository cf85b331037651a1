import { AppError } from '@tandem/protocol';

type Followed = { readonly type: string; readonly seq?: number };

/** A proxy or a sleeping laptop closes a silent stream; a comment now and then keeps it and costs 3 bytes. */
const keepAliveMs = 15_000;

/**
 * Server-sent events of one log: `id` is the event's seq, `event` its type, `data` the event exactly as stored.
 * Deltas and `caught_up` have no id, so that a reconnection by `Last-Event-ID` goes on after the last durable event.
 * Pull driven: a slow reader holds back its own iteration and nothing else. What is followed is looked up before this
 * resolves. @throws AppError not_found
 */
const followStream = async (input: {
  readonly follow: (signal: AbortSignal) => AsyncIterable<Followed>;
  readonly signal: AbortSignal;
}): Promise<ReadableStream<Uint8Array>> => {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, input.signal]);
  const iterator = input.follow(signal)[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<Followed>> | undefined = Promise.resolve(await iterator.next());
  const encoder = new TextEncoder();
  let keepAlive: ReturnType<typeof setInterval> | undefined;
  const end = (): void => {
    clearInterval(keepAlive);
    stop.abort(new AppError('interrupted', 'The follower has gone.'));
    // The abort wakes an iteration that waits; this ends one that rests at a yield.
    void iterator.return?.()?.then(undefined, () => {});
  };
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      keepAlive = setInterval(() => controller.enqueue(encoder.encode(':\n\n')), keepAliveMs);
      (keepAlive as { unref?: () => void }).unref?.();
    },
    pull: async (controller) => {
      const result = await (next ?? iterator.next()).catch((error: unknown) => {
        if (signal.aborted) return { done: true as const, value: undefined };
        end();
        throw error;
      });
      next = undefined;
      if (!result.done) return controller.enqueue(encoder.encode(encode(result.value)));
      end();
      controller.close();
    },
    cancel: end,
  });
};

const encode = (followed: Followed): string => {
  const id = followed.seq !== undefined ? `id: ${followed.seq}\n` : '';
  return `${id}event: ${followed.type}\ndata: ${JSON.stringify(followed)}\n\n`;
};

/** The cursor of a follow request: `Last-Event-ID` wins over `?after=`, as a browser sends both when it reconnects. */
export const cursorOf = (header: string | undefined, query: string | undefined): number =>
  Number(header ?? query ?? '0');

/** A response that streams what is followed. */
export const followResponse = async (input: Parameters<typeof followStream>[0]): Promise<Response> =>
  new Response(await followStream(input), {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  });
