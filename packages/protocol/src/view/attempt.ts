import type { EventOf } from '../event.ts';
import type { ViewAttempt, ViewTurn } from './view.ts';

type AttemptEvent =
  | EventOf<'worktree.discarded'>
  | EventOf<'attempt.verified'>
  | EventOf<'attempt.failed'>
  | EventOf<'attempt.chosen'>;

/** What happened to one attempt of a turn. An attempt seen here first is opened. */
export const changeAttempt = (turn: ViewTurn, event: AttemptEvent): ViewTurn => {
  const { attempt: id } = event.data;
  switch (event.type) {
    case 'worktree.discarded':
      if (event.data.reason === 'interrupted')
        return { ...turn, attempts: turn.attempts.filter((one) => one.id !== id) };
      return put(turn, id, (one) => (one.status === 'open' ? { ...one, status: 'discarded' } : one));
    case 'attempt.verified': {
      const { source, verify, ms, tokens, note } = event.data;
      return put(turn, id, (one) => ({
        ...one,
        status: one.status === 'chosen' ? 'chosen' : 'verified',
        source,
        verify,
        ms,
        tokens,
        note,
      }));
    }
    case 'attempt.failed': {
      const { ms, error } = event.data;
      return put(turn, id, (one) => ({ ...one, status: 'discarded', ms, note: error.message }));
    }
    case 'attempt.chosen':
      return put(turn, id, (one) => ({ ...one, status: 'chosen' }));
  }
};

export const openAttempt = (turn: ViewTurn, id: string): ViewTurn => put(turn, id, (one) => one);

const put = (turn: ViewTurn, id: string, change: (one: ViewAttempt) => ViewAttempt): ViewTurn => {
  const index = turn.attempts.findIndex((one) => one.id === id);
  const known = turn.attempts[index];
  if (known !== undefined) return { ...turn, attempts: turn.attempts.with(index, change(known)) };
  const fresh: ViewAttempt = {
    id,
    status: 'open',
    source: '',
    verify: null,
    ms: 0,
    tokens: { in: 0, out: 0 },
    note: '',
  };
  return { ...turn, attempts: [...turn.attempts, change(fresh)] };
};
