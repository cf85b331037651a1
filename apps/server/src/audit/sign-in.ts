import type pg from 'pg';
import { recordAct, serverChain } from './record.ts';

/** Whose key it was once; the server's own where nobody ever had it. */
type Failure = { readonly organisation: string; readonly subject: string };

export type SignInFailures = {
  /** One more; what was shown is not kept. */
  readonly count: (failure: Failure) => void;
  /** Writes what was counted. */
  readonly close: () => Promise<void>;
};

/** A flood of wrong keys is one row a minute. */
const gatherMs = 60_000;
const mostKinds = 200;

export const unknownKey: Failure = { organisation: serverChain, subject: 'unknown key' };

/** Counts requests with a wrong key, and writes how many there were; a kill loses the counts of the last minute. */
export const countSignInFailures = (pool: pg.Pool, waitMs: number = gatherMs): SignInFailures => {
  let counts = new Map<string, Failure & { count: number }>();
  let timer: NodeJS.Timeout | null = null;
  const write = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const gathered = [...counts.values()];
    counts = new Map();
    for (const { organisation, subject, count } of gathered)
      await recordAct(
        pool,
        { organisation, actor: 'nobody' },
        { action: 'sign_in.failed', subject, data: { count } },
      ).catch(() => {});
  };
  return {
    count: (failure) => {
      const given = counts.size < mostKinds ? failure : unknownKey;
      const kind = `${given.organisation} ${given.subject}`;
      const known = counts.get(kind) ?? { ...given, count: 0 };
      known.count += 1;
      counts.set(kind, known);
      timer ??= setTimeout(() => void write(), waitMs).unref();
    },
    close: write,
  };
};
