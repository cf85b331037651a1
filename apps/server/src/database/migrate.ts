import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import type { Client, ClientBase } from 'pg';
import { databaseError } from './error.ts';

export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** Of the text: one that was applied must never be changed. */
  readonly sha256: string;
};

export type Applied = Pick<Migration, 'number' | 'name' | 'sha256'>;

/** Any two servers that migrate the same database wait for each other on this number. */
const lockKey = 7_263_501_842;
/** The longest that another server's migrations are waited for. */
const lockMs = 300_000;

/** In order, from 1, without a gap. @throws Error when a file is misnamed: a bug of this program */
export const readMigrations = (
  folder: string = join(import.meta.dirname, 'migrations'),
): readonly Migration[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file, index) => {
      const [, digits, name] = /^(\d{4})-([a-z-]+)\.sql$/.exec(file) ?? [];
      if (digits === undefined || name === undefined || Number(digits) !== index + 1)
        throw new Error(`${file}: migrations are named 0001-name.sql and have no gap`);
      const sql = readFileSync(join(folder, file), 'utf8');
      return { number: index + 1, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    });

/** Those the database has. Empty for a fresh one. */
export const appliedMigrations = async (client: Pick<ClientBase, 'query'>): Promise<readonly Applied[]> => {
  const { rows: found } = await client.query("select to_regclass('tandem.migration') is not null as there");
  if (!(found[0] as { readonly there: boolean }).there) return [];
  const { rows } = await client.query<Applied>(
    'select number, name, sha256 from tandem.migration order by number',
  );
  return rows;
};

/** Those still to come. @throws AppError configuration when the database is newer than this program, or another's */
export const pendingMigrations = (
  applied: readonly Applied[],
  known: readonly Migration[],
): readonly Migration[] => {
  const newest = applied.at(-1);
  if (newest !== undefined && newest.number > known.length)
    throw new AppError(
      'configuration',
      `The database is at migration ${newest.number} (${newest.name}), made by a newer Tandem; this one knows ${known.length}. Start the newer one, or restore a backup from before it.`,
    );
  for (const [index, { number, name, sha256 }] of applied.entries()) {
    const mine = known[index];
    if (mine?.number !== number || mine.sha256 !== sha256)
      throw new AppError(
        'configuration',
        `Migration ${number} (${name}) of the database is not the one of this program; the database was made by another build. Start that one.`,
      );
  }
  return known.slice(applied.length);
};

/**
 * Brings the database forward: each migration whole or not at all, one server at a time. Nothing to do is no error.
 * `client` is the caller's own connection, in no transaction. @throws AppError configuration | busy | disk | offline
 */
export const migrate = async (
  client: Client,
  options: { readonly known?: readonly Migration[]; readonly say: (line: string) => void },
): Promise<readonly Applied[]> => {
  const known = options.known ?? readMigrations();
  try {
    await client.query(`set lock_timeout = ${lockMs}`);
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    try {
      await client.query('set lock_timeout = 0');
      const pending = pendingMigrations(await appliedMigrations(client), known);
      for (const migration of pending) {
        await apply(client, migration);
        options.say(`migration ${migration.number} (${migration.name}) applied`);
      }
      return pending;
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lockKey]).catch(() => {});
    }
  } catch (error) {
    if ((error as { readonly code?: string }).code === '55P03')
      throw new AppError('busy', 'Another server is migrating this database; try again when it is done.');
    throw databaseError(error);
  }
};

const journal = `create schema if not exists tandem;
create table if not exists tandem.migration (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
)`;

const apply = async (client: Client, { number, name, sql, sha256 }: Migration): Promise<void> => {
  await client.query('begin');
  try {
    if (number === 1) await client.query(journal);
    await client.query(sql);
    const row = 'insert into tandem.migration (number, name, sha256) values ($1, $2, $3)';
    await client.query(row, [number, name, sha256]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
};
