import type pg from 'pg';
import { inTransaction } from '../database/transaction.ts';
import { type HeldBy, isLive, type SignOfLife } from '../store/sign-of-life.ts';

/** A delivery that this process is at, and what it needs of its webhook. */
export type Claimed = {
  readonly id: string;
  readonly org_id: string;
  readonly webhook_id: string;
  readonly event_id: string;
  readonly body: string;
  /** How often it was tried before. */
  readonly tried: number;
  /** Of these, since it was last asked for. */
  readonly tries: number;
  readonly url: string;
  readonly secret: string;
  readonly previous_secret: string | null;
  readonly previous_until: Date | null;
};

type Claiming = {
  readonly pool: pg.Pool;
  readonly life: SignOfLife;
  /** Deliveries that this process is at. */
  readonly mine: readonly string[];
  readonly most: number;
};

/** A webhook that answers slowly keeps its own deliveries waiting, and nobody else's. */
const atOnceForOne = 4;

const due = `select d.id, d.webhook_id, d.holder_id, h.host, h.pid, h.started, ${isLive('d.holder_id')} as live
  from tandem.delivery d join tandem.webhook w on w.id = d.webhook_id left join tandem.holder h on h.id = d.holder_id
  where d.state = 'waiting' and d.next_at <= now() and w.disabled_why is null and not d.id = any($1)
  order by d.next_at, d.id limit 500`;

/** A row whose holder is another by now was claimed meanwhile. */
const take = `with free as (
  select d.id from tandem.delivery d join unnest($1::text[], $2::text[]) as seen (id, holder) on seen.id = d.id
  where d.state = 'waiting' and d.holder_id is not distinct from seen.holder for update of d skip locked
)
update tandem.delivery d set holder_id = $3 from free, tandem.webhook w where d.id = free.id and w.id = d.webhook_id
  returning d.id, d.org_id, d.webhook_id, d.event_id, d.body, d.tried, d.tries,
    w.url, w.secret, w.previous_secret, w.previous_until`;

type Candidate = HeldBy & { readonly id: string; readonly webhook_id: string };

/** Deliveries that are due and nobody lives to send: this process's from now on. `busy`: how many of a webhook it is at. */
export const claimDeliveries = async (
  { pool, life, mine, most }: Claiming,
  busy: (webhook: string) => number,
): Promise<readonly Claimed[]> => {
  const { rows } = await pool.query<Candidate>(due, [mine]);
  const counts = new Map<string, number>();
  const wanted = rows
    // Held by this process but not in its memory: an answer of the database was lost on the way.
    .filter((row) => row.holder_id === null || row.holder_id === life.id || !life.lives(row))
    .filter(({ webhook_id: webhook }) => {
      const count = (counts.get(webhook) ?? busy(webhook)) + 1;
      counts.set(webhook, count);
      return count <= atOnceForOne;
    })
    .slice(0, most);
  if (wanted.length === 0) return [];
  return await inTransaction(pool, async (client) => {
    await life.register(client);
    const holders = wanted.map(({ holder_id }) => holder_id);
    return (await client.query<Claimed>(take, [wanted.map(({ id }) => id), holders, life.id])).rows;
  });
};
