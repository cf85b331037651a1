import type { Page, Task } from '@tandem/protocol/team';
import type { CreatedWebhook, Delivery, DeliveryReport, Webhook } from '@tandem/protocol/team-webhook';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { asOrganisation } from '../../src/database/transaction.ts';
import { queueDeliveries } from '../../src/webhook/outbox.ts';
import { signedHeaders } from '../../src/webhook/signature.ts';
import { type TestDatabase, temporaryFolder } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { type Received, Receiver } from '../support/receiver.ts';
import { type Made, makeOrganisation, makeRepository } from '../support/team.ts';
import { openTeamApp } from '../support/team-app.ts';

const folder = temporaryFolder();
makeRepository(folder.path);
afterAll(folder.remove);
const task = { repository: 'till', prompt: 'count', options: { model: 'scripted/none' } };

/** The signatures that a receiver with the secret would accept. */
const signatureOf = ({ id, headers, body }: Received, secret: string): string =>
  signedHeaders({ id, timestamp: Number(headers['webhook-timestamp']), body }, [secret])[
    'webhook-signature'
  ]!;

onEachDatabase('webhooks', (opened: () => TestDatabase) => {
  let app: ReturnType<typeof openTeamApp>;
  let shop: Made;
  let sending: Promise<void>;
  let receiver: Receiver;
  let url = '';
  const stop = new AbortController();
  const query = (text: string, values: readonly unknown[] = []) =>
    opened().database.pool.query(text, [...values]);
  /** What would come hours later comes now. */
  const hasten = () => query("update tandem.delivery set next_at = now() where state = 'waiting'");
  const make = (given: object = {}): Promise<CreatedWebhook> =>
    shop.door.must('POST', '/webhooks', { url: `${url}/in`, events: ['task.created'], ...given });
  const deliveryOf = async (id: string): Promise<DeliveryReport> => {
    const { data } = await shop.door.must<Page<Delivery>>('GET', `/webhooks/${id}/deliveries`);
    return await shop.door.must('GET', `/webhooks/${id}/deliveries/${data[0]!.id}`);
  };
  /** Once it is over, or has been tried so often. */
  const settled = async (id: string, holds: (one: DeliveryReport) => boolean): Promise<DeliveryReport> => {
    for (;;) {
      const one = await deliveryOf(id);
      if (holds(one)) return one;
      await new Promise(setImmediate);
    }
  };

  beforeAll(async () => {
    app = openTeamApp(opened(), { webhooksTo: '127.0.0.1' });
    shop = await makeOrganisation(app, 'shop');
    await shop.administrator.must('POST', '/repositories', { name: 'till', path: folder.path });
    sending = app.send(stop.signal);
  });
  beforeEach(async () => {
    await query('delete from tandem.webhook');
    receiver = new Receiver();
    url = await receiver.open();
    return () => receiver.close();
  });
  afterAll(async () => {
    stop.abort();
    await sending;
    await app.close();
  });

  it('tells of an event once, signed, with the id of the event and without the prompt', async () => {
    const { id, secret } = await make({ description: 'builds' });
    const other = await make({ events: ['task.completed'] });
    const made = await shop.door.must<Task>('POST', '/tasks', { ...task, prompt: 'a secret plan' });
    const [first] = await receiver.until((all) => all.length === 1);
    expect(first!.headers['webhook-signature']).toBe(signatureOf(first!, secret!));
    expect(Math.abs(Date.now() / 1_000 - Number(first!.headers['webhook-timestamp']))).toBeLessThan(60);
    expect(first!.id).toBe(`${made.id.replace('task_', 'evt_')}_1`);
    expect(JSON.parse(first!.body)).toMatchObject({
      type: 'task.created',
      data: {
        organisation: shop.organisation.id,
        task: { id: made.id, state: 'queued', branch: null },
        event: { seq: 1, actorName: 'a-owner' },
      },
    });
    expect(first!.body).not.toContain('secret plan');
    expect(await settled(id, ({ state }) => state === 'delivered')).toMatchObject({
      tried: 1,
      nextAt: null,
      body: first!.body,
      tries: [{ number: 1, status: 200, error: null, answer: 'ok' }],
    });
    expect((await shop.door.must<Page<Delivery>>('GET', `/webhooks/${other.id}/deliveries`)).data).toEqual(
      [],
    );
    expect(receiver.received).toHaveLength(1);
  });

  it('what is rolled back is not told, and the same event is not told twice', async () => {
    const { id } = await make();
    const { id: taskId } = await shop.door.must<Task>('POST', '/tasks', task);
    const { rows } = await query('select * from tandem.task where id = $1', [taskId]);
    const event = {
      seq: 1,
      type: 'task.created',
      actor: 'server',
      data: {},
      at: new Date().toISOString(),
    } as const;
    const { pool } = opened().database;
    const org = shop.organisation.id;
    await asOrganisation(pool, org, (client) => queueDeliveries(client, { task: rows[0], event }));
    const failing = asOrganisation(pool, org, async (client) => {
      await queueDeliveries(client, { task: rows[0], event: { ...event, seq: 2 } });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const { data } = await shop.door.must<Page<Delivery>>('GET', `/webhooks/${id}/deliveries`);
    expect(data.map((one) => one.event)).toEqual([`${taskId.replace('task_', 'evt_')}_1`]);
  });

  it('tries again with the same id and body and a new time, and follows no redirect', async () => {
    const { id } = await make();
    const answers = [500, 302, 200];
    receiver.answer = (response) => {
      response.writeHead(answers.shift()!, { location: `${url}/elsewhere` }).end('later');
    };
    await shop.door.must('POST', '/tasks', task);
    const once = await settled(id, ({ tried }) => tried === 1);
    expect(once).toMatchObject({ state: 'waiting', tries: [{ status: 500, error: 'answered 500' }] });
    const pause = Date.parse(once.nextAt!) - Date.parse(once.tries[0]!.at);
    expect([pause > 4_000, pause < 8_000]).toEqual([true, true]);
    expect((await shop.door.must<Webhook>('GET', `/webhooks/${id}`)).failingSince).not.toBeNull();
    await hasten();
    await settled(id, ({ tried }) => tried === 2);
    await hasten();
    const done = await settled(id, ({ state }) => state === 'delivered');
    expect(done.tries.map(({ error }) => error)).toEqual([
      'answered 500',
      'answered 302; redirects are not followed',
      null,
    ]);
    expect(new Set(receiver.received.map((one) => `${one.url} ${one.id} ${one.body}`)).size).toBe(1);
    expect((await shop.door.must<Webhook>('GET', `/webhooks/${id}`)).failingSince).toBeNull();
  });

  it('gives a delivery up after its last pause, and a webhook after five days or a 410', async () => {
    const { id } = await make();
    receiver.answer = (response) => response.writeHead(503).end();
    await shop.door.must('POST', '/tasks', task);
    await settled(id, ({ tried }) => tried === 1);
    await query('update tandem.delivery set tries = 9');
    await hasten();
    expect(await settled(id, ({ state }) => state === 'failed')).toMatchObject({ tried: 2, nextAt: null });
    await query("update tandem.webhook set failing_since = now() - interval '5 days'");
    await shop.door.must('POST', '/tasks', task);
    await settled(id, ({ state, tried }) => state === 'failed' && tried === 1);
    const disabled = await shop.door.must<Webhook>('GET', `/webhooks/${id}`);
    expect([disabled.enabled, disabled.disabledWhy]).toEqual([
      false,
      'nothing came through for five days; last: answered 503',
    ]);
    await shop.door.must('POST', '/tasks', task);
    expect((await shop.door.must<Page<Delivery>>('GET', `/webhooks/${id}/deliveries`)).data).toHaveLength(2);
    expect((await shop.door.ask('POST', `/webhooks/${id}/test`)).status).toBe(409);
    receiver.answer = (response) => response.writeHead(410).end();
    expect(await shop.door.must<Webhook>('PATCH', `/webhooks/${id}`, { enabled: true })).toMatchObject({
      enabled: true,
      failingSince: null,
    });
    await shop.door.must('POST', `/webhooks/${id}/test`);
    await settled(id, ({ state, type }) => state === 'failed' && type === 'webhook.test');
    expect((await shop.door.must<Webhook>('GET', `/webhooks/${id}`)).disabledWhy).toContain('410');
  });

  it('signs with both secrets for a day after a rotation, and keeps neither readable', async () => {
    const { id, secret: before } = await make();
    const rotated = await shop.door.must<CreatedWebhook>('POST', `/webhooks/${id}/secret`);
    await shop.door.must('POST', `/webhooks/${id}/test`);
    await receiver.until((all) => all.length === 1);
    await query("update tandem.webhook set previous_until = now() - interval '1 second'");
    await shop.door.must('POST', `/webhooks/${id}/test`);
    const [both, one] = await receiver.until((all) => all.length === 2);
    const now = rotated.secret!;
    expect(both!.headers['webhook-signature']).toBe(
      `${signatureOf(both!, now)} ${signatureOf(both!, before!)}`,
    );
    expect(one!.headers['webhook-signature']).toBe(signatureOf(one!, now));
    const day = Date.parse(rotated.previousSecretUntil!) - Date.now();
    expect(Math.abs(day - 24 * 3_600_000)).toBeLessThan(60_000);
    const stored = JSON.stringify((await query('select * from tandem.webhook')).rows);
    const shown = JSON.stringify(await shop.door.must('GET', `/webhooks/${id}`));
    for (const secret of [before!, now]) expect([stored, shown].join().includes(secret)).toBe(false);
    const key = { headers: { 'idempotency-key': 'w-1' }, body: { url: `${url}/once` } };
    const first = await shop.door.ask<CreatedWebhook>('POST', '/webhooks', key);
    const again = await shop.door.ask<CreatedWebhook>('POST', '/webhooks', key);
    expect(again.body).toEqual({ ...first.body, secret: null });
  });

  it('replays a delivery with its id, and a deleted webhook is told nothing', async () => {
    const { id } = await make();
    await shop.door.must('POST', '/tasks', task);
    const { id: delivery } = await settled(id, ({ state }) => state === 'delivered');
    await shop.door.must('POST', `/webhooks/${id}/deliveries/${delivery}/replay`);
    const [first, second] = await receiver.until((all) => all.length === 2);
    expect([second!.id, second!.body]).toEqual([first!.id, first!.body]);
    expect(await settled(id, ({ state }) => state === 'delivered')).toMatchObject({ tried: 2 });
    expect((await shop.door.ask('DELETE', `/webhooks/${id}`)).status).toBe(204);
    await shop.door.must('POST', '/tasks', task);
    expect((await shop.door.ask('GET', `/webhooks/${id}/deliveries`)).status).toBe(404);
    expect((await query('select from tandem.delivery')).rowCount).toBe(0);
  });

  it('reads only the beginning of a long answer, and a name that leads inside is not sent to', async () => {
    const { id } = await make();
    receiver.answer = (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (response.write('x'.repeat(16_384)));
        response.once('drain', more);
      };
      more();
    };
    await shop.door.must('POST', `/webhooks/${id}/test`);
    const { tries } = await settled(id, ({ state }) => state === 'delivered');
    expect(tries[0]!.answer).toHaveLength(500);
    await query("update tandem.webhook set url = 'https://localhost.localdomain.invalid/'");
    await shop.door.must('POST', `/webhooks/${id}/test`);
    expect((await settled(id, ({ tried }) => tried === 1)).tries[0]!.error).toMatch(/has no address now/);
    const before = receiver.received.length;
    await query("update tandem.webhook set url = 'https://169.254.169.254/latest'");
    await hasten();
    const { tries: both } = await settled(id, ({ tried }) => tried === 2);
    expect(both[1]!.error).toMatch(/inside of a network/);
    expect(receiver.received).toHaveLength(before);
    for (const bad of ['http://example.com/', 'https://10.0.0.1/', 'https://[::1]/'])
      expect((await shop.door.ask('POST', '/webhooks', { body: { url: bad } })).status).toBe(422);
    expect((await shop.door.ask('POST', '/webhooks', { body: { url: 'ftp://x/' } })).status).toBe(400);
  });
});
