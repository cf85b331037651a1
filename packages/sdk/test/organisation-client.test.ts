import { expect, test } from 'vitest';
import { createOrganisationClient } from '../src/index.ts';

test('each method asks the door as its description says', async () => {
  const asked: unknown[] = [];
  const client = createOrganisationClient({
    baseUrl: 'http://door',
    token: 'key',
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const once = request.headers.get('idempotency-key');
      const body = await request.text();
      asked.push([
        `${request.method} ${pathname}${search}`,
        ...(body === '' ? [] : [JSON.parse(body)]),
        ...(once === null ? [] : [`once ${once}`]),
      ]);
      return request.method === 'DELETE'
        ? new Response(null, { status: 204 })
        : Response.json({ n: asked.length });
    },
  });
  const hook = { url: 'https://example.com/in' };
  const first = { code: 'setup_x', organisation: 'shop', member: 'ada' };
  expect(await client.setUp(first)).toEqual({ n: 1 });
  await client.webhooks({ limit: 5, after: 'whk_1' });
  await client.webhook('whk 1');
  await client.createWebhook(hook, 'a-1');
  await client.changeWebhook('whk_1', { enabled: true });
  expect(await client.deleteWebhook('whk_1')).toBeUndefined();
  await client.rotateSecret('whk_1');
  await client.testWebhook('whk_1', 'a-2');
  await client.deliveries('whk_1', { state: 'failed' });
  await client.delivery('whk_1', 'dlv_1');
  await client.replayDelivery('whk_1', 'dlv_1');
  await client.audit({ action: 'key.created' });
  await client.usage({ by: 'day,model', from: undefined });
  expect(asked).toEqual([
    ['POST /v1/setup', first],
    ['GET /v1/webhooks?limit=5&after=whk_1'],
    ['GET /v1/webhooks/whk%201'],
    ['POST /v1/webhooks', hook, 'once a-1'],
    ['PATCH /v1/webhooks/whk_1', { enabled: true }],
    ['DELETE /v1/webhooks/whk_1'],
    ['POST /v1/webhooks/whk_1/secret'],
    ['POST /v1/webhooks/whk_1/test', 'once a-2'],
    ['GET /v1/webhooks/whk_1/deliveries?state=failed'],
    ['GET /v1/webhooks/whk_1/deliveries/dlv_1'],
    ['POST /v1/webhooks/whk_1/deliveries/dlv_1/replay'],
    ['GET /v1/audit?action=key.created'],
    ['GET /v1/usage?by=day%2Cmodel'],
  ]);
});
