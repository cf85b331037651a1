import type pg from 'pg';
import { recordAct } from '../audit/record.ts';
import { inTransaction, type Query } from '../database/transaction.ts';
import type { SignOfLife } from '../store/sign-of-life.ts';
import type { Claimed } from './claim.ts';
import { disabledAfterMs, pauseAfter } from './schedule.ts';

/** How one try ended; `error` null where it came through. */
export type Tried = {
  readonly at: Date;
  readonly ms: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
};

type Parts = { readonly pool: pg.Pool; readonly life: SignOfLife; readonly random: () => number };

/** Gone for good, says the receiver. */
const gone = 410;

/** What became of a try, once: of a process that lost the delivery to another nothing is written. */
export const recordTry = ({ pool, life, random }: Parts, delivery: Claimed, tried: Tried): Promise<void> =>
  inTransaction(pool, async (client) => {
    // As a deletion does: the webhook first, then its deliveries.
    await client.query('select from tandem.webhook where id = $1 for no key update', [delivery.webhook_id]);
    const pause = pauseAfter(delivery.tries + 1, random());
    const state = tried.error === null ? 'delivered' : pause === null ? 'failed' : 'waiting';
    const update = `update tandem.delivery set state = $4, tried = tried + 1, tries = tries + 1, holder_id = null,
        next_at = now() + $5 * interval '1 ms', ended_at = case when $4 = 'waiting' then null else now() end
      where id = $1 and holder_id = $2 and tried = $3`;
    const values = [delivery.id, life.id, delivery.tried, state, pause ?? 0];
    if ((await client.query(update, values)).rowCount === 0) return;
    await client.query(
      `insert into tandem.delivery_try (org_id, delivery_id, number, at, ms, status, error, answer)
        values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[delivery.org_id, delivery.id, delivery.tried + 1, tried.at, tried.ms],
        ...[tried.status, tried.error, tried.answer],
      ],
    );
    await recordHealth(client, delivery, tried);
  });

const recordHealth = async (client: Query, delivery: Claimed, tried: Tried): Promise<void> => {
  const { webhook_id: webhook } = delivery;
  if (tried.error === null) {
    const well = 'update tandem.webhook set failing_since = null where id = $1 and failing_since is not null';
    await client.query(well, [webhook]);
    return;
  }
  const ill = `update tandem.webhook set failing_since = coalesce(failing_since, now()) where id = $1
    returning failing_since <= now() - $2 * interval '1 ms' as long`;
  const { rows } = await client.query<{ long: boolean }>(ill, [webhook, disabledAfterMs]);
  if (tried.status === gone) await disable(client, delivery, 'its receiver answered 410: gone');
  else if (rows[0]?.long === true)
    await disable(client, delivery, `nothing came through for five days; last: ${tried.error}`);
};

/** What waits for it has failed; each can be replayed once it is enabled again. */
const disable = async (
  client: Query,
  { webhook_id: webhook, org_id: organisation }: Claimed,
  why: string,
): Promise<void> => {
  const disabled = `update tandem.webhook set disabled_why = $2, updated_at = now() where id = $1 and disabled_why is null`;
  await client.query(disabled, [webhook, why]);
  const failed = `update tandem.delivery set state = 'failed', ended_at = now(), holder_id = null
    where webhook_id = $1 and state = 'waiting'`;
  await client.query(failed, [webhook]);
  const by = { organisation, actor: 'server' };
  await recordAct(client, by, { action: 'webhook.disabled', subject: webhook, data: { why } });
};

/** What is over is kept for a month. */
export const forgetDeliveries = async (pool: pg.Pool): Promise<void> => {
  await pool.query(
    "delete from tandem.delivery where state <> 'waiting' and ended_at < now() - interval '30 days'",
  );
};
