import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '@tandem/protocol/error';
import pg from 'pg';
import type { Connection } from '../connection.ts';
import { isSqlState } from '../error.ts';
import { type Account, databaseAccount } from './account.ts';
import { type Binaries, openBinaries } from './binaries.ts';
import { databaseName, openDataFolder, role } from './data-folder.ts';
import { openPlaces, ownerOf, type Places } from './places.ts';
import { findPostmaster, lives, type Postmaster, removeStalePidFile, stopPostmaster } from './postmaster.ts';
import { type Reason, reasonOf, type Spawned, spawnPostgres } from './spawn.ts';

export type EmbeddedOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `tandem server <id>`, as this server's connections say: the last server to go can tell that it is the last. */
  readonly applicationName: string;
  /** The number of the user this process runs as. */
  readonly uid: number | undefined;
  /** The server's own folder. */
  readonly state: string;
  readonly machineFolder?: string;
  readonly temporary: string;
  readonly signal: AbortSignal;
  /** One line for a person, when something happens to the database by itself. */
  readonly say: (line: string) => void;
};

export type Embedded = {
  readonly connection: Connection;
  readonly data: string;
  readonly version: string;
  /** It ran already: another server uses it, or the last one was killed. */
  readonly adopted: boolean;
  readonly postmaster: () => Postmaster | null;
  /** Ends the supervision, and PostgreSQL with it unless another server is still connected. */
  readonly stop: () => Promise<void>;
};

/**
 * Brings PostgreSQL up and keeps it up: adopts one that runs, starts it again whenever it has gone.
 * @throws AppError configuration | disk | busy, saying what to do
 */
export const superviseEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const wanted = await databaseAccount(options);
  const prepared = await openPlaces({ machineFolder: '/var/lib/tandem', ...options, account: wanted });
  const owner = await ownerOf(prepared.data);
  const account =
    wanted !== null && owner !== null && owner.uid !== 0
      ? { ...wanted, uid: owner.uid, gid: owner.gid }
      : wanted;
  const binaries = await openBinaries({ ...options, account, folder: prepared.beside });
  await openDataFolder({ data: prepared.data, binaries, account, signal: options.signal });
  const supervisor = new Supervisor({ ...options, places: prepared, account, binaries });
  const adopted = await supervisor.bringUp(options.signal);
  supervisor.watch();
  return {
    connection: supervisor.connection,
    data: prepared.data,
    version: binaries.version,
    adopted,
    postmaster: () => supervisor.postmaster,
    stop: () => supervisor.stop(),
  };
};

type Parts = EmbeddedOptions & {
  readonly places: Places;
  readonly account: Account | null;
  readonly binaries: Binaries;
};

/** Recovery after a crash reads the write-ahead log, at most `max_wal_size` of it. */
const upMs = 120_000;
const stepMs = 25;
/** One start may fail because processes of the killed one still hold its memory: seen for about two seconds. */
const maxTries = 400;
const watchMs = 250;
const maxPauseMs = 30_000;

class Supervisor {
  readonly connection: Connection;
  readonly #parts: Parts;
  readonly #startLog: string;
  readonly #stopping = new AbortController();
  #postmaster: Postmaster | null = null;
  /** Always one connection, so that another server that stops sees that it is not the last. */
  #presence: pg.Client | null = null;
  #spawnedAt = 0;
  #watching: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#startLog = join(parts.state, 'postgres-start.log');
    this.connection = { host: parts.places.socket, port: 5432, user: role, database: databaseName };
  }

  get postmaster(): Postmaster | null {
    return this.#postmaster;
  }

  /** True when it ran already. */
  async bringUp(signal: AbortSignal): Promise<boolean> {
    const { places } = this.#parts;
    let spawned: Spawned | null = null;
    let tries = 0;
    const deadline = performance.now() + upMs;
    while (performance.now() < deadline && tries < maxTries) {
      signal.throwIfAborted();
      const state = await this.#ask();
      if (state === 'up') {
        this.#postmaster = await findPostmaster(places.data);
        return spawned === null;
      }
      if (state === 'down' && (spawned?.ended() ?? (await findPostmaster(places.data)) === null)) {
        if (spawned !== null) this.#refuseHopeless();
        await removeStalePidFile(places.data);
        this.#spawnedAt = Date.now();
        spawned = spawnPostgres({ ...this.#parts, startLog: this.#startLog });
        tries += 1;
      }
      await wait(stepMs, undefined, { signal });
    }
    const running = await findPostmaster(places.data);
    const { line } = this.#reason();
    throw new AppError(
      'busy',
      running === null
        ? `The database does not start: ${line}. Its log is in ${places.data}/log.`
        : `PostgreSQL runs (process ${running.pid}) but does not answer on its socket in ${places.socket}. End it with tandem server stop, and start again.`,
    );
  }

  watch(): void {
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new AppError('interrupted', 'The server is stopping.'));
    await this.#watching;
    const others = await this.#othersAreConnected();
    await this.#presence?.end().catch(() => {});
    const postmaster = await findPostmaster(this.#parts.places.data);
    if (postmaster === null || others) return;
    if (!(await stopPostmaster(postmaster, (ms) => wait(ms))))
      throw new AppError('busy', `PostgreSQL (process ${postmaster.pid}) does not end; kill it by hand.`);
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    let pause = watchMs;
    try {
      while (!signal.aborted) {
        await wait(pause, undefined, { signal, ref: false });
        if (this.#postmaster !== null && lives(this.#postmaster)) {
          pause = watchMs;
          await this.#ask().catch(() => {});
          continue;
        }
        this.#presence = null;
        this.#parts.say('the database has gone; starting it again');
        try {
          await this.bringUp(signal);
          this.#parts.say('the database is up again');
        } catch (error) {
          signal.throwIfAborted();
          // A full disk may have room again in a while: it is tried for ever, ever more slowly.
          pause = Math.min(maxPauseMs, Math.max(1_000, pause * 2));
          this.#parts.say(error instanceof Error ? error.message : String(error));
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #ask(): Promise<'up' | 'starting' | 'down'> {
    if (this.#presence !== null) return 'up';
    const config = { ...this.connection, application_name: this.#parts.applicationName };
    const client = new pg.Client({ ...config, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    client.on('end', () => {
      if (this.#presence === client) this.#presence = null;
    });
    try {
      await client.connect();
      this.#presence = client;
      return 'up';
    } catch (error) {
      await client.end().catch(() => {});
      const { code, message } = error as { readonly code?: string; readonly message: string };
      if (code === undefined || !isSqlState(code)) return 'down';
      // Class 57: it is starting or ending. 53: it has no connection to spare, so it is up.
      if (code.startsWith('57')) return 'starting';
      if (code.startsWith('53')) return 'up';
      throw new AppError('configuration', `The database refuses this user: ${message}.`, { cause: error });
    }
  }

  #reason(): Reason {
    return reasonOf({ startLog: this.#startLog, data: this.#parts.places.data, since: this.#spawnedAt });
  }

  #refuseHopeless(): void {
    const { line, mayPass, isDisk } = this.#reason();
    if (mayPass) return;
    if (isDisk) throw new AppError('disk', `The database does not start: ${line}. Make room and try again.`);
    throw new AppError(
      'configuration',
      `The database does not start: ${line}. Its log is in ${this.#parts.places.data}/log.`,
    );
  }

  async #othersAreConnected(): Promise<boolean> {
    try {
      if ((await this.#ask()) !== 'up') return false;
      // Not even one connection was to spare: somebody has them.
      if (this.#presence === null) return true;
      const asked = `select from pg_stat_activity
        where application_name like 'tandem server %' and application_name <> $1 limit 1`;
      return (await this.#presence.query(asked, [this.#parts.applicationName])).rowCount === 1;
    } catch {
      return false;
    }
  }
}
