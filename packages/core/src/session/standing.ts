import { isKnown, isStanding, type Rewind } from '@tandem/protocol';
import type { Logged } from './log.ts';

/** The events that the conversation is made of: without what a person went back over. */
export const standing = (events: readonly Logged[]): readonly Logged[] => {
  const rewinds = events.flatMap((event): readonly Rewind[] =>
    isKnown(event) && event.type === 'session.rewound' && event.data.seq !== null
      ? [{ at: event.seq, to: event.data.seq }]
      : [],
  );
  return rewinds.length === 0 ? events : events.filter(({ seq }) => isStanding(rewinds, seq));
};
