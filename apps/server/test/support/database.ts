import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError } from '@tandem/protocol';
import { systemClock } from '@tandem/workspace/identity';
import { isAlive } from '@tandem/workspace/processes';
import type pg from 'pg';
import type { Connection } from '../../src/database/connection.ts';
import { databaseAccount } from '../../src/database/embedded/account.ts';
import { openBinaries } from '../../src/database/embedded/binaries.ts';
import { migrate } from '../../src/database/migrate.ts';
import { type Database, openDatabase, openPool } from '../../src/database/open-database.ts';
import { openPostgresStore, type PostgresStore } from '../../src/store/open-postgres-store.ts';

export const never = new AbortController().signal;
export const uid = process.getuid?.();

/** A folder that the database's account may enter, as a server's state folder would be. */
export const temporaryFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-db-')));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
};

/** Null when the embedded database can run on this machine; else why not, for the name of what is skipped. */
export const whyNoEmbedded = async (): Promise<string | null> => {
  const folder = temporaryFolder();
  try {
    const account = await databaseAccount({ uid, env: process.env, signal: never });
    await openBinaries({ env: process.env, account, folder: folder.path, signal: never });
    return null;
  } catch (error) {
    if (isAppError(error) && error.code === 'configuration') return error.message;
    throw error;
  } finally {
    folder.remove();
  }
};

const own = ['TANDEM_POSTGRES_BIN', 'TANDEM_SERVER_USER', 'PATH'] as const;

/** What an embedded database is told of the environment: never a DATABASE_URL of the person who runs the tests. */
export const embeddedEnvironment = (): Record<string, string | undefined> =>
  Object.fromEntries(own.map((name) => [name, process.env[name]]));

export type TestDatabase = {
  readonly database: Database;
  /** Another database beside it, empty and not migrated. */
  readonly another: () => Promise<{ readonly pool: pg.Pool; readonly connect: () => Promise<pg.Client> }>;
  /** Empties every table. */
  readonly empty: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * The folder of the one embedded cluster that the test files of this run share; whoever comes first makes it. Those of runs that
 * have ended are removed.
 */
const sharedState = (): string => {
  const prefix = 'tandem-test-cluster-';
  for (const name of readdirSync(tmpdir()))
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length)), null))
      rmSync(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 5 });
  const path = join(tmpdir(), `${prefix}${process.ppid}`);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o711);
  return join(path, 'server');
};

/** A migrated database that is nobody else's: on the shared embedded cluster, or on the server that `url` names. */
export const openTestDatabase = async (url?: string): Promise<TestDatabase> => {
  const env = url === undefined ? embeddedEnvironment() : { DATABASE_URL: url };
  const state = url === undefined ? sharedState() : join(tmpdir(), 'not-used');
  const cluster = await openDatabase({
    ...{ env, uid, state, signal: never, temporary: tmpdir() },
    say: () => {},
  });
  // What a power cut would do is not what these tests are about.
  if (url === undefined) await cluster.pool.query('alter system set fsync = off');
  if (url === undefined) await cluster.pool.query('select pg_reload_conf()');
  const made: { readonly name: string; readonly end: () => Promise<void> }[] = [];
  const another = async () => {
    const name = `tandem_test_${randomBytes(6).toString('hex')}`;
    await cluster.pool.query(`create database ${name}`);
    const beside = openPool(connectionTo(cluster.connection, name), 'tandem test');
    made.push({ name, end: beside.close });
    return beside;
  };
  const own = await another();
  const client = await own.connect();
  await migrate(client, { say: () => {} });
  await client.end();
  const database: Database = { ...cluster, ...own };
  return {
    database,
    another,
    empty: async () => {
      await database.pool.query(
        'truncate tandem.event, tandem.session, tandem.holder, tandem.blob, tandem.organisation cascade',
      );
    },
    close: async () => {
      for (const { name, end } of made) {
        await end();
        await cluster.pool.query(`drop database ${name} with (force)`);
      }
      await cluster.close();
    },
  };
};

const connectionTo = ({ connectionString, ...rest }: Connection, database: string): Connection => {
  if (connectionString === undefined) return { ...rest, database };
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return { connectionString: url.href };
};

let count = 0;

/** A store as a process of its own would open it. */
export const openStore = (database: Pick<Database, 'pool' | 'connect'>, host = hostname()): PostgresStore => {
  count += 1;
  return openPostgresStore({
    pool: database.pool,
    connect: database.connect,
    clock: systemClock,
    holder: { id: `test-${process.pid}-${count}`, host, pid: process.pid, started: null },
    isAlive,
  });
};
