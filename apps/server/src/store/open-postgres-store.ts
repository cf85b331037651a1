import type { Clock, EventStore } from '@tandem/core';
import { AppError } from '@tandem/protocol/error';
import type pg from 'pg';
import { appendEvents } from './append.ts';
import { getBlob, putBlob } from './blobs.ts';
import { Doorbell } from './doorbell.ts';
import { followRows } from './follow.ts';
import { Leases } from './leases.ts';
import { listSessions, readLog, requireSession, sharePages } from './read.ts';
import { type Holder, SignOfLife } from './sign-of-life.ts';

export type PostgresStoreOptions = {
  readonly pool: pg.Pool;
  /** A connection of its own, for notifications. */
  readonly connect: () => Promise<pg.Client>;
  readonly clock: Clock;
  /** This process, as others are to know it. */
  readonly holder: Holder;
  /** Whether a process of this machine lives. */
  readonly isAlive: (pid: number, started: string | null) => boolean;
};

export type PostgresStore = EventStore & {
  /** Sessions whose holder has died and that nobody holds now. */
  readonly abandoned: () => Promise<readonly string[]>;
  /** This process as a holder, of sessions and of whatever else. */
  readonly life: SignOfLife;
  /** Gives all leases back and ends the connections that it opened itself. */
  readonly close: () => Promise<void>;
};

/** What calls do while the database is away. A restart of it takes about two seconds, a recovery longer. */
const patienceMs = 30_000;

export type StoreParts = {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  /** Waits for the database at most this long; `signal` ends it earlier. */
  readonly forMs: number;
  readonly signal: AbortSignal;
};

/** An event store on PostgreSQL, over a database that is migrated. */
export const openPostgresStore = (options: PostgresStoreOptions): PostgresStore => {
  const { pool, clock } = options;
  const closing = new AbortController();
  const parts: StoreParts = { pool, clock, forMs: patienceMs, signal: closing.signal };
  const { holder, isAlive, connect } = options;
  const afterBeat = (): Promise<void> => leases.giveBackReturned();
  const life = new SignOfLife({ ...parts, holder, isAlive, afterBeat });
  const leases = new Leases(parts, life);
  const bell = new Doorbell({ ...parts, connect, channel: 'tandem_event', table: 'tandem.session' });
  const page = sharePages(parts);
  return {
    append: async (batch) => {
      const events = await appendEvents({ ...parts, holder: options.holder.id }, batch);
      const last = events.at(-1);
      if (last !== undefined) bell.ring(batch.session, last.seq);
      return events;
    },
    read: (session, after = 0) => readLog(parts, { session, after }),
    follow: (session, { after, signal }) =>
      followRows({
        bell,
        name: session,
        require: () => requireSession(parts, session),
        page: (cursor) => page({ session, after: cursor }),
        after,
        signal: AbortSignal.any([signal, closing.signal]),
      }),
    list: () => listSessions(parts),
    acquire: (session) => leases.acquire(session),
    held: (session) => leases.held(session),
    abandoned: () => leases.abandoned(),
    life,
    putBlob: (bytes) => putBlob(parts, bytes),
    getBlob: (hash) => getBlob(parts, hash),
    close: async () => {
      closing.abort(new AppError('interrupted', 'The server is stopping.'));
      await life.close();
      await bell.ended();
    },
  };
};
