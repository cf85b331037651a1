import type { Lease } from '@tandem/core';
import { AppError } from '@tandem/protocol/error';
import { databaseError, mayPass } from '../database/error.ts';
import { retrying } from '../database/retry.ts';
import { inTransaction, type Query } from '../database/transaction.ts';
import type { StoreParts } from './open-postgres-store.ts';
import { checkSession } from './read.ts';
import { type HeldBy, isLive, type SignOfLife } from './sign-of-life.ts';

type Held = HeldBy & { readonly id: string };

const holderOf = `select s.id, s.holder_id, h.host, h.pid, h.started, ${isLive('s.holder_id')} as live
  from tandem.session s left join tandem.holder h on h.id = s.holder_id`;

/** The session of a task is written to by whoever holds the task's run, and by nobody else. */
const isAnothersRun = (session: string, holder: string): string =>
  `select from tandem.run r where r.session_id = ${session} and r.holder_id is distinct from ${holder}`;

/** The sessions that this process may write to. */
export class Leases {
  readonly #parts: StoreParts;
  readonly #life: SignOfLife;
  readonly #mine = new Map<string, number>();
  /** Given back while the database was away. */
  readonly #returned = new Map<string, number>();

  constructor(parts: StoreParts, life: SignOfLife) {
    this.#parts = parts;
    this.#life = life;
  }

  /** @throws AppError busy, naming the holder */
  async acquire(session: string): Promise<Lease> {
    checkSession(session);
    if (this.#mine.has(session))
      throw new AppError('busy', `This server holds session ${session} already; end the turn there first.`);
    const fence = await retrying(() => this.#take(session), this.#parts);
    this.#mine.set(session, fence);
    return { session, fence, release: () => this.#release(session, fence) };
  }

  async held(session: string): Promise<boolean> {
    const { pool } = this.#parts;
    const { rows } = await retrying(
      () => pool.query<Held>(`${holderOf} where s.id = $1`, [session]),
      this.#parts,
    );
    return rows[0] !== undefined && this.#life.lives(rows[0]);
  }

  async abandoned(): Promise<readonly string[]> {
    const { pool } = this.#parts;
    const { rows } = await retrying(
      () =>
        pool.query<Held>(
          `${holderOf} where s.holder_id is not null and not exists (${isAnothersRun('s.id', '$1')})`,
          [this.#life.id],
        ),
      this.#parts,
    );
    return rows.filter((row) => !this.#life.lives(row)).map(({ id }) => id);
  }

  /** Tries again what could not be given back. */
  async giveBackReturned(): Promise<void> {
    for (const [session, fence] of [...this.#returned]) {
      await this.#giveBack(session, fence);
      this.#returned.delete(session);
    }
  }

  async #take(session: string): Promise<number> {
    const fence = await inTransaction(this.#parts.pool, (client) => this.#takeIn(client, session));
    this.#life.begin();
    return fence;
  }

  /** Lock order: the holder's row, then the session's. */
  async #takeIn(client: Query, session: string): Promise<number> {
    await this.#life.register(client);
    await client.query('insert into tandem.session (id) values ($1) on conflict do nothing', [session]);
    const { rows } = await client.query<Held>(`${holderOf} where s.id = $1 for update of s`, [session]);
    const now = rows[0];
    // Ours by the database but not by memory: an earlier try committed and its answer was lost.
    if (now !== undefined && now.holder_id !== this.#life.id && this.#life.lives(now))
      throw busy(session, now);
    if ((await client.query(isAnothersRun('$1', '$2'), [session, this.#life.id])).rowCount !== 0)
      throw new AppError('busy', `Session ${session} belongs to a task; fork it to go on by yourself.`);
    const taken = await client.query<{ fence: number }>(
      'update tandem.session set fence = fence + 1, holder_id = $2 where id = $1 returning fence',
      [session, this.#life.id],
    );
    return taken.rows[0]!.fence;
  }

  async #release(session: string, fence: number): Promise<void> {
    if (this.#mine.get(session) !== fence) return;
    this.#mine.delete(session);
    try {
      await this.#giveBack(session, fence);
    } catch (error) {
      if (!mayPass(error)) throw databaseError(error);
      this.#returned.set(session, fence);
    }
  }

  async #giveBack(session: string, fence: number): Promise<void> {
    await this.#parts.pool.query(
      'update tandem.session set holder_id = null where id = $1 and fence = $2 and holder_id = $3',
      [session, fence, this.#life.id],
    );
  }
}

const busy = (session: string, { host, pid }: Held): AppError =>
  new AppError('busy', `Process ${pid} on ${host} holds session ${session}; end it there first.`, {
    details: { pid, host },
  });
