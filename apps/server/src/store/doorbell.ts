import type pg from 'pg';
import type { StoreParts } from './open-postgres-store.ts';

type Parts = StoreParts & {
  readonly connect: () => Promise<pg.Client>;
  /** Each notification is an id and the last number of its log. */
  readonly channel: string;
  /** Where `id` and `last_seq` are, for notifications that were lost. */
  readonly table: string;
};

/** Notifications may be lost with their connection; this is how late an event then is. Also the time between two tries to listen again. */
const pollMs = 1_000;

/**
 * Tells followers that a log has moved on, and nothing else: what they yield always comes from the log. Begins with the
 * first follower and goes on until the signal aborts.
 */
export class Doorbell {
  readonly #parts: Parts;
  readonly #bells = new Map<string, Set<(seq: number) => void>>();
  #running: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  ring(id: string, seq: number): void {
    for (const bell of this.#bells.get(id) ?? []) bell(seq);
  }

  /** Returns the way to stop that. */
  subscribe(id: string, bell: (seq: number) => void): () => void {
    const mine = this.#bells.get(id) ?? new Set();
    this.#bells.set(id, mine.add(bell));
    this.#running ??= this.#run();
    return () => {
      mine.delete(bell);
      if (mine.size === 0 && this.#bells.get(id) === mine) this.#bells.delete(id);
    };
  }

  /** Resolves when nothing listens any more, after the signal has aborted. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, signal } = this.#parts;
    let listener: pg.Client | null = null;
    while (!signal.aborted) {
      listener ??= await this.#listen(() => {
        listener = null;
      }).catch(() => null);
      await this.#poll().catch(() => {});
      await clock.sleep(pollMs, signal).catch(() => {});
    }
    await listener?.end().catch(() => {});
  }

  async #listen(onEnd: () => void): Promise<pg.Client> {
    const client = await this.#parts.connect();
    client.on('notification', ({ payload = '' }) => {
      const [id = '', seq] = payload.split(' ');
      this.ring(id, Number(seq));
    });
    client.on('end', onEnd);
    await client.query(`listen ${this.#parts.channel}`);
    return client;
  }

  async #poll(): Promise<void> {
    if (this.#bells.size === 0) return;
    const asked = `select id, last_seq from ${this.#parts.table} where id = any($1)`;
    const { rows } = await this.#parts.pool.query<{ id: string; last_seq: number }>(asked, [
      [...this.#bells.keys()],
    ]);
    for (const { id, last_seq: seq } of rows) this.ring(id, seq);
  }
}
