import { join } from 'node:path';
import type { Clock, EventStore } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { getBlob, putBlob } from './blobs.ts';
import { followLog } from './follow.ts';
import { isHeld } from './lock.ts';
import { SessionLog } from './session-log.ts';
import { Summaries } from './summaries.ts';

export type JsonlStoreOptions = {
  /** One folder a session below it; made at the first write. */
  readonly directory: string;
  readonly clock: Clock;
  /** Named as the holder of locks. */
  readonly pid?: number;
};

/** An event store of plain files: `<session>/events.jsonl`, one event a line, which a person can read. */
export const openJsonlStore = (options: JsonlStoreOptions): EventStore => {
  const { directory, clock } = options;
  const blobs = join(directory, 'blobs');
  const logs = new Map<string, SessionLog>();
  const rings = new Map<string, Set<() => void>>();
  const summaries = new Summaries(directory);
  const logOf = (session: string): SessionLog => {
    const known = logs.get(session);
    if (known !== undefined) return known;
    const folder = join(directory, checkSession(session));
    const log = new SessionLog({ session, folder, pid: options.pid ?? process.pid });
    logs.set(session, log);
    return log;
  };
  const onAppend = (session: string, ring: () => void): (() => void) => {
    const mine = rings.get(session) ?? new Set();
    rings.set(session, mine.add(ring));
    return () => void mine.delete(ring);
  };
  return {
    append: async ({ session, ...batch }) => {
      const events = await logOf(session).append(batch);
      for (const ring of rings.get(session) ?? []) ring();
      return events;
    },
    read: async (session, after = 0) => logOf(session).read(after),
    follow: (session, { after, signal }) => {
      const { folder, file } = logOf(session);
      return followLog({
        session,
        folder,
        file,
        after,
        signal,
        clock,
        onAppend: (ring) => onAppend(session, ring),
      });
    },
    list: () => summaries.list(),
    acquire: async (session) => logOf(session).acquire(),
    held: async (session) => isHeld(logOf(session).folder),
    putBlob: (bytes) => putBlob(blobs, bytes),
    getBlob: (hash) => getBlob(blobs, hash),
  };
};

/** The name becomes a folder's. */
const checkSession = (session: string): string => {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(session) && session !== 'blobs') return session;
  throw new AppError('usage', `${JSON.stringify(session)} is not the id of a session.`);
};
