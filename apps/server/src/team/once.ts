import type { Caller, Once } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import type { Query } from '../database/transaction.ts';

/** A client that tries again does so within a day. */
const keptFor = "interval '24 hours'";

/**
 * Does a request once, in the caller's transaction: what it made is kept with its key, and given again. `kept` takes out what
 * must not be stored. @throws AppError conflict when the key was another request's
 */
export const doOnce = async <T>(
  client: Query,
  input: {
    readonly caller: Caller;
    readonly once: Once;
    readonly make: () => Promise<T>;
    readonly kept?: (value: T) => T;
  },
): Promise<T> => {
  const { caller, once, make, kept = (value) => value } = input;
  if (once === null) return await make();
  const { organisation } = caller;
  // The same key at the same moment waits here, and then finds what the first one made.
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${organisation} ${once.key}`,
  ]);
  await client.query(`delete from tandem.idempotency where created_at < now() - ${keptFor}`);
  const asked = 'select hash, body from tandem.idempotency where org_id = $1 and key = $2';
  const { rows } = await client.query<{ hash: string; body: T }>(asked, [organisation, once.key]);
  if (rows[0] !== undefined) {
    if (rows[0].hash === once.hash) return rows[0].body;
    throw new AppError('conflict', 'This Idempotency-Key was sent with another request; make a new one.');
  }
  const value = await make();
  const insert =
    'insert into tandem.idempotency (org_id, key, hash, status, body) values ($1, $2, $3, 201, $4)';
  await client.query(insert, [organisation, once.key, once.hash, JSON.stringify(kept(value))]);
  return value;
};

/** A name that is taken is the person's to change; anything else stays as it is. */
export const nameTaken = (name: string) => (error: unknown) => {
  if ((error as { readonly code?: string }).code === '23505')
    throw new AppError('conflict', `There is a ${JSON.stringify(name)} already; take another name.`);
  throw error;
};
