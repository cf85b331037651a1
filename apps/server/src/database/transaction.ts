import type pg from 'pg';

export type Query = Pick<pg.ClientBase, 'query'>;

/** One transaction on a connection of the pool. What `work` rejects with rolls it back. */
export const inTransaction = async <T>(pool: pg.Pool, work: (client: Query) => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const value = await work(client);
    await client.query('commit');
    client.release();
    return value;
  } catch (error) {
    // A connection in an unknown state is not given to the next caller.
    await client.query('rollback').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
};

/**
 * A transaction in the name of one organisation: by the policies of the database it sees and writes that one's rows and no
 * others, whatever its queries say.
 */
export const asOrganisation = <T>(
  pool: pg.Pool,
  organisation: string,
  work: (client: Query) => Promise<T>,
): Promise<T> =>
  inTransaction(pool, async (client) => {
    await client.query("select set_config('tandem.organisation', $1, true)", [organisation]);
    await client.query('set local role tandem_member');
    return await work(client);
  });
