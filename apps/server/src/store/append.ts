import type { EventStore } from '@tandem/core';
import type { Event, NewEvent } from '@tandem/protocol';
import { AppError } from '@tandem/protocol/error';
import { retrying } from '../database/retry.ts';
import type { StoreParts } from './open-postgres-store.ts';
import { checkSession } from './read.ts';
import { isLive } from './sign-of-life.ts';

type Batch = Parameters<EventStore['append']>[0];
type Parts = StoreParts & { readonly holder: string };

/** A single turn's events are some kilobytes; this only keeps one call from filling the memory of both sides. */
const maxBytes = 64_000_000;

/** A row of the session moves on, and the events go in: one statement, so both or neither. */
const insertion = `written as (
  insert into tandem.event (session_id, seq, id, type, at, body)
  select head.id, fresh.seq, fresh.id, fresh.type, fresh.at, fresh.body::json
  from head, unnest($4::bigint[], $5::text[], $6::text[], $7::timestamptz[], $8::text[])
    as fresh (seq, id, type, at, body)
)
select pg_notify('tandem_event', id || ' ' || last_seq) from head`;

/** Without a fence nobody else may hold it. */
const mayWrite = `(case when $3::bigint is not null then s.fence = $3::bigint
  else s.holder_id is null or s.holder_id = $9 or not ${isLive('s.holder_id')} end)`;

const goOn = `with head as (
  update tandem.session as s
  set last_seq = s.last_seq + cardinality($4::bigint[]), updated_at = $10::timestamptz
  where s.id = $1 and s.last_seq = $2::bigint and ${mayWrite}
  returning s.id, s.last_seq
), ${insertion}`;

const begin = `with head as (
  insert into tandem.session as s (id, last_seq, title, cwd, parent_id, created_at, updated_at)
  select $1, cardinality($4::bigint[]), $11, $12, $13, $14::timestamptz, $10::timestamptz
  where $3::bigint is null or exists (select from tandem.session where id = $1)
  on conflict (id) do update
  set last_seq = excluded.last_seq, title = excluded.title, cwd = excluded.cwd, parent_id = excluded.parent_id,
    created_at = excluded.created_at, updated_at = excluded.updated_at
  where s.last_seq = $2::bigint and ${mayWrite}
  returning s.id, s.last_seq
), ${insertion}`;

/** Durable when it resolves. A connection that is lost on the way is no failure: the log is asked what became of it. */
export const appendEvents = async (parts: Parts, batch: Batch): Promise<readonly Event[]> => {
  const { session, expectedSeq } = batch;
  checkSession(session);
  const events = numbered(batch);
  const bodies = events.map((event) => JSON.stringify(event));
  if (bodies.reduce((total, body) => total + body.length, 0) > maxBytes)
    throw new AppError('limit', `These events of ${session} have more than ${maxBytes} characters together.`);
  if (events.length === 0) return await nothing(parts, batch);
  const values = valuesOf(parts, { batch, events, bodies });
  await retrying(async (attempt) => {
    const statement = expectedSeq === 0 ? begin : goOn;
    const { rowCount } = await parts.pool.query(statement, values.slice(0, expectedSeq === 0 ? 14 : 10));
    if (rowCount === 1) return;
    if (attempt > 0 && (await isWritten(parts, events))) return;
    throw await refusal(parts, batch);
  }, parts);
  return bodies.map((body) => JSON.parse(body) as Event);
};

const numbered = ({ expectedSeq, events }: Batch): readonly Event[] =>
  events.map((event: NewEvent, index) => ({ ...event, seq: expectedSeq + 1 + index }) as Event);

const valuesOf = (
  parts: Parts,
  {
    batch,
    events,
    bodies,
  }: { readonly batch: Batch; readonly events: readonly Event[]; readonly bodies: readonly string[] },
): unknown[] => {
  const [first] = events;
  const created = first?.type === 'session.created' ? first.data : { title: '', cwd: '', parent: undefined };
  return [
    batch.session,
    batch.expectedSeq,
    batch.fence ?? null,
    events.map(({ seq }) => seq),
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    events.map(({ at }) => at),
    bodies,
    parts.holder,
    events.at(-1)?.at,
    sqlText(created.title),
    sqlText(created.cwd),
    created.parent ?? null,
    first?.at,
  ];
};

/** A column of text cannot hold the character 0. Only what lists show loses it; the event keeps it. */
const sqlText = (text: string): string => text.replaceAll('\0', '\ufffd');

/** After a lost connection: were these very events written? */
const isWritten = async ({ pool }: Parts, events: readonly Event[]): Promise<boolean> => {
  const [first] = events;
  if (first === undefined) return false;
  const asked = 'select id from tandem.event where session_id = $1 and seq = $2';
  const { rows } = await pool.query<{ id: string }>(asked, [first.session, first.seq]);
  return rows[0]?.id === first.id;
};

type Head = { readonly last_seq: number; readonly fence: number; readonly holder_id: string | null };

const headOf = async ({ pool }: Parts, session: string): Promise<Head | undefined> => {
  const asked = 'select last_seq, fence, holder_id from tandem.session where id = $1';
  return (await pool.query<Head>(asked, [session])).rows[0];
};

const refusal = async (parts: Parts, { session, expectedSeq, fence }: Batch): Promise<AppError> => {
  const head = await headOf(parts, session);
  const actual = head?.last_seq ?? 0;
  if (fence !== undefined && fence !== head?.fence)
    return new AppError(
      'conflict',
      `The right to write to ${session} was taken over; open the session again.`,
    );
  if (actual === expectedSeq)
    return new AppError('busy', `Another process holds ${session}; end it there first.`);
  return new AppError(
    'conflict',
    `The log of ${session} has moved on to ${actual}, expected ${expectedSeq}; read it again.`,
    { details: { expected: expectedSeq, actual } },
  );
};

const nothing = async (parts: Parts, batch: Batch): Promise<readonly Event[]> => {
  const head = await retrying(() => headOf(parts, batch.session), parts);
  if ((head?.last_seq ?? 0) === batch.expectedSeq) return [];
  throw await refusal(parts, batch);
};
