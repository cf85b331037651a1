import type { Caller, Team } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import type {
  CreatedWebhook,
  Delivery,
  DeliveryReport,
  DeliveryTry,
  Webhook,
} from '@tandem/protocol/team-webhook';
import { recordAct } from '../audit/record.ts';
import { asOrganisation, type Query } from '../database/transaction.ts';
import { requireUrl } from '../webhook/address.ts';
import { deliveryId } from '../webhook/outbox.ts';
import { secretPlace } from '../webhook/sender.ts';
import { newSecret } from '../webhook/signature.ts';
import type { TeamParts } from './create-team.ts';
import { doOnce } from './once.ts';
import { readPage } from './page.ts';

type Row = {
  readonly id: string;
  readonly url: string;
  readonly events: Webhook['events'];
  readonly description: string;
  readonly disabled_why: string | null;
  readonly failing_since: Date | null;
  readonly previous_until: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
};
/** Never with a secret, sealed or not. */
const shown =
  'id, url, events, description, disabled_why, failing_since, previous_until, created_at, updated_at';

const webhookOf = (row: Row): Webhook => ({
  ...{ id: row.id, url: row.url, events: row.events, description: row.description },
  enabled: row.disabled_why === null,
  disabledWhy: row.disabled_why,
  failingSince: row.failing_since?.toISOString() ?? null,
  previousSecretUntil: row.previous_until?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

type DeliveryRow = {
  readonly id: string;
  readonly webhook_id: string;
  readonly event_id: string;
  readonly type: Delivery['type'];
  readonly body: string;
  readonly state: Delivery['state'];
  readonly tried: number;
  readonly next_at: Date;
  readonly created_at: Date;
  readonly ended_at: Date | null;
};
const deliveryOf = (row: DeliveryRow): Delivery => ({
  ...{ id: row.id, webhook: row.webhook_id, event: row.event_id, type: row.type },
  ...{ state: row.state, tried: row.tried },
  nextAt: row.state === 'waiting' ? row.next_at.toISOString() : null,
  createdAt: row.created_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
});

/** Each event of each task is looked at for each of them. */
const mostOfOne = 20;
/** Both signatures are sent so long after a rotation. */
const overlap = "interval '24 hours'";

type Reading = Pick<Team, 'webhooks' | 'webhook' | 'deliveries' | 'delivery'>;
type Making = Pick<Team, 'createWebhook' | 'rotateSecret' | 'testWebhook'>;
type Changing = Pick<Team, 'changeWebhook' | 'deleteWebhook' | 'replayDelivery'>;
type Parts = Pick<TeamParts, 'pool' | 'ids' | 'vault' | 'reach'>;

export const webhooks = (parts: Parts): Reading & Making & Changing => ({
  ...reading(parts),
  ...making(parts),
  ...changing(parts),
});

const reading = ({ pool }: Parts): Reading => ({
  webhooks: ({ organisation }, page) =>
    asOrganisation(pool, organisation, (client) =>
      readPage<Row, Webhook>(client, {
        ...page,
        select: `select ${shown} from tandem.webhook where org_id = $1`,
        values: [organisation],
        of: webhookOf,
      }),
    ),
  webhook: (caller, id) =>
    asOrganisation(pool, caller.organisation, async (client) => webhookOf(await find(client, caller, id))),
  deliveries: (caller, { id, state, ...page }) =>
    asOrganisation(pool, caller.organisation, async (client) => {
      await find(client, caller, id);
      return await readPage<DeliveryRow, Delivery>(client, {
        ...page,
        select: `select * from tandem.delivery where org_id = $1 and webhook_id = $2 and ($3::text is null or state = $3)`,
        values: [caller.organisation, id, state ?? null],
        of: deliveryOf,
      });
    }),
  delivery: (caller, place) =>
    asOrganisation(pool, caller.organisation, (client) => report(client, caller, place)),
});

const making = ({ pool, ids, vault, reach }: Parts): Making => ({
  createWebhook: (caller, { input, once }) => {
    requireUrl(input.url, reach);
    return asOrganisation(pool, caller.organisation, (client) =>
      doOnce<CreatedWebhook>(client, {
        caller,
        once,
        make: async () => {
          await requireRoom(client, caller);
          const id = ids('whk');
          const secret = newSecret();
          const insert = `insert into tandem.webhook (id, org_id, url, events, description, secret)
            values ($1, $2, $3, $4, $5, $6) returning ${shown}`;
          const { url, events, description } = input;
          const sealed = vault.seal(secretPlace(id), secret);
          const values = [id, caller.organisation, url, events, description, sealed];
          const made = webhookOf((await client.query<Row>(insert, values)).rows[0]!);
          await recordAct(client, caller, {
            action: 'webhook.created',
            subject: id,
            data: { url: hidden(url), events },
          });
          return { ...made, secret };
        },
        kept: (made) => ({ ...made, secret: null }),
      }),
    );
  },
  rotateSecret: (caller, { input: id, once }) =>
    asOrganisation(pool, caller.organisation, (client) =>
      doOnce<CreatedWebhook>(client, {
        caller,
        once,
        make: async () => {
          await find(client, caller, id);
          const secret = newSecret();
          const update = `update tandem.webhook set previous_secret = secret, previous_until = now() + ${overlap}, secret = $2,
            updated_at = now() where id = $1 returning ${shown}`;
          const sealed = vault.seal(secretPlace(id), secret);
          const changed = webhookOf((await client.query<Row>(update, [id, sealed])).rows[0]!);
          await recordAct(client, caller, { action: 'secret.changed', subject: id });
          return { ...changed, secret };
        },
        kept: (made) => ({ ...made, secret: null }),
      }),
    ),
  testWebhook: (caller, { input: id, once }) =>
    asOrganisation(pool, caller.organisation, (client) =>
      doOnce(client, { caller, once, make: () => queueTest(client, caller, id) }),
    ),
});

const changing = ({ pool, reach }: Parts): Changing => ({
  changeWebhook: (caller, { id, change }) => {
    if (change.url !== undefined) requireUrl(change.url, reach);
    return asOrganisation(pool, caller.organisation, async (client) => {
      await find(client, caller, id);
      const update = `update tandem.webhook set url = coalesce($2, url), events = coalesce($3, events),
          description = coalesce($4, description), updated_at = now(),
          disabled_why = case when $5 then null when not $5 then coalesce(disabled_why, $6) else disabled_why end,
          failing_since = case when $5 then null else failing_since end
        where id = $1 returning ${shown}`;
      const { url = null, events = null, description = null, enabled = null } = change;
      const values = [id, url, events, description, enabled, 'somebody disabled it'];
      const changed = webhookOf((await client.query<Row>(update, values)).rows[0]!);
      const data = { ...change, ...(change.url === undefined ? {} : { url: hidden(change.url) }) };
      await recordAct(client, caller, { action: 'webhook.changed', subject: id, data });
      return changed;
    });
  },
  deleteWebhook: (caller, id) =>
    asOrganisation(pool, caller.organisation, async (client) => {
      await find(client, caller, id);
      await client.query('delete from tandem.webhook where id = $1', [id]);
      await recordAct(client, caller, { action: 'webhook.deleted', subject: id });
    }),
  replayDelivery: (caller, place) =>
    asOrganisation(pool, caller.organisation, async (client) => {
      await requireEnabled(client, caller, place.id);
      const update = `update tandem.delivery set state = 'waiting', tries = 0, next_at = now(), ended_at = null
        where org_id = $1 and webhook_id = $2 and id = $3`;
      await client.query(update, [caller.organisation, place.id, place.delivery]);
      const sent = await report(client, caller, place);
      await recordAct(client, caller, { action: 'delivery.replayed', subject: place.delivery });
      return sent;
    }),
});

/** Some receivers put their secret into the path or the query. */
const hidden = (url: string): string => new URL(url).origin;

/** @throws AppError not_found */
const find = async (client: Query, { organisation }: Caller, id: string): Promise<Row> => {
  const asked = `select ${shown} from tandem.webhook where org_id = $1 and id = $2`;
  const { rows } = await client.query<Row>(asked, [organisation, id]);
  if (rows[0] === undefined) throw new AppError('not_found', `There is no webhook ${id}; list them to see.`);
  return rows[0];
};

const requireRoom = async (client: Query, { organisation }: Caller): Promise<void> => {
  // Whoever makes one at the same moment waits here.
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [organisation]);
  const asked = 'select count(*)::int as count from tandem.webhook where org_id = $1';
  const { rows } = await client.query<{ count: number }>(asked, [organisation]);
  if ((rows[0]?.count ?? 0) >= mostOfOne)
    throw new AppError('conflict', `An organisation has at most ${mostOfOne} webhooks; delete one first.`);
};

const requireEnabled = async (client: Query, caller: Caller, id: string): Promise<void> => {
  const { disabled_why: why } = await find(client, caller, id);
  if (why !== null)
    throw new AppError('conflict', `This webhook is disabled (${why}); change it to enabled first.`);
};

const queueTest = async (client: Query, caller: Caller, id: string): Promise<Delivery> => {
  await requireEnabled(client, caller, id);
  const { rows } = await client.query<{ at: Date }>('select now() as at');
  const at = rows[0]!.at.toISOString();
  const delivery = deliveryId(at);
  const event = delivery.replace('dlv_', 'test_');
  const body = {
    type: 'webhook.test',
    timestamp: at,
    data: { organisation: caller.organisation, webhook: id },
  };
  const insert = `insert into tandem.delivery (id, org_id, webhook_id, event_id, type, body)
    values ($1, $2, $3, $4, 'webhook.test', $5) returning *`;
  const values = [delivery, caller.organisation, id, event, JSON.stringify(body)];
  const queued = deliveryOf((await client.query<DeliveryRow>(insert, values)).rows[0]!);
  await recordAct(client, caller, { action: 'webhook.tested', subject: id });
  return queued;
};

type TryRow = Omit<DeliveryTry, 'at'> & { readonly at: Date };

const report = async (
  client: Query,
  { organisation }: Caller,
  { id, delivery }: { readonly id: string; readonly delivery: string },
): Promise<DeliveryReport> => {
  const asked = 'select * from tandem.delivery where org_id = $1 and webhook_id = $2 and id = $3';
  const { rows } = await client.query<DeliveryRow>(asked, [organisation, id, delivery]);
  if (rows[0] === undefined)
    throw new AppError('not_found', `This webhook has no delivery ${delivery}; list them to see.`);
  const tried =
    'select number, at, ms, status, error, answer from tandem.delivery_try where org_id = $1 and delivery_id = $2 order by number';
  const tries = (await client.query<TryRow>(tried, [organisation, delivery])).rows;
  return {
    ...deliveryOf(rows[0]),
    body: rows[0].body,
    tries: tries.map((one) => ({ ...one, at: one.at.toISOString() })),
  };
};
