import { AppError, type Delta, type Envelope, type Event, isAppError } from '@tandem/protocol';
import { createParser } from 'eventsource-parser';
import { type ClientOptions, send } from './transport.ts';

/** A durable event, a live fragment, or the mark that replay has reached the present. */
export type Followed = Event | Envelope | Delta | { readonly type: 'caught_up' };

export type FollowOptions = {
  /** The last seq already known; 0 for everything. */
  readonly after: number;
  readonly signal: AbortSignal;
};

/** Ten failures without one event between them, over about half a minute: a door that is shut, not one restarting. */
const maxFailures = 10;
const firstDelayMs = 50;
const maxDelayMs = 5_000;

/** Characters of one event still incomplete; the largest honest one holds a diff of a few megabytes. */
const maxBufferSize = 32_000_000;

type CaughtUp = { readonly type: 'caught_up' };

/** `Numbered` is what the log holds; what is only live has no number. */
export async function* follow<Numbered extends object = Followed>(
  options: ClientOptions,
  path: string,
  { after, signal }: FollowOptions,
): AsyncGenerator<Numbered | CaughtUp, void, undefined> {
  let cursor = after;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const followed of followOnce(options, { path, after: cursor, signal })) {
        failures = 0;
        const { seq } = followed as { readonly seq?: number };
        // The door may replay what a dying connection had already delivered.
        if (seq !== undefined && seq <= cursor) continue;
        if (seq !== undefined) cursor = seq;
        yield followed as Numbered | CaughtUp;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isAppError(error)) throw error;
    }
    failures += 1;
    if (failures > maxFailures) {
      throw new AppError(
        'offline',
        `${options.baseUrl ?? 'The door'} does not answer any more; see whether it still runs, then follow again.`,
      );
    }
    await delay(Math.min(maxDelayMs, firstDelayMs * 2 ** (failures - 1)), signal);
  }
}

async function* followOnce(
  options: ClientOptions,
  call: { readonly path: string; readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<object, void, undefined> {
  const headers = { accept: 'text/event-stream', 'last-event-id': String(call.after) };
  const response = await send(options, { method: 'GET', path: call.path, headers, signal: call.signal });
  if (response.body === null) return;
  const queue: object[] = [];
  const parser = createParser({
    maxBufferSize,
    onEvent: ({ data }) => queue.push(JSON.parse(data) as object),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw error;
    },
  });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const stop = (): void => void reader.cancel().catch(() => {});
  call.signal.addEventListener('abort', stop, { once: true });
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      yield* queue.splice(0);
    }
  } finally {
    call.signal.removeEventListener('abort', stop);
    stop();
  }
}

const delay = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
