import type { SessionSummary } from '@tandem/core';
import type { Envelope, Event } from '@tandem/protocol';
import { AppError } from '@tandem/protocol/error';
import { retrying } from '../database/retry.ts';
import type { StoreParts } from './open-postgres-store.ts';

export type Logged = Event | Envelope;

/** Events in one answer of the database: some megabytes at most. */
export const pageSize = 1_000;

type Place = { readonly session: string; readonly after: number };

/** At most a page of events after `after`, in order. */
export const readPage = (parts: StoreParts, { session, after }: Place): Promise<readonly Logged[]> =>
  retrying(async () => {
    const asked = 'select body from tandem.event where session_id = $1 and seq > $2 order by seq limit $3';
    const { rows } = await parts.pool.query<{ body: Logged }>(asked, [session, after, pageSize]);
    return rows.map(({ body }) => body);
  }, parts);

/** Followers of one session are rung together and ask for the same page: they share one answer. */
export const sharePages = (parts: StoreParts): ((place: Place) => Promise<readonly Logged[]>) => {
  const asking = new Map<string, Promise<readonly Logged[]>>();
  return (place) => {
    const key = `${place.session} ${place.after}`;
    const known = asking.get(key);
    if (known !== undefined) return known;
    const page = readPage(parts, place).finally(() => asking.delete(key));
    asking.set(key, page);
    return page;
  };
};

/** @throws AppError not_found */
export const readLog = async (parts: StoreParts, { session, after }: Place): Promise<readonly Logged[]> => {
  const events: Logged[] = [];
  for (let cursor = after; ; ) {
    const page = await readPage(parts, { session, after: cursor });
    events.push(...page);
    cursor = page.at(-1)?.seq ?? cursor;
    if (page.length < pageSize) break;
  }
  if (events.length === 0) await requireSession(parts, session);
  return events;
};

/** @throws AppError not_found for a session without an event */
export const requireSession = async (parts: StoreParts, session: string): Promise<void> => {
  const asked = 'select from tandem.session where id = $1 and last_seq > 0';
  const { rowCount } = await retrying(() => parts.pool.query(asked, [session]), parts);
  if (rowCount === 0)
    throw new AppError('not_found', `There is no session ${session}; list them to see which there are.`);
};

/** @throws AppError usage */
export const checkSession = (session: string): void => {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(session))
    throw new AppError('usage', `${JSON.stringify(session)} is not the id of a session.`);
};

/** The newest; a person who looks for an older one knows its id. */
const mostListed = 10_000;

type Row = {
  readonly id: string;
  readonly title: string;
  readonly cwd: string;
  readonly parent_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly last_seq: number;
};

export const listSessions = async (parts: StoreParts): Promise<readonly SessionSummary[]> => {
  const asked = `select id, title, cwd, parent_id, created_at, updated_at, last_seq from tandem.session
    where last_seq > 0 order by updated_at desc, id desc limit ${mostListed}`;
  const { rows } = await retrying(() => parts.pool.query<Row>(asked), parts);
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    cwd: row.cwd,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    events: row.last_seq,
    ...(row.parent_id === null ? {} : { parent: row.parent_id }),
  }));
};
