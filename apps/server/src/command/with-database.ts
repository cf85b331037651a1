import type { Client } from 'pg';
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
