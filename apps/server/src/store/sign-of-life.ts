import type { ClientBase } from 'pg';
import type { StoreParts } from './open-postgres-store.ts';

/** One process that holds sessions and runs. */
export type Holder = {
  /** Of this start of the process: never used again. */
  readonly id: string;
  /** Where `pid` means something: two holders of one host can look whether the other lives. */
  readonly host: string;
  readonly pid: number;
  readonly started: string | null;
};

/** A holder says this often that it lives; one that was not heard for `silenceMs` is dead to the others. */
const beatMs = 2_000;
const silenceMs = 10_000;

/** SQL: does the holder that a column names live, as far as the database knows? By the database's clock alone. */
export const isLive = (column: string): string =>
  `exists (select from tandem.holder h where h.id = ${column} and h.seen_at > now() - interval '${silenceMs} ms')`;

/** What a row says of who holds it; all null where nobody does. `live` as `isLive` tells. */
export type HeldBy = Pick<Holder, 'host' | 'pid' | 'started'> & {
  readonly holder_id: string | null;
  readonly live: boolean;
};

/** Every start of a server leaves one; those whose sessions are still to be taken up stay. A task that is over needs none. */
const forgetHolders = `delete from tandem.holder h where h.seen_at < now() - interval '1 day'
  and not exists (select from tandem.session s left join tandem.run r on r.session_id = s.id
    where s.holder_id = h.id and coalesce(r.state, '') <> 'done')`;

type Parts = StoreParts & {
  readonly holder: Holder;
  readonly isAlive: (pid: number, started: string | null) => boolean;
  /** Done after each sign; a failure is nobody's. */
  readonly afterBeat: () => Promise<void>;
};

/** This process as a holder: its row, and the sign of life that keeps what it holds. */
export class SignOfLife {
  readonly #parts: Parts;
  #beating: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get id(): string {
    return this.#parts.holder.id;
  }

  /** Writes the row, in the caller's transaction if there is one. What refers to it comes after this. */
  async register(client: Pick<ClientBase, 'query'>): Promise<void> {
    const { holder } = this.#parts;
    const register = `insert into tandem.holder (id, host, pid, started) values ($1, $2, $3, $4)
      on conflict (id) do update set seen_at = now()`;
    await client.query(register, [holder.id, holder.host, holder.pid, holder.started]);
    if (this.#beating === null) await client.query(forgetHolders);
  }

  /** Says from now on that this process lives. */
  begin(): void {
    this.#beating ??= this.#beatOn();
  }

  /** On this host a dead process is seen at once, elsewhere by its silence. */
  lives(held: HeldBy): boolean {
    if (held.holder_id === null || !held.live) return false;
    return held.host !== this.#parts.holder.host || this.#parts.isAlive(held.pid, held.started);
  }

  /** After the signal has aborted. */
  async close(): Promise<void> {
    if (this.#beating === null) return;
    await this.#beating;
    // Deleting the holder sets free what it holds. A database that is away learns it from our silence.
    const { pool, holder } = this.#parts;
    await pool.query('delete from tandem.holder where id = $1', [holder.id]).catch(() => {});
  }

  async #beatOn(): Promise<void> {
    const { clock, signal } = this.#parts;
    while (!signal.aborted) {
      await clock.sleep(beatMs, signal).catch(() => {});
      if (!signal.aborted) await this.#beat();
    }
  }

  async #beat(): Promise<void> {
    try {
      const { pool, holder, afterBeat } = this.#parts;
      await pool.query('update tandem.holder set seen_at = now() where id = $1', [holder.id]);
      await afterBeat();
    } catch {
      // The next beat tries again. Silent for too long, the fence keeps what we would write out of the log.
    }
  }
}
