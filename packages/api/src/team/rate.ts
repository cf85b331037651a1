/** How often one key may ask. */
export type RateLimit = {
  readonly perMinute: number;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
};

export type Rated = {
  readonly allowed: boolean;
  /** As the IETF draft of the RateLimit fields has them; `retry-after` where the request was not allowed. */
  readonly headers: Readonly<Record<string, string>>;
};

const windowMs = 60_000;
/** Past so many, those whose minute is over are forgotten. */
const mostKept = 10_000;

/** Counts the requests of each key, a minute at a time from its first one; in this process only. */
export const countRequests = ({ perMinute, now }: RateLimit): ((key: string) => Rated) => {
  const windows = new Map<string, { readonly since: number; count: number }>();
  return (key) => {
    const at = now();
    if (windows.size > mostKept)
      for (const [one, { since }] of windows) if (at - since >= windowMs) windows.delete(one);
    const known = windows.get(key);
    const counted = known === undefined || at - known.since >= windowMs ? { since: at, count: 0 } : known;
    counted.count += 1;
    windows.set(key, counted);
    const seconds = String(Math.max(1, Math.ceil((counted.since + windowMs - at) / 1_000)));
    const allowed = counted.count <= perMinute;
    return {
      allowed,
      headers: {
        'ratelimit-policy': `"key";q=${perMinute};w=${windowMs / 1_000}`,
        ratelimit: `"key";r=${Math.max(0, perMinute - counted.count)};t=${seconds}`,
        ...(allowed ? {} : { 'retry-after': seconds }),
      },
    };
  };
};
