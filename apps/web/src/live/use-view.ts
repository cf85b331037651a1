import { initialView, reduce, reduceDelta, type View } from '@tandem/protocol';
import type { Followed } from '@tandem/sdk';
import { useEffect, useRef, useState } from 'react';
import { useAgain } from './use-again.ts';
import { problemOf } from './use-polled.ts';

type Follow = (options: { readonly after: number; readonly signal: AbortSignal }) => AsyncIterable<Followed>;

export type Seen = {
  readonly view: View;
  /** The log has been read up to now at least once. */
  readonly isCaughtUp: boolean;
  readonly problem: string | null;
};

const nothing: Seen = { view: initialView, isCaughtUp: false, problem: null };

/**
 * The View of a log that goes on, drawn at most once a frame however fast it comes; a follower that was lost begins again where
 * it was. `follow` must be the same function while it follows the same log; null follows nothing.
 */
export const useView = (follow: Follow | null): Seen => {
  const [state, setState] = useState({ follow, seen: nothing });
  const seen = state.follow === follow ? state.seen : nothing;
  const again = useAgain(seen.problem !== null);
  const known = useRef(seen);
  known.current = seen;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it counts the times that following is to begin anew
  useEffect(() => {
    if (follow === null) return;
    const stop = new AbortController();
    const { view } = known.current;
    // Fragments are not kept anywhere: what they made of the items comes with the events.
    const from = { ...nothing, view: { ...view, live: {} } };
    void fold({ follow, from, signal: stop.signal, show: (shown) => setState({ follow, seen: shown }) });
    return () => stop.abort();
  }, [follow, again]);
  return seen;
};

type Folding = {
  readonly follow: Follow;
  readonly from: Seen;
  readonly signal: AbortSignal;
  readonly show: (seen: Seen) => void;
};

const fold = async ({ follow, from, signal, show }: Folding): Promise<void> => {
  let seen = from;
  let isDue = false;
  const draw = (): void => {
    isDue = false;
    if (!signal.aborted) show(seen);
  };
  const change = (next: Partial<Seen>): void => {
    seen = { ...seen, ...next };
    if (isDue) return;
    isDue = true;
    // A page that nobody looks at gets no frames.
    if (document.hidden) setTimeout(draw, 250);
    else requestAnimationFrame(draw);
  };
  try {
    for await (const followed of follow({ after: from.view.seq, signal })) {
      change(followed.type === 'caught_up' ? { isCaughtUp: true } : { view: foldOne(seen.view, followed) });
    }
  } catch (error) {
    change({ problem: problemOf(error) });
  }
};

const foldOne = (view: View, followed: Followed): View => {
  if ('seq' in followed) return reduce(view, followed);
  return followed.type === 'caught_up' ? view : reduceDelta(view, followed);
};
