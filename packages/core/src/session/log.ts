import type { Actor, Envelope, Event, NewEvent } from '@tandem/protocol';
import type { PipelineEvent } from '../pipeline/pipeline.ts';
import type { Clock, EventStore, Ids, Lease } from '../ports.ts';

/** An event without what the log gives it: ids, time, session. */
export type Draft = PipelineEvent & { readonly turn?: string; readonly item?: string };
export type Logged = Event | Envelope;

export const agent: Actor = { type: 'agent', id: 'tandem' };

/**
 * One session's log as this process knows it, and the only way to write to it. Writes need a hold (the lease, counted)
 * and happen one after another, each deciding on the log as it then is.
 */
export class SessionLog {
  readonly session: string;
  readonly #ports: { readonly store: EventStore; readonly clock: Clock; readonly ids: Ids };
  #events: Logged[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #lease: Lease | null = null;
  #holds = 0;

  constructor(
    session: string,
    ports: { readonly store: EventStore; readonly clock: Clock; readonly ids: Ids },
  ) {
    this.session = session;
    this.#ports = ports;
  }

  get events(): readonly Logged[] {
    return this.#events;
  }

  get held(): boolean {
    return this.#holds > 0;
  }

  /** Takes the lease, or shares the one held, and reads what others wrote meanwhile. @throws AppError busy | not_found */
  hold(): Promise<void> {
    return this.#serially(async () => {
      if (this.#holds === 0) {
        const lease = await this.#ports.store.acquire(this.session);
        try {
          await this.#read();
        } catch (error) {
          await lease.release();
          throw error;
        }
        this.#lease = lease;
      }
      this.#holds += 1;
    });
  }

  /** Gives one hold back; the last one releases the lease. */
  release(): Promise<void> {
    return this.#serially(async () => {
      this.#holds = Math.max(0, this.#holds - 1);
      if (this.#holds > 0 || this.#lease === null) return;
      const lease = this.#lease;
      this.#lease = null;
      await lease.release();
    });
  }

  /** Reads what is new, without a right to write. @throws AppError not_found */
  refresh(): Promise<readonly Logged[]> {
    return this.#serially(async () => {
      if (this.#holds === 0) await this.#read();
      return this.#events;
    });
  }

  append(drafts: readonly Draft[], actor: Actor = agent): Promise<readonly Event[]> {
    return this.commit(() => drafts, actor);
  }

  /** Decides on the log as it is and appends what was decided; nothing else is written in between. */
  commit(
    decide: (events: readonly Logged[]) => readonly Draft[],
    actor: Actor = agent,
  ): Promise<readonly Event[]> {
    return this.#serially(async () => {
      const drafts = decide(this.#events);
      if (drafts.length === 0) return [];
      const { store, clock, ids } = this.#ports;
      const at = clock.iso();
      const events = drafts.map(
        (draft): NewEvent =>
          ({ v: 1, id: ids.next('evt'), session: this.session, at, actor, ...draft }) as NewEvent,
      );
      const committed = await store.append({
        session: this.session,
        expectedSeq: this.#last(),
        events,
        ...(this.#lease === null ? {} : { fence: this.#lease.fence }),
      });
      this.#events = [...this.#events, ...committed];
      return committed;
    });
  }

  #last(): number {
    return this.#events.at(-1)?.seq ?? 0;
  }

  async #read(): Promise<void> {
    const fresh = await this.#ports.store.read(this.session, this.#last());
    if (fresh.length > 0) this.#events = [...this.#events, ...fresh];
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work, work);
    this.#queue = next.catch(() => {});
    return next;
  }
}
