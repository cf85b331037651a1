import { randomUUID } from 'node:crypto';
import { AppError } from '@tandem/protocol/error';
import pg from 'pg';
import type { Connection } from './connection.ts';
import { type EmbeddedOptions, superviseEmbedded } from './embedded/supervisor.ts';
import { databaseError } from './error.ts';

export type DatabaseOptions = Omit<EmbeddedOptions, 'applicationName'>;

/** The PostgreSQL under the server: the embedded one, or the one that `DATABASE_URL` names. */
export type Database = {
  readonly kind: 'embedded' | 'external';
  /** Where it is, for people: never with a password. */
  readonly place: string;
  readonly connection: Connection;
  readonly pool: pg.Pool;
  /** A connection of its own, for LISTEN and for locks that last. The caller ends it. */
  readonly connect: () => Promise<pg.Client>;
  readonly adopted: boolean;
  readonly postmaster: () => number | null;
  readonly close: () => Promise<void>;
};

/** Older ones lack what the migrations use. */
const oldestMajor = 14;
/** The engine's writes are short; more connections only wait for the same disk. */
const poolSize = 10;

/** @throws AppError configuration | disk | busy | offline */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const url = options.env.DATABASE_URL;
  const applicationName = `tandem server ${randomUUID().slice(0, 8)}`;
  if (url !== undefined && url !== '') return await openExternal(url, applicationName);
  const embedded = await superviseEmbedded({ ...options, applicationName });
  const opened = openPool(embedded.connection, applicationName);
  return {
    ...opened,
    kind: 'embedded',
    place: embedded.data,
    adopted: embedded.adopted,
    postmaster: () => embedded.postmaster()?.pid ?? null,
    close: async () => {
      await opened.close();
      await embedded.stop();
    },
  };
};

const openExternal = async (url: string, applicationName: string): Promise<Database> => {
  const place = placeOf(url);
  const opened = openPool({ connectionString: url }, applicationName);
  try {
    const { rows } = await opened.pool.query<{ version: string }>('show server_version_num');
    const major = Math.floor(
      Number((rows[0] as Record<string, unknown> | undefined)?.server_version_num) / 10_000,
    );
    if (major < oldestMajor)
      throw new AppError(
        'configuration',
        `${place} is PostgreSQL ${major}; the server needs ${oldestMajor} or newer.`,
      );
  } catch (error) {
    await opened.close();
    throw databaseError(error);
  }
  return { ...opened, kind: 'external', place, adopted: true, postmaster: () => null };
};

/** @throws AppError configuration when it is no URL of PostgreSQL */
const placeOf = (url: string): string => {
  try {
    const { protocol, host, pathname, searchParams } = new URL(url);
    if (/^postgres(?:ql)?:$/.test(protocol)) return `${searchParams.get('host') ?? host}${pathname}`;
  } catch {
    // The same answer as to a URL of something else; the text itself may hold a password.
  }
  throw new AppError(
    'configuration',
    'DATABASE_URL is no URL of PostgreSQL; write postgres://user:password@host:5432/database.',
  );
};

type Opened = Pick<Database, 'connection' | 'pool' | 'connect'> & { readonly close: () => Promise<void> };

/** A pool, and single connections, as the server uses them. */
export const openPool = (connection: Connection, applicationName: string): Opened => {
  const config: pg.ClientConfig = {
    ...connection,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types: { getTypeParser },
  };
  const pool = new pg.Pool({
    ...config,
    max: poolSize,
    idleTimeoutMillis: 30_000,
    statement_timeout: 60_000,
  });
  // An idle connection that breaks is replaced when one is next needed; unheard, the event would end the process.
  pool.on('error', () => {});
  // So does one that breaks between two statements of a transaction; the next statement on it says so.
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    connection,
    pool,
    connect: async () => {
      const client = new pg.Client(config);
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    close: () => pool.end(),
  };
};

const bigint = 20;

/** Numbers of events and fences stay far below 2^53. */
const getTypeParser: typeof pg.types.getTypeParser = (id: number, format?: 'text' | 'binary') =>
  id === bigint ? Number : pg.types.getTypeParser(id, format as 'text');
