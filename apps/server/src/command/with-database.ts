import { AppError } from '@tandem/protocol/error';
import type { Client } from 'pg';
import { appliedMigrations, pendingMigrations, readMigrations } from '../database/migrate.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { databaseOptions } from '../host.ts';
import type { CommandInput } from '../main.ts';

/** Opens the server's database, or shares it with the server that runs, and one connection to it; closes both. */
export const withDatabase = async <T>(
  { host, signal }: CommandInput,
  work: (opened: { readonly database: Database; readonly client: Client }) => Promise<T>,
): Promise<T> => {
  const database = await openDatabase(databaseOptions(host, signal));
  try {
    const client = await database.connect();
    try {
      return await work({ database, client });
    } finally {
      await client.end().catch(() => {});
    }
  } finally {
    await database.close();
  }
};

/** As withDatabase, of this version. @throws AppError configuration when it is to be migrated first */
export const withMigrated = <T>(
  input: CommandInput,
  work: (opened: { readonly database: Database; readonly client: Client }) => Promise<T>,
): Promise<T> =>
  withDatabase(input, async (opened) => {
    if (pendingMigrations(await appliedMigrations(opened.client), readMigrations()).length > 0)
      throw new AppError(
        'configuration',
        'The database is of an older version; tandem server migrate first.',
      );
    return await work(opened);
  });
