import { expect, it } from 'vitest';
import { inTransaction } from '../../src/database/transaction.ts';
import type { TestDatabase } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';

onEachDatabase('a transaction', (opened: () => TestDatabase) => {
  it('whose connection dies between two of its statements fails, and the process lives on', async () => {
    const { pool } = opened().database;
    const cut = inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
      // Nothing is asked of the connection while it breaks.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.query('select 1');
    });
    await expect(cut).rejects.toThrow();
    expect((await inTransaction(pool, (client) => client.query('select 1'))).rowCount).toBe(1);
  });
});
