import { join } from 'node:path';
import { listen } from '@tandem/api/listen';
import { readyPage, withPage } from '@tandem/api/page';
import { openToken } from '@tandem/api/token-file';
import { AppError } from '@tandem/protocol/error';
import { systemClock } from '@tandem/workspace/identity';
import { startTime } from '@tandem/workspace/processes';
import { type Composed, compose, type SandboxProfile } from '../compose.ts';
import { appliedMigrations, migrate, pendingMigrations, readMigrations } from '../database/migrate.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { type Readiness, withHealth } from '../door/health.ts';
import { findRunning, removeRunning, writeRunning } from '../door/running.ts';
import { databaseOptions, pathsOf } from '../host.ts';
import type { CommandInput } from '../main.ts';
import { openServerKey } from '../secret/server-key.ts';
import { createVault } from '../secret/vault.ts';
import { takeUp } from '../take-up.ts';
import { newSetupCode } from '../team/setup.ts';
import { reachOf } from '../webhook/address.ts';
import { sayHow } from './setup.ts';

const defaultPort = 4747;

/** `tandem server start`: database, migrations, door; then until a signal. What was begun is ended in reverse. */
export const start = async (input: CommandInput): Promise<number> => {
  const { host, signal } = input;
  const port = portOf(input.parsed.values.get('port'));
  const sandbox = profileOf(input.parsed.values.get('sandbox'));
  const slots = slotsOf(input.parsed.values.get('tasks'));
  const perMinute = perMinuteOf(input.parsed.values.get('rate'));
  const reach = reachOf(input.parsed.values.get('webhooks-to'));
  const { server: state } = pathsOf(host.env);
  const other = await findRunning(state, signal);
  if (other !== null)
    throw new AppError('busy', `A server runs here already (process ${other.pid}, ${other.url}).`);
  const database = await openDatabase(databaseOptions(host, signal));
  try {
    host.say(`database: ${database.place}${database.adopted ? ' (it ran already)' : ''}`);
    await bringForward(database, host.say);
    const token = await openToken(join(state, 'token'));
    const vault = createVault(await openServerKey(host.env.TANDEM_SERVER_KEY, join(state, 'server-key')));
    const composed = await compose({
      host,
      database,
      token,
      sandbox,
      slots,
      perMinute,
      vault,
      reach,
      signal,
    });
    try {
      await serve({ ...input, database, composed, port, state });
    } finally {
      await composed.close();
    }
  } finally {
    await database.close();
  }
  return 0;
};

const bringForward = async (database: Database, say: (line: string) => void): Promise<void> => {
  const client = await database.connect();
  try {
    await migrate(client, { say });
  } finally {
    await client.end();
  }
};

type Serving = CommandInput & {
  readonly database: Database;
  readonly composed: Composed;
  readonly port: number;
  readonly state: string;
};

const serve = async ({ host, signal, database, composed, port, state }: Serving): Promise<void> => {
  const ready = readinessOf(database);
  const page = await readyPage('team');
  if (page.missing !== null) host.say(`no web page: ${page.missing}`);
  const door = withHealth(withPage(composed.fetch, page), { pid: host.pid, ready, say: host.say });
  const listening = await listen(door, { port });
  const ending = new AbortController();
  const recovering = takeUp(composed, { clock: systemClock, signal: ending.signal, say: host.say });
  const working = composed.work(ending.signal);
  try {
    const process = { pid: host.pid, started: startTime('self') };
    await writeRunning(state, { ...process, url: listening.url, startedAt: systemClock.iso() });
    const code = await newSetupCode(database.pool);
    if (code !== null) sayHow(host, { code, url: listening.url });
    if (code !== null && page.missing === null)
      host.say(`or in a browser on this machine: ${listening.url}/#setup=${code}`);
    host.out(`${listening.url}\n`);
    host.say(`ready; the token is in ${join(state, 'token')}`);
    await Promise.race([untilAborted(signal), working]);
    host.say('stopping');
  } finally {
    ending.abort();
    await removeRunning(state);
    await listening.close();
    await Promise.all([recovering, working]);
  }
};

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const readinessOf = (database: Database): Readiness => {
  const known = readMigrations();
  return async (signal) => {
    const late = new Promise<string>((resolve) => {
      signal.addEventListener('abort', () => resolve('the database does not answer in time'), { once: true });
    });
    const asked = appliedMigrations(database.pool)
      .then((applied) => (pendingMigrations(applied, known).length === 0 ? null : 'migrations are missing'))
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    return await Promise.race([asked, late]);
  };
};

const portOf = (text: string | undefined): number => {
  if (text === undefined) return defaultPort;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new AppError('usage', `--port is a number up to 65535, not "${text}"`);
};

const slotsOf = (text = '2'): number => {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new AppError('usage', `--tasks is a number up to 999, not "${text}"`);
};

/** Twenty a second, for a minute: a person and their programs stay far below. */
const perMinuteOf = (text = '1200'): number => {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new AppError('usage', `--rate is a number up to 9999999, not "${text}"`);
};

const profiles: readonly SandboxProfile[] = ['workspace-write', 'read-only', 'full'];

const profileOf = (text = 'workspace-write'): SandboxProfile => {
  const profile = profiles.find((one) => one === text);
  if (profile !== undefined) return profile;
  throw new AppError('usage', `--sandbox is one of ${profiles.join(', ')}, not "${text}"`);
};
