/** A `session.rewound` that moved the conversation: its own seq, and the one it went back (or forth) to. */
export type Rewind = { readonly at: number; readonly to: number };

/**
 * Whether an event still stands after all the rewinds, oldest first. A rewind takes everything after `to` out of what
 * stood then; one to a later event brings it in again.
 */
export const isStanding = (rewinds: readonly Rewind[], seq: number): boolean => {
  let upTo = Number.POSITIVE_INFINITY;
  for (const { at, to } of rewinds.toReversed()) {
    if (at > upTo) continue;
    if (seq > at) return seq <= upTo;
    upTo = to;
  }
  return seq <= upTo;
};
