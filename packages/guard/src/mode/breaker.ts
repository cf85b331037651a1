import type { Permission } from '../decision.ts';

/** Denials since a person last spoke or an action was allowed, and since the session began. */
export type Breaker = { readonly inRow: number; readonly inSession: number };

export const closedBreaker: Breaker = { inRow: 0, inSession: 0 };

/** Fewer would stop a turn for one wrong turn; more lets an agent try its way round a denial. */
const mostInRow = 3;
const mostInSession = 20;

/** Counts one decision; an allowed action ends the row, a question leaves it as it is. */
export const afterDecision = (breaker: Breaker, decision: Permission): Breaker => {
  switch (decision) {
    case 'allow':
      return { ...breaker, inRow: 0 };
    case 'ask':
      return breaker;
    case 'deny':
      return { inRow: breaker.inRow + 1, inSession: breaker.inSession + 1 };
  }
};

/** The shape of a session's events that this looks at; all others are passed over. */
export type BreakerEvent = { readonly type: string; readonly data: unknown };

/** The state that a session's events, oldest first, leave behind. A person's next input ends the row. */
export const breakerOf = (events: Iterable<BreakerEvent>): Breaker => {
  let breaker = closedBreaker;
  for (const { type, data } of events) {
    if (type === 'turn.admitted') breaker = { ...breaker, inRow: 0 };
    if (type === 'permission.evaluated') breaker = afterDecision(breaker, decisionIn(data));
  }
  return breaker;
};

/** What cannot be read counts as a denial: that only hands over earlier. */
const decisionIn = (data: unknown): Permission => {
  const { decision } = (data ?? {}) as { readonly decision?: unknown };
  return decision === 'allow' || decision === 'ask' ? decision : 'deny';
};

/** Why the turn now hands the floor to a person, or stops where there is none; null while it may go on. */
export const handOver = ({ inRow, inSession }: Breaker): string | null => {
  if (inRow >= mostInRow) return `${inRow} actions in a row were denied; say how to go on`;
  if (inRow > 0 && inSession >= mostInSession)
    return `${inSession} actions were denied in this session; say how to go on`;
  return null;
};
