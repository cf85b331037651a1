import type { Delta } from '@tandem/protocol';
import type { LiveSink } from '../ports.ts';

/** Deltas one follower may fall behind before it misses some: a screen redraws long before that. */
const QUEUE_LIMIT = 1_000;

export type LiveFeed = {
  readonly take: () => Delta | undefined;
  /** Called when there is something to take. One listener. */
  onDelta: () => void;
  readonly close: () => void;
};

/** Hands live fragments to whoever follows; keeps none. */
export class LiveHub {
  readonly #feeds = new Map<string, Set<(delta: Delta) => void>>();

  readonly send: LiveSink = (delta) => {
    for (const push of this.#feeds.get(delta.session) ?? []) push(delta);
  };

  open(session: string): LiveFeed {
    const queue: Delta[] = [];
    const feeds = this.#feeds.get(session) ?? new Set();
    this.#feeds.set(session, feeds);
    const push = (delta: Delta): void => {
      if (queue.length < QUEUE_LIMIT) queue.push(delta);
      feed.onDelta();
    };
    const feed: LiveFeed = {
      take: () => queue.shift(),
      onDelta: () => {},
      close: () => {
        feeds.delete(push);
        if (feeds.size === 0) this.#feeds.delete(session);
      },
    };
    feeds.add(push);
    return feed;
  }
}
