import type { ClientConfig } from 'pg';

/** How to reach the database, as `pg` takes it. */
export type Connection = Pick<
  ClientConfig,
  'host' | 'port' | 'user' | 'database' | 'connectionString' | 'password' | 'ssl'
>;
