import type { Followed } from '../engine.ts';
import type { EventStore } from '../ports.ts';
import type { LiveHub } from './live.ts';

type FollowInput = {
  readonly store: EventStore;
  readonly live: LiveHub;
  readonly session: string;
  readonly after: number;
  readonly signal: AbortSignal;
};

/** Events of the store with the live fragments between them. Ends quietly when the signal aborts. */
export async function* follow(input: FollowInput): AsyncGenerator<Followed> {
  const { store, live, session, after, signal } = input;
  const stop = new AbortController();
  const feed = live.open(session);
  const events = store
    .follow(session, { after, signal: AbortSignal.any([signal, stop.signal]) })
    [Symbol.asyncIterator]();
  let ring: () => void = () => {};
  feed.onDelta = () => ring();
  const onAbort = (): void => ring();
  signal.addEventListener('abort', onAbort);
  let pending: Promise<Next> | null = null;
  let settled: Next | null = null;
  let caughtUp = false;
  try {
    while (!signal.aborted) {
      pending ??= outcome(events.next());
      const bell = new Promise<null>((resolve) => {
        ring = () => resolve(null);
      });
      // Fragments wait until the replay is through: before that their items may not be known to the follower.
      for (let delta = feed.take(); caughtUp && delta !== undefined; delta = feed.take()) yield delta;
      if (signal.aborted) return;
      settled = await Promise.race([pending, bell]);
      if (settled === null) continue;
      pending = null;
      if (signal.aborted) return;
      if ('error' in settled) throw settled.error;
      if (settled.result.done === true) return;
      if (settled.result.value.type === 'caught_up') caughtUp = true;
      for (let delta = feed.take(); caughtUp && delta !== undefined; delta = feed.take()) yield delta;
      yield settled.result.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    feed.close();
    stop.abort();
    // Only an idle iterator can be told to return; a waiting one ends by the signal.
    if (pending === null) await events.return?.();
  }
}

type Stored = Exclude<Followed, { readonly type: 'item.delta' | 'command.output' | 'progress' }>;
type Next = { readonly result: IteratorResult<Stored> } | { readonly error: unknown };

const outcome = (next: Promise<IteratorResult<Stored>>): Promise<Next> =>
  next.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
