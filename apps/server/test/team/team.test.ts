import { join } from 'node:path';
import {
  type CreatedKey,
  type Key,
  type Member,
  type Page,
  type Repository,
  roles,
  type Scope,
  scopesOf,
  type Task,
} from '@tandem/protocol/team';
import type { Delivery, Webhook } from '@tandem/protocol/team-webhook';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asOrganisation } from '../../src/database/transaction.ts';
import { type TestDatabase, temporaryFolder } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { type Made, makeOrganisation, makeRepository, TeamDoor } from '../support/team.ts';
import { openTeamApp, token } from '../support/team-app.ts';

const folder = temporaryFolder();
const repository = join(folder.path, 'till');
makeRepository(repository);
afterAll(folder.remove);

type Described = {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        readonly security?: readonly { readonly key?: readonly string[] }[];
        readonly responses?: Record<string, { readonly links?: Record<string, unknown> }>;
      }
    >
  >;
};

const task = { repository: 'till', prompt: 'count', options: { model: 'scripted/none' } };

onEachDatabase('the team', (opened: () => TestDatabase) => {
  let app: ReturnType<typeof openTeamApp>;
  let shop: Made;
  let bank: Made;
  beforeAll(async () => {
    app = openTeamApp(opened());
    shop = await makeOrganisation(app, 'shop');
    bank = await makeOrganisation(app, 'bank');
    for (const one of [shop, bank])
      await one.administrator.must('POST', '/repositories', { name: 'till', path: repository });
  });
  afterAll(() => app.close());

  const routes: readonly (readonly [method: string, path: string, body?: unknown])[] = [
    ['GET', '/organisation'],
    ['PATCH', '/organisation', { maxRunning: 3 }],
    ['GET', '/members'],
    ['POST', '/members', { name: 'x', role: 'viewer' }],
    ['GET', '/keys'],
    ['POST', '/keys', { name: 'x', member: 'MEMBER' }],
    ['DELETE', '/keys/KEY'],
    ['GET', '/repositories'],
    ['GET', '/repositories/REPOSITORY'],
    ['POST', '/repositories', { name: 'x', path: repository }],
    ['GET', '/repositories/REPOSITORY/heads'],
    ['POST', '/repositories/REPOSITORY/bundles'],
    ['GET', '/tasks'],
    ['POST', '/tasks', task],
    ['GET', '/tasks/TASK'],
    ['POST', '/tasks/TASK/cancel'],
    ['POST', '/tasks/TASK/approval', { decision: 'allow' }],
    ['POST', '/tasks/TASK/questions/apr_000001', { decision: 'allow' }],
    ['GET', '/tasks/TASK/patch'],
    ['GET', '/tasks/TASK/events'],
    ['GET', '/tasks/TASK/log'],
    ['GET', '/audit'],
    ['GET', '/usage'],
    ['GET', '/webhooks'],
    ['POST', '/webhooks', { url: 'https://example.com/x' }],
    ['GET', '/webhooks/WEBHOOK'],
    ['PATCH', '/webhooks/WEBHOOK', { enabled: false }],
    ['DELETE', '/webhooks/WEBHOOK'],
    ['POST', '/webhooks/WEBHOOK/secret'],
    ['POST', '/webhooks/WEBHOOK/test'],
    ['GET', '/webhooks/WEBHOOK/deliveries'],
    ['GET', '/webhooks/WEBHOOK/deliveries/DELIVERY'],
    ['POST', '/webhooks/WEBHOOK/deliveries/DELIVERY/replay'],
  ];

  it('every route asks for a key, and a made-up one opens none', async () => {
    const nobody = new TeamDoor(app.fetch, {});
    const guesser = new TeamDoor(app.fetch, { authorization: 'Bearer tandem_guessed' });
    for (const [method, path, body] of routes)
      for (const door of [nobody, guesser])
        expect([method, path, (await door.ask(method, path, { body })).status]).toEqual([method, path, 401]);
    const loose = new TeamDoor(app.fetch, { authorization: `Bearer ${token}` });
    expect((await loose.ask('GET', '/tasks')).status).toBe(403);
    expect((await shop.door.ask('POST', '/organisations', { body: { name: 'mine' } })).status).toBe(403);
  });

  it('no route shows or changes what is another organisation’s', async () => {
    const mine = await bank.door.must<Task>('POST', '/tasks', task);
    const [key] = (await bank.door.must<Page<Key>>('GET', '/keys')).data;
    const [member] = (await bank.door.must<Page<Member>>('GET', '/members')).data;
    const [place] = (await bank.door.must<Page<Repository>>('GET', '/repositories')).data;
    const hook = await bank.door.must<Webhook>('POST', '/webhooks', { url: 'https://example.com/bank' });
    const sent = await bank.door.must<Delivery>('POST', `/webhooks/${hook.id}/test`);
    const foreign = [mine.id, key!.id, member!.id, place!.id, hook.id, sent.id, bank.organisation.id];
    const named = (text: string): string =>
      text
        .replace('TASK', mine.id)
        .replace('WEBHOOK', hook.id)
        .replace('DELIVERY', sent.id)
        .replace('KEY', key!.id)
        .replace('MEMBER', member!.id)
        .replace('REPOSITORY', place!.id);
    for (const [method, path, body] of routes) {
      const given = body === undefined ? undefined : JSON.parse(named(JSON.stringify(body)));
      const answered = await shop.door.ask(method, named(path), { body: given });
      if (/TASK|KEY|MEMBER|REPOSITORY|WEBHOOK/.test(path + JSON.stringify(body ?? '')))
        expect([path, answered.status]).toEqual([path, 404]);
      const text = JSON.stringify(answered.body);
      if (answered.status < 300) for (const id of foreign) expect(text).not.toContain(id);
    }
    expect(await bank.door.task(mine.id)).toEqual(mine);
    expect((await bank.door.must<Webhook>('GET', `/webhooks/${hook.id}`)).enabled).toBe(true);
    const foreignTask = { ...task, repository: place!.id };
    expect((await shop.door.ask('POST', '/tasks', { body: foreignTask })).status).toBe(404);
  });

  it('the database itself shows an organisation only its own rows', async () => {
    const { pool } = opened().database;
    const listed = `select c.relname::text as name, c.relrowsecurity as secured from pg_class c
      join pg_attribute a on a.attrelid = c.oid and (a.attname = 'org_id' or c.relname = 'organisation')
      where c.relnamespace = 'tandem'::regnamespace and c.relkind = 'r' and a.attnum > 0 group by 1, 2`;
    const tables = (await pool.query<{ name: string; secured: boolean }>(listed)).rows;
    expect(tables.filter(({ secured }) => !secured)).toEqual([]);
    expect(tables.length).toBeGreaterThan(10);
    for (const { name: table } of tables) {
      const column = table === 'organisation' ? 'id' : 'org_id';
      const asked = `select distinct ${column} as org from tandem.${table}`;
      const seen = await asOrganisation(pool, shop.organisation.id, (client) =>
        client.query<{ org: string }>(asked),
      );
      expect([table, seen.rows.filter(({ org }) => org !== shop.organisation.id)]).toEqual([table, []]);
      const unnamed = await asOrganisation(pool, '', (client) => client.query(asked));
      expect([table, unnamed.rowCount]).toEqual([table, 0]);
    }
    const write = asOrganisation(pool, shop.organisation.id, (client) =>
      client.query(
        "insert into tandem.member (id, org_id, name, role) values ('mem_x', $1, 'spy', 'owner')",
        [bank.organisation.id],
      ),
    );
    await expect(write).rejects.toThrow(/row-level security/);
    const log = asOrganisation(pool, shop.organisation.id, (client) =>
      client.query('select from tandem.event'),
    );
    await expect(log).rejects.toThrow(/permission denied/);
    const codes = asOrganisation(pool, shop.organisation.id, (client) =>
      client.query('select from tandem.setup'),
    );
    await expect(codes).rejects.toThrow(/permission denied/);
  });

  it('a key is told whose it is and what it opens', async () => {
    const { data } = await shop.door.must<Page<Member>>('GET', '/members');
    const owner = data.find(({ role }) => role === 'owner')!;
    const narrow = { name: 'watch', member: owner.id, scopes: ['usage:read'] };
    const { secret } = await shop.door.must<CreatedKey>('POST', '/keys', narrow);
    const door = new TeamDoor(app.fetch, { authorization: `Bearer ${secret}` });
    expect(await door.must('GET', '/me')).toEqual({
      organisation: shop.organisation.id,
      name: owner.name,
      scopes: ['usage:read'],
    });
    const machine = new TeamDoor(app.fetch, { authorization: `Bearer ${token}` });
    expect(await machine.must('GET', '/me')).toEqual({
      organisation: null,
      name: 'administrator',
      scopes: [],
    });
    expect((await new TeamDoor(app.fetch, {}).ask('GET', '/me')).status).toBe(401);
  });

  it('a role does what its scopes say on every route, and gives nobody more than it has', async () => {
    const firm = await makeOrganisation(app, 'firm');
    await firm.administrator.must('POST', '/repositories', { name: 'till', path: repository });
    const response = await app.fetch('/openapi.json', { headers: { authorization: `Bearer ${token}` } });
    const { paths } = (await response.json()) as Described;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
        scope: security?.[0]?.key?.[0],
      })),
    );
    const scopeOf = (method: string, path: string): Scope | undefined =>
      described.find((one) => one.method === method && one.pattern.test(`/v1${path}`))?.scope as Scope;
    const untried = described.filter(
      ({ method, pattern, scope }) =>
        scope !== undefined &&
        scope !== 'administrator' &&
        !routes.some((one) => one[0] === method && pattern.test(`/v1${one[1]}`)),
    );
    expect(untried).toEqual([]);
    for (const role of roles) {
      const door = role === 'owner' ? firm.door : await firm.as(role);
      for (const [method, path, body] of routes) {
        const scope = scopeOf(method, path);
        expect([path, scope]).toEqual([path, expect.any(String)]);
        const { status } = await door.ask(method, path, { body });
        const allowed = scopesOf[role].includes(scope!);
        expect([role, method, path, status === 403, status === 401]).toEqual([
          ...[role, method, path],
          ...[!allowed, false],
        ]);
      }
    }
    const { data: members } = await firm.door.must<Page<Member>>('GET', '/members');
    const byRole = (role: string): string => members.find((one) => one.role === role)!.id;
    const maintainer = await firm.administrator.must<CreatedKey>('POST', '/keys', {
      name: 'm',
      member: byRole('maintainer'),
    });
    const door = new TeamDoor(app.fetch, { authorization: `Bearer ${maintainer.secret}` });
    const grab = { name: 'grab', member: byRole('owner') };
    expect((await door.ask('POST', '/keys', { body: grab })).status).toBe(400);
    const narrow = { name: 'ci', member: byRole('developer'), scopes: ['tasks:read'] };
    const { secret } = await door.must<CreatedKey>('POST', '/keys', narrow);
    const ci = new TeamDoor(app.fetch, { authorization: `Bearer ${secret}` });
    expect((await ci.ask('GET', '/tasks')).status).toBe(200);
    expect((await ci.ask('POST', '/tasks', { body: task })).status).toBe(403);
    expect((await door.ask('POST', '/repositories', { body: { name: 'etc', path: '/etc' } })).status).toBe(
      400,
    );
  });

  it('a key is kept as a hash, and opens nothing once it is revoked or over', async () => {
    const { data } = await shop.door.must<Page<Member>>('GET', '/members');
    const body = { name: 'once', member: data[0]!.id };
    const made = await shop.door.must<CreatedKey>('POST', '/keys', body);
    const door = new TeamDoor(app.fetch, { authorization: `Bearer ${made.secret}` });
    expect((await door.ask('GET', '/tasks')).status).toBe(200);
    const { rows } = await opened().database.pool.query('select * from tandem.api_key');
    expect(JSON.stringify(rows)).not.toContain(made.secret);
    expect(JSON.stringify(await shop.door.must('GET', '/keys'))).not.toContain(made.secret);
    expect((await shop.door.ask('DELETE', `/keys/${made.id}`)).status).toBe(204);
    expect((await door.ask('GET', '/tasks')).status).toBe(401);
    const over = await shop.door.must<CreatedKey>('POST', '/keys', {
      ...body,
      expiresAt: '2001-01-01T00:00:00Z',
    });
    const late = new TeamDoor(app.fetch, { authorization: `Bearer ${over.secret}` });
    expect((await late.ask('GET', '/tasks')).status).toBe(401);
  });

  it('the same request with the same key is done once, at the same moment too', async () => {
    const headers = { 'idempotency-key': 'a-1' };
    const ask = (body: unknown) => shop.door.ask<Task>('POST', '/tasks', { body, headers });
    const answers = await Promise.all([ask(task), ask(task), ask(task)]);
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect((await ask({ ...task, prompt: 'something else' })).status).toBe(409);
    const other = await bank.door.ask<Task>('POST', '/tasks', { body: task, headers });
    expect(other.body.id).not.toBe(answers[0]!.body.id);
    const { data } = await shop.door.must<Page<Member>>('GET', '/members');
    const key = { body: { name: 'twice', member: data[0]!.id }, headers: { 'idempotency-key': 'a-2' } };
    const first = await shop.door.ask<CreatedKey>('POST', '/keys', key);
    const again = await shop.door.ask<CreatedKey>('POST', '/keys', key);
    expect([typeof first.body.secret, again.body]).toEqual(['string', { ...first.body, secret: null }]);
  });

  it('a list is read page by page, newest first, each task once', async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index++)
      made.unshift((await shop.door.must<Task>('POST', '/tasks', task)).id);
    const seen: string[] = [];
    let after = '';
    do {
      const path = `/tasks?limit=2${after === '' ? '' : `&after=${after}`}`;
      const page = await shop.door.must<Page<Task>>('GET', path);
      seen.push(...page.data.map(({ id }) => id));
      after = page.next ?? '';
    } while (after !== '');
    expect(seen.slice(0, 5)).toEqual(made);
    expect(new Set(seen).size).toBe(seen.length);
    const none = await shop.door.must<Page<Task>>('GET', '/tasks?state=completed');
    expect(none).toEqual({ data: [], next: null });
  });

  it('a task says by its ETag whether it changed; a queued one is cancelled at once, and once', async () => {
    const { id } = await shop.door.must<Task>('POST', '/tasks', task);
    const read = await shop.door.ask<Task>('GET', `/tasks/${id}`);
    const headers = { 'if-none-match': read.headers.get('etag')! };
    expect((await shop.door.ask('GET', `/tasks/${id}`, { headers })).status).toBe(304);
    const cancelled = await shop.door.must<Task>('POST', `/tasks/${id}/cancel`);
    expect([cancelled.state, cancelled.why]).toEqual(['cancelled', 'it was cancelled']);
    expect((await shop.door.ask('GET', `/tasks/${id}`, { headers })).status).toBe(200);
    await shop.door.must('POST', `/tasks/${id}/cancel`);
    const events = await shop.door.untilOver(id);
    expect(events.map(({ type }) => type)).toEqual(['task.created', 'task.cancelled']);
    const change = { body: { maxRunning: 5 }, headers: { 'if-match': '"99"' } };
    expect((await shop.door.ask('PATCH', '/organisation', change)).status).toBe(412);
  });

  it('what is wrong with a request is said as a problem', async () => {
    const big = { ...task, prompt: 'x'.repeat(1_100_000) };
    const cases: readonly (readonly [
      number,
      Promise<{ status: number; headers: Headers; body: unknown }>,
    ])[] = [
      [400, shop.door.ask('POST', '/tasks', { body: { ...task, prompt: '' } })],
      [400, shop.door.ask('POST', '/tasks', { body: { ...task, extra: 1 } })],
      [
        400,
        shop.door.ask('POST', '/tasks', {
          body: { ...task, options: { ...task.options, permissionMode: 'bypass' } },
        }),
      ],
      [404, shop.door.ask('POST', '/tasks', { body: { ...task, repository: 'none' } })],
      [404, shop.door.ask('GET', '/tasks/task_none')],
      [405, shop.door.ask('PUT', '/tasks')],
      [409, shop.administrator.ask('POST', '/members', { body: { name: 'a-owner', role: 'owner' } })],
      [413, shop.door.ask('POST', '/tasks', { body: big })],
    ];
    for (const [status, asked] of cases) {
      const answered = await asked;
      expect([status, answered.body]).toEqual([
        answered.status,
        expect.objectContaining({ status, detail: expect.any(String), code: expect.any(String) }),
      ]);
      expect(answered.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  it('one key may ask so often in a minute, and nobody else pays for it', async () => {
    const limited = openTeamApp(opened(), { perMinute: 3 });
    const keyOf = async (name: string): Promise<Record<string, string>> => {
      const member = (await shop.door.must<Page<Member>>('GET', '/members')).data[0]!.id;
      const { secret } = await shop.door.must<CreatedKey>('POST', '/keys', { name, member });
      return { authorization: `Bearer ${secret}` };
    };
    const one = await keyOf('one');
    const { id } = await shop.door.must<Task>('POST', '/tasks', task);
    const fields = [];
    for (const path of ['/tasks', '/tasks/task_none', `/tasks/${id}/events`, '/tasks']) {
      const stop = new AbortController();
      const { status, headers } = await limited.fetch(`/v1${path}`, { headers: one, signal: stop.signal });
      fields.push([status, headers.get('ratelimit')?.replace(/t=\d+/, 't=…')]);
      if (status !== 429) continue;
      expect(headers.get('ratelimit-policy')).toBe('"key";q=3;w=60');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
      stop.abort();
    }
    expect(fields).toEqual([
      [200, '"key";r=2;t=…'],
      [404, '"key";r=1;t=…'],
      [200, '"key";r=0;t=…'],
      [429, '"key";r=0;t=…'],
    ]);
    const refused = await new TeamDoor(limited.fetch, one).ask<{ code: string }>('GET', '/tasks');
    expect([refused.status, refused.body.code]).toEqual([429, 'limit']);
    const guesser = new TeamDoor(limited.fetch, { authorization: 'Bearer guess' });
    const guesses = [];
    for (let index = 0; index < 4; index++) guesses.push((await guesser.ask('GET', '/tasks')).status);
    expect(guesses).toEqual([401, 401, 401, 429]);
    const other = new TeamDoor(limited.fetch, await keyOf('other'));
    expect((await other.ask('GET', '/tasks')).status).toBe(200);
    await limited.close();
  });

  it('the OpenAPI document names every route with the scope that it asks for', async () => {
    const response = await app.fetch('/openapi.json', { headers: { authorization: `Bearer ${token}` } });
    const document = (await response.json()) as Described;
    expect(document.paths['/v1/tasks']?.post?.security).toEqual([{ key: ['tasks:write'] }]);
    expect(document.paths['/v1/tasks']?.post?.responses?.['202']?.links?.cancelTask).toEqual({
      operationId: 'cancelTask',
      parameters: { id: '$response.body#/id' },
    });
    const withKey = await shop.door.ask('GET', '/../openapi.json');
    expect([withKey.status, withKey.body]).toEqual([200, document]);
    expect(document.paths['/v1/tasks/{id}/events']?.get?.security).toEqual([{ key: ['tasks:read'] }]);
  });
});
