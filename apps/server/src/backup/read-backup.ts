import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError, isAppError } from '@tandem/protocol/error';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { databaseError } from '../database/error.ts';
import { migrate, pendingMigrations, readMigrations } from '../database/migrate.ts';
import {
  createTally,
  damaged,
  decodeFrames,
  type Frame,
  type Manifest,
  savedTables,
  type TableHead,
} from './format.ts';

export type Restored = { readonly at: string; readonly rows: Readonly<Record<string, number>> };

/**
 * A backup into an empty database, all of it or nothing, then forward to this version.
 * @throws AppError conflict when something is there; usage for a file that is no whole backup; configuration; disk
 */
export const readBackup = async (input: {
  readonly client: Client;
  readonly file: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Restored> => {
  const { client, file, say, signal } = input;
  const frames = decodeFrames(gunzipped(file, signal));
  try {
    const manifest = await readManifest(frames);
    await requireEmpty(client);
    const known = readMigrations();
    pendingMigrations(manifest.migrations, known);
    await client.query('drop schema if exists tandem cascade');
    await migrate(client, { known: known.slice(0, manifest.migrations.length), say: () => {} });
    const rows = await fill(client, frames);
    await migrate(client, { known, say });
    return { at: manifest.at, rows };
  } catch (error) {
    throw restoreError(error, file);
  } finally {
    await frames.return(undefined);
  }
};

/** As chunks, its end included: a break in the zip is seen by whoever reads on. */
const gunzipped = (file: string, signal: AbortSignal): AsyncIterable<Uint8Array> => {
  const gunzip = createGunzip();
  const source = createReadStream(file, { signal });
  source.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => source.destroy());
  source.pipe(gunzip);
  return gunzip;
};

const readManifest = async (frames: AsyncGenerator<Frame>): Promise<Manifest> => {
  const first = await frames.next();
  const frame = first.done === true ? null : first.value;
  if (frame?.type !== 'M' || frame.manifest.format !== 'tandem-backup')
    throw damaged('it was not made by tandem server backup');
  if (frame.manifest.version === 1) return frame.manifest;
  throw new AppError(
    'configuration',
    'This backup is in the format of a newer Tandem; restore it with that one.',
  );
};

const requireEmpty = async (client: Client): Promise<void> => {
  for (const table of savedTables) {
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      `tandem.${table}`,
    ]);
    if (rows[0]?.there !== true) continue;
    if ((await client.query(`select from tandem.${table} limit 1`)).rowCount !== 0)
      throw new AppError(
        'conflict',
        'This database is not empty. Restore into a new place: another XDG_STATE_HOME, or a DATABASE_URL of a new database.',
      );
  }
};

/** One transaction: what is damaged anywhere leaves nothing. */
const fill = async (client: Client, frames: AsyncGenerator<Frame>): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  await client.query('begin');
  try {
    // The rows of the audit come back as they were chained, not chained anew: a backup that was changed must show it.
    const { rows } = await client.query<{ there: boolean }>(
      "select to_regclass('tandem.audit') is not null as there",
    );
    if (rows[0]?.there === true) await client.query('alter table tandem.audit disable trigger audit_chain');
    for (let next = await frames.next(); next.done !== true; next = await frames.next()) {
      const frame = next.value;
      if (frame.type === 'Z') continue;
      if (frame.type !== 'T') throw damaged('its parts are in the wrong order');
      counts[frame.head.table] = await fillTable(client, frame.head, frames);
    }
    if (rows[0]?.there === true) await client.query('alter table tandem.audit enable trigger audit_chain');
    await client.query('commit');
    return counts;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
};

const fillTable = async (
  client: Client,
  { table, columns }: TableHead,
  frames: AsyncGenerator<Frame>,
): Promise<number> => {
  const isName = (name: unknown): boolean => typeof name === 'string' && /^[a-z_]+$/.test(name);
  // The names go into a statement; the file may come from anywhere.
  if (!(savedTables as readonly string[]).includes(table) || !columns.every(isName))
    throw damaged('it names a table that it may not');
  const copy = client.query(copyFrom(`copy tandem.${table} (${columns.join(', ')}) from stdin`));
  const done = finished(copy);
  done.catch(() => {});
  const tally = createTally();
  try {
    for (let next = await frames.next(); next.done !== true; next = await frames.next()) {
      const frame = next.value;
      if (frame.type === 'D') {
        tally.add(frame.bytes);
        await write(copy, frame.bytes);
        continue;
      }
      if (frame.type !== 'E' || frame.end.sha256 !== tally.sha256())
        throw damaged(`the rows of ${table} are not those that were saved`);
      copy.end();
      await done;
      if (copy.rowCount !== frame.end.rows) throw damaged(`rows of ${table} are missing`);
      return copy.rowCount;
    }
    throw damaged('it is cut short');
  } catch (error) {
    copy.destroy();
    await done.catch(() => {});
    throw error;
  }
};

const write = (stream: Writable, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

const restoreError = (error: unknown, file: string): unknown => {
  if (isAppError(error)) return error;
  const { code = '' } = error as { readonly code?: string };
  if (code === 'ENOENT') return new AppError('not_found', `There is no file ${file}.`, { cause: error });
  if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return damaged('its compression is broken', error);
  return databaseError(error);
};
