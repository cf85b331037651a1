import { AppError, isAppError } from '@tandem/protocol/error';
import { mayPass } from '../database/error.ts';
import { inTransaction, type Query } from '../database/transaction.ts';
import { type Claim, claimRuns, lockClaims } from './claim.ts';
import type { Answer, DurableEngine, Performed, Run } from './engine.ts';
import type { EngineParts } from './postgres-engine.ts';

type Parts = EngineParts & Parameters<DurableEngine['work']>[0];

/** How late a cancellation, an answer or a new run may be heard. Each look is two or three small queries. */
const lookMs = 250;
/** A failure that may pass is tried so often; the pauses between grow to half a minute. */
const mostTries = 6;
/** A stage in which worker after worker dies kills them itself. */
const mostAttempts = 20;
const longestPauseMs = 30_000;

type Held = {
  readonly claim: Claim;
  readonly control: AbortController;
  readonly waiting: Map<string, (answer: Answer) => void>;
  parked: boolean;
};

const cancelled = new AppError('interrupted', 'The task was cancelled.');
const lost = new AppError('conflict', 'Another worker has taken this task up.');

/** One worker: claims runs, works on them side by side, hears what becomes of them. */
export class Worker {
  readonly #parts: Parts;
  readonly #held = new Map<string, Held>();
  readonly #working = new Set<Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(): Promise<void> {
    const { clock, signal } = this.#parts;
    while (!signal.aborted) {
      // The database may be away; the next look finds it again.
      await this.#look().catch((error: unknown) => {
        if (!mayPass(error)) this.#parts.workflow.troubled(error);
      });
      await clock.sleep(lookMs, signal).catch(() => {});
    }
    for (const { control } of this.#held.values()) control.abort(signal.reason);
    await Promise.all(this.#working);
  }

  async #look(): Promise<void> {
    const { pool, life, workflow, place, slots, signal } = this.#parts;
    await this.#watch();
    const busy = this.#busy();
    if (busy >= slots || signal.aborted) return;
    const mine = [...this.#held.keys()];
    const claims = await claimRuns({ pool, life, workflow, place, mine, most: slots - busy });
    if (claims.length > 0) life.begin();
    for (const claim of claims) this.#start(claim);
  }

  #busy(): number {
    return [...this.#held.values()].filter(({ parked }) => !parked).length;
  }

  /** What others did to the runs that this process holds. */
  async #watch(): Promise<void> {
    if (this.#held.size === 0) return;
    const { pool, life } = this.#parts;
    type Row = { id: string; fence: number; holder_id: string | null; cancelled: boolean };
    const asked =
      'select id, fence, holder_id, cancelled_at is not null as cancelled from tandem.run where id = any($1)';
    const { rows } = await pool.query<Row>(asked, [[...this.#held.keys()]]);
    for (const { id, fence, holder_id, cancelled: isCancelled } of rows) {
      const held = this.#held.get(id);
      if (held === undefined) continue;
      if (holder_id !== life.id || fence !== held.claim.fence) held.control.abort(lost);
      else if (isCancelled) held.control.abort(cancelled);
    }
    await this.#hear();
  }

  async #hear(): Promise<void> {
    const waiting = [...this.#held.values()].filter((held) => held.waiting.size > 0);
    if (waiting.length === 0) return;
    const asked = 'select run_id, topic, value, actor from tandem.answer where run_id = any($1)';
    const { rows } = await this.#parts.pool.query<Answer & { readonly run_id: string }>(asked, [
      waiting.map(({ claim }) => claim.id),
    ]);
    for (const { run_id, ...answer } of rows) this.#held.get(run_id)?.waiting.get(answer.topic)?.(answer);
  }

  #start(claim: Claim): void {
    const held: Held = { claim, control: new AbortController(), waiting: new Map(), parked: false };
    this.#held.set(claim.id, held);
    const working = this.#goOn(held).finally(() => {
      this.#held.delete(claim.id);
      this.#working.delete(working);
    });
    this.#working.add(working);
  }

  /** From stage to stage. Never rejects: what cannot be written now is found again, by this worker or another. */
  async #goOn(held: Held): Promise<void> {
    for (let claim: Claim | null = held.claim; claim !== null; ) {
      const next: Claim | null | 'over' = await this.#stage(held, claim).catch(() => null);
      if (next === 'over') await this.#parts.workflow.ended(claim).catch(() => {});
      claim = next === 'over' ? null : next;
    }
  }

  async #stage(held: Held, claim: Claim): Promise<Claim | null | 'over'> {
    const { workflow } = this.#parts;
    const { signal } = held.control;
    try {
      if (claim.attempt > mostAttempts)
        throw new AppError('internal', `The worker died ${claim.attempt - 1} times at this stage.`);
      const performed = await workflow.perform(this.#runOf(held, claim));
      return await this.#commit(claim, performed);
    } catch (error) {
      if (signal.aborted && signal.reason !== cancelled) return null;
      if (signal.aborted || error === cancelled)
        return await this.#end(claim, (client) => workflow.cancelled(client, claim));
      // Of the database: what was written is unknown. The row tells, to whoever claims it next.
      if (error === lost || mayPass(error)) return null;
      if (isPassing(error) && claim.attempt < mostTries) return await this.#retry(claim, error);
      return await this.#end(claim, (client) => workflow.failed(client, claim, error));
    }
  }

  async #commit(claim: Claim, { next, binding, placed, record }: Performed): Promise<Claim | null | 'over'> {
    const { pool, life, place } = this.#parts;
    const state = next.type === 'stage' ? 'running' : next.type === 'wait' ? 'waiting' : 'done';
    const stage = next.type === 'end' ? claim.stage : next.stage;
    const moved = `update tandem.run set stage = $4, state = $5, attempts = case when $5 = 'running' then 1 else 0 end,
        parked = false, place = coalesce($6, place), holder_id = case when $5 = 'running' then holder_id end,
        cancelled_at = case when $7 then null else cancelled_at end
      where id = $1 and fence = $2 and holder_id = $3 and state = 'running' and (cancelled_at is null or $7)`;
    const values = [claim.id, claim.fence, life.id, stage, state, placed ? place : null, binding === true];
    await inTransaction(pool, async (client) => {
      if ((await client.query(moved, values)).rowCount === 0) throw await this.#whyRefused(client, claim);
      await record(client);
    });
    if (next.type === 'stage') return { ...claim, stage, attempt: 1, takenOver: false };
    return next.type === 'end' ? 'over' : null;
  }

  async #whyRefused(client: Query, { id, fence }: Claim): Promise<AppError> {
    const asked =
      'select from tandem.run where id = $1 and fence = $2 and holder_id = $3 and cancelled_at is not null';
    const { rowCount } = await client.query(asked, [id, fence, this.#parts.life.id]);
    return rowCount === 1 ? cancelled : lost;
  }

  async #end(claim: Claim, record: Performed['record']): Promise<'over' | null> {
    const over = await this.#commit(claim, { next: { type: 'end' }, binding: true, record });
    return over === 'over' ? 'over' : null;
  }

  async #retry(claim: Claim, error: unknown): Promise<null> {
    const { pool, life, workflow } = this.#parts;
    const pauseMs = Math.min(longestPauseMs, 500 * 2 ** (claim.attempt - 1));
    const update = `update tandem.run set state = 'queued', holder_id = null, ready_at = now() + $4 * interval '1 ms'
      where id = $1 and fence = $2 and holder_id = $3 and state = 'running'`;
    await inTransaction(pool, async (client) => {
      const { rowCount } = await client.query(update, [claim.id, claim.fence, life.id, pauseMs]);
      if (rowCount === 1) await workflow.retrying(client, claim, error);
    });
    return null;
  }

  #runOf(held: Held, claim: Claim): Run {
    const { pool, life } = this.#parts;
    const { signal } = held.control;
    const isHeld = 'id = $1 and fence = $2 and holder_id = $3';
    const must = async (statement: string, more: readonly unknown[] = []): Promise<void> => {
      const { rows } = await pool.query<{ cancelled: boolean }>(
        `${statement} where ${isHeld} returning cancelled_at is not null as cancelled`,
        [claim.id, claim.fence, life.id, ...more],
      );
      if (rows[0] === undefined) held.control.abort(lost);
      else if (rows[0].cancelled) held.control.abort(cancelled);
      signal.throwIfAborted();
    };
    return {
      ...{
        id: claim.id,
        organisation: claim.organisation,
        stage: claim.stage,
        attempt: claim.attempt,
        signal,
      },
      // Written and not only read: a database that can no longer write must not see effects made.
      requireHeld: () => must('update tandem.run set fence = fence'),
      bindSession: (session) => must('update tandem.run set session_id = $4', [session]),
      waitFor: (topic) => this.#waitFor(held, claim, topic),
    };
  }

  async #waitFor(held: Held, claim: Claim, topic: string): Promise<Answer> {
    const { signal } = held.control;
    const answered = new Promise<Answer>((resolve, reject) => {
      held.waiting.set(topic, resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      if (signal.aborted) reject(signal.reason);
    });
    answered.catch(() => {});
    try {
      await this.#park(held, claim, true);
      const answer = await answered;
      held.waiting.delete(topic);
      if (held.waiting.size === 0) await this.#unpark(held, claim);
      return answer;
    } finally {
      held.waiting.delete(topic);
    }
  }

  async #unpark(held: Held, claim: Claim): Promise<void> {
    const { clock, slots } = this.#parts;
    const { signal } = held.control;
    while (this.#busy() >= slots || !(await this.#park(held, claim, false)))
      await clock.sleep(lookMs, signal);
  }

  /** Out of its slot, or into one again; false while the organisation has none free. */
  async #park(held: Held, claim: Claim, parked: boolean): Promise<boolean> {
    const { pool, life, workflow } = this.#parts;
    const isFree = `(select count(*) from tandem.run b where b.org_id = r.org_id and b.state = 'running' and not b.parked)
      < (select max_running from tandem.organisation o where o.id = r.org_id)`;
    const update = `update tandem.run r set parked = $4
      where id = $1 and fence = $2 and holder_id = $3 and ($4 or not parked or ${isFree})`;
    const done = await inTransaction(pool, async (client) => {
      await lockClaims(client);
      const { rowCount } = await client.query(update, [claim.id, claim.fence, life.id, parked]);
      if (rowCount === 1) await workflow.parked(client, claim, parked);
      return rowCount === 1;
    });
    if (done) held.parked = parked;
    held.control.signal.throwIfAborted();
    return done;
  }
}

/** The network, the disk or another process was in the way: the same may work a moment later. */
const isPassing = (error: unknown): boolean =>
  isAppError(error) && (error.code === 'offline' || error.code === 'disk' || error.code === 'busy');
