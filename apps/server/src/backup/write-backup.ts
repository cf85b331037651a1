import { createWriteStream } from 'node:fs';
import { link, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AppError } from '@tandem/protocol/error';
import { diskError } from '@tandem/workspace/write';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { appliedMigrations } from '../database/migrate.ts';
import { createTally, encodeFrame, leftColumns, leftTables, savedTables, type TableEnd } from './format.ts';

export type BackedUp = { readonly rows: Readonly<Record<string, number>>; readonly bytes: number };

/**
 * Everything in the database at one moment, into a new file; a server may go on writing. The file is there whole or not
 * at all. @throws AppError disk | conflict
 */
export const writeBackup = async (input: {
  readonly client: Client;
  readonly file: string;
  readonly at: string;
  readonly signal: AbortSignal;
}): Promise<BackedUp> => {
  const { client, file, at, signal } = input;
  const making = `${file}.${process.pid}.part`;
  const rows: Record<string, number> = {};
  if ((await stat(file).catch(() => null)) !== null) throw isThere(file);
  try {
    await client.query('begin isolation level repeatable read read only');
    const frames = Readable.from(
      framesOf(client, {
        at,
        count: (table, end) => {
          rows[table] = end.rows;
        },
      }),
    );
    const output = createWriteStream(making, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(frames, createGzip({ level: 1 }), output, { signal });
    await client.query('commit');
    // A link, unlike a rename, never goes over a file that came meanwhile.
    await link(making, file);
    await rm(making);
    return { rows, bytes: (await stat(file)).size };
  } catch (error) {
    await rm(making, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw isThere(file);
    throw diskError(error, file);
  }
};

const isThere = (file: string): AppError =>
  new AppError('conflict', `${file} is there already; name another file.`);

type Counting = { readonly at: string; readonly count: (table: string, end: TableEnd) => void };

async function* framesOf(client: Client, { at, count }: Counting): AsyncGenerator<Buffer> {
  const migrations = await appliedMigrations(client);
  if (migrations.length === 0)
    throw new AppError('configuration', 'This database is empty; there is nothing to back up.');
  await requireKnownTables(client);
  yield encodeFrame({ type: 'M', manifest: { format: 'tandem-backup', version: 1, at, migrations } });
  for (const table of savedTables) {
    const columns = await columnsOf(client, table);
    if (columns.length === 0) continue;
    yield encodeFrame({ type: 'T', head: { table, columns } });
    const tally = createTally();
    const copy = client.query(copyTo(`copy tandem.${table} (${columns.join(', ')}) to stdout`));
    for await (const bytes of copy as AsyncIterable<Buffer>) {
      tally.add(bytes);
      yield encodeFrame({ type: 'D', bytes });
    }
    const end = { rows: copy.rowCount, sha256: tally.sha256() };
    count(table, end);
    yield encodeFrame({ type: 'E', end });
  }
  yield encodeFrame({ type: 'Z' });
}

/** A table that a migration brought and nobody thought of here must not be missed in silence. */
const requireKnownTables = async (client: Client): Promise<void> => {
  const asked = "select tablename::text as name from pg_tables where schemaname = 'tandem'";
  const { rows } = await client.query<{ name: string }>(asked);
  const known = new Set<string>([...savedTables, ...leftTables]);
  const unknown = rows.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (unknown.length > 0) throw new Error(`no backup knows the tables ${unknown.join(', ')}`);
};

const columnsOf = async (client: Client, table: string): Promise<readonly string[]> => {
  const asked = `select column_name::text as name from information_schema.columns
    where table_schema = 'tandem' and table_name = $1 order by ordinal_position`;
  const { rows } = await client.query<{ name: string }>(asked, [table]);
  return rows.map(({ name }) => name).filter((name) => !leftColumns.includes(`${table}.${name}`));
};
