import type { Clock } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { cappedText, textChunks } from './body.ts';
import { sseEvents, textLines } from './events.ts';
import { movedFailure, networkFailure, type Peer, statusFailure } from './failure.ts';
import { retryAfterMs, withRetries } from './retry.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

/** Everything a request needs from outside. */
export type Transport = {
  readonly clock: Clock;
  /** In [0, 1): the jitter of retries, the ids of calls whose server gives none. */
  readonly random: () => number;
  readonly fetch?: typeof globalThis.fetch;
  /** Until the server begins to answer: a local one may read a long prompt first. Default 300 s. */
  readonly firstByteMs?: number;
  /** Between two pieces of a stream. Default 120 s. */
  readonly idleMs?: number;
};

export type HttpRequest = {
  readonly peer: Peer;
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Already serialised, so that its bytes are the wire's business. */
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly firstByteMs?: number;
};

const maxErrorBody = 64_000;
const maxJsonBody = 16_000_000;

const open = async (transport: Transport, request: HttpRequest, watchdog: Watchdog): Promise<Response> => {
  const send = transport.fetch ?? globalThis.fetch;
  const response = await send(request.url, {
    method: request.method ?? 'POST',
    headers: {
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.body === undefined ? {} : { body: request.body }),
    // Followed, it would carry the key and the code to a host nobody configured.
    redirect: 'manual',
    signal: AbortSignal.any([request.signal, watchdog.signal]),
  });
  if (response.ok) return response;
  const moved = response.headers.get('location');
  if (response.status < 400 && moved !== null) throw movedFailure(request.peer, moved);
  const body = await cappedText(response, maxErrorBody);
  const wait = retryAfterMs(response.headers, transport.clock.iso());
  throw statusFailure(request.peer, {
    status: response.status,
    body,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
};

/** One try: opens, hands the response on, and turns whatever breaks into one AppError or the signal's reason. */
const once = async <T>(
  transport: Transport,
  request: HttpRequest,
  use: (response: Response, touch: () => void) => Promise<T>,
): Promise<T> => {
  request.signal.throwIfAborted();
  const watchdog = createWatchdog({
    idleMs: request.firstByteMs ?? transport.firstByteMs ?? 300_000,
    url: request.peer.url,
  });
  try {
    const response = await open(transport, request, watchdog);
    watchdog.touch(transport.idleMs ?? 120_000);
    return await use(response, () => watchdog.touch());
  } catch (error) {
    request.signal.throwIfAborted();
    throw networkFailure(request.peer, watchdog.signal.aborted ? watchdog.signal.reason : error);
  } finally {
    watchdog.stop();
  }
};

const retried = <T>(
  transport: Transport,
  request: HttpRequest,
  use: (response: Response, touch: () => void, commit: () => void) => Promise<T>,
): Promise<T> =>
  withRetries({ clock: transport.clock, random: transport.random, signal: request.signal }, (commit) =>
    once(transport, request, (response, touch) => use(response, touch, commit)),
  );

const parseBody = async (request: HttpRequest, response: Response): Promise<unknown> => {
  const text = await cappedText(response, maxJsonBody);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('model_failed', `${request.peer.url} answered with something that is not JSON.`, {
      cause,
    });
  }
};

/** @throws AppError model_unavailable | model_overflow | model_failed; the signal's reason within 200 ms */
export const requestJson = (transport: Transport, request: HttpRequest): Promise<unknown> =>
  retried(transport, request, (response) => parseBody(request, response));

/** One quick question, asked once: null when the answer is an error of any kind but "nobody there". */
export const probeJson = async (transport: Transport, request: HttpRequest): Promise<unknown> => {
  try {
    return await once(transport, request, (response) => parseBody(request, response));
  } catch (error) {
    request.signal.throwIfAborted();
    if (
      error instanceof AppError &&
      error.code === 'model_unavailable' &&
      error.details.status === undefined
    ) {
      throw error;
    }
    return null;
  }
};

/** What a streaming wire reads: the data of each event, and `commit`, to be called at the first shown token. */
export type StreamReader<T> = (pieces: AsyncIterable<string>, commit: () => void) => Promise<T>;

async function* eventData(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  for await (const event of sseEvents(chunks)) yield event.data;
}

const isPlainJson = (response: Response): boolean =>
  /^application\/json\b/i.test(response.headers.get('content-type') ?? '');

async function* wholeBody(response: Response): AsyncGenerator<string, void, undefined> {
  yield await cappedText(response, maxJsonBody);
}

/**
 * Streams server-sent events into `read`. A server that ignores `stream` and answers one JSON object gives one piece.
 * Nothing is retried after `commit`.
 */
export const streamSse = <T>(transport: Transport, request: HttpRequest, read: StreamReader<T>): Promise<T> =>
  retried(transport, request, (response, touch, commit) =>
    read(isPlainJson(response) ? wholeBody(response) : eventData(textChunks(response, touch)), commit),
  );

/** The same for one JSON object a line. */
export const streamLines = <T>(
  transport: Transport,
  request: HttpRequest,
  read: StreamReader<T>,
): Promise<T> =>
  retried(transport, request, (response, touch, commit) =>
    read(textLines(textChunks(response, touch)), commit),
  );
