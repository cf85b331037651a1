import { stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAppError } from '@tandem/protocol/error';
import { reportSandbox } from '@tandem/workspace';
import type { Client } from 'pg';
import { appliedMigrations, pendingMigrations, readMigrations } from '../database/migrate.ts';
import type { Database } from '../database/open-database.ts';
import { findRunning } from '../door/running.ts';
import { pathsOf } from '../host.ts';
import type { CommandInput } from '../main.ts';
import { withDatabase } from './with-database.ts';

/** `bad` makes the server unusable; `poor` only takes something away. */
type Finding = { readonly mark: 'ok' | 'poor' | 'bad'; readonly line: string };

/** `tandem server doctor`: the database is really brought up and asked. */
export const doctor = async (input: CommandInput): Promise<number> => {
  const findings = [
    ...(await aboutDatabase(input)),
    await aboutSecret(input, 'token'),
    await aboutSecret(input, 'server-key'),
    await aboutDoor(input),
    await aboutSandbox(input.signal),
  ];
  for (const { mark, line } of findings) input.host.out(`${mark.padEnd(4)}  ${line}\n`);
  return findings.some(({ mark }) => mark === 'bad') ? 1 : 0;
};

const aboutDatabase = async (input: CommandInput): Promise<readonly Finding[]> => {
  try {
    return await withDatabase(input, async ({ database, client }) => [
      await aboutVersion(database, client),
      ...(database.kind === 'embedded' ? [await aboutRoom(database.place)] : []),
      await aboutDurability(client),
      await aboutMigrations(client),
    ]);
  } catch (error) {
    if (isAppError(error) && error.code !== 'interrupted') return [{ mark: 'bad', line: error.message }];
    throw error;
  }
};

const aboutVersion = async ({ kind, place }: Database, client: Client): Promise<Finding> => {
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  return { mark: 'ok', line: `database ${kind}, PostgreSQL ${rows[0]?.server_version}, ${place}` };
};

/** The write-ahead log alone may grow to half a gigabyte. */
const enoughBytes = 1_000_000_000;

const aboutRoom = async (place: string): Promise<Finding> => {
  const { bavail, bsize } = await statfs(dirname(place));
  const free = bavail * bsize;
  const line = `${(free / 1e9).toFixed(1)} GB free for the database`;
  return { mark: free < enoughBytes / 4 ? 'bad' : free < enoughBytes ? 'poor' : 'ok', line };
};

/** What the log promises: an event that was acknowledged survives a kill and a power cut. */
const durable = ['fsync', 'full_page_writes', 'synchronous_commit'];

const aboutDurability = async (client: Client): Promise<Finding> => {
  const asked = "select name, setting from pg_settings where name = any($1) and setting = 'off'";
  const { rows } = await client.query<{ name: string }>(asked, [durable]);
  if (rows.length === 0) return { mark: 'ok', line: 'what is acknowledged survives a power cut' };
  const names = rows.map(({ name }) => name).join(', ');
  return { mark: 'bad', line: `${names} is off: acknowledged events may be lost; set it on` };
};

const aboutMigrations = async (client: Client): Promise<Finding> => {
  const pending = pendingMigrations(await appliedMigrations(client), readMigrations());
  if (pending.length === 0) return { mark: 'ok', line: `migrations: all ${readMigrations().length} applied` };
  return {
    mark: 'poor',
    line: `migrations: ${pending.length} to come, at the next start or by tandem server migrate`,
  };
};

/** A file that opens the door, or the secrets in the database. */
const aboutSecret = async ({ host }: CommandInput, name: 'token' | 'server-key'): Promise<Finding> => {
  const file = join(pathsOf(host.env).server, name);
  const facts = await stat(file).catch(() => null);
  if (facts === null) return { mark: 'ok', line: `${name}: made at the first start` };
  const isOpen = (facts.mode & 0o077) !== 0;
  return isOpen
    ? { mark: 'bad', line: `${name}: ${file} may be read by others; chmod 600 it` }
    : { mark: 'ok', line: `${name}: ${file}` };
};

const aboutDoor = async ({ host, signal }: CommandInput): Promise<Finding> => {
  const running = await findRunning(pathsOf(host.env).server, signal);
  if (running === null) return { mark: 'ok', line: 'door: no server runs here now' };
  return {
    mark: running.ready ? 'ok' : 'bad',
    line: `door: ${running.url} ${running.ready ? 'ready' : 'not ready'}`,
  };
};

const aboutSandbox = async (signal: AbortSignal): Promise<Finding> => {
  const { levels } = await reportSandbox(signal);
  const holding = levels.find((level) => level.holds.includes('workspace-write'));
  return holding === undefined
    ? { mark: 'poor', line: 'sandbox: workspace-write does not hold here; start needs --sandbox full' }
    : { mark: 'ok', line: `sandbox: ${holding.name} holds workspace-write` };
};
