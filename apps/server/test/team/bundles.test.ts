import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CreatedKey, type Member, maxBundleBytes, type Page, type Task } from '@tandem/protocol/team';
import type { AuditRow } from '@tandem/protocol/team-audit';
import { createTeamClient, type TeamClient } from '@tandem/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepBundles } from '../../src/task/bundle-files.ts';
import { bundleIn, commitIn } from '../support/bundle.ts';
import { type TestDatabase, temporaryFolder } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { type Made, makeOrganisation, makeRepository } from '../support/team.ts';
import { openTeamApp } from '../support/team-app.ts';

const folder = temporaryFolder();
const repository = join(folder.path, 'till');
const base = makeRepository(repository);
const commit = commitIn(repository, 'new.txt', 'new\n');
const bytes = bundleIn(repository, base);
afterAll(folder.remove);

onEachDatabase('bundles', (opened: () => TestDatabase) => {
  const state = mkdtempSync(join(folder.path, 'state-'));
  let app: ReturnType<typeof openTeamApp>;
  let shop: Made;
  let bank: Made;
  let key = '';
  let client: TeamClient;
  beforeAll(async () => {
    app = openTeamApp(opened(), { state });
    shop = await makeOrganisation(app, 'shop');
    bank = await makeOrganisation(app, 'bank');
    for (const one of [shop, bank])
      await one.administrator.must('POST', '/repositories', { name: 'till', path: repository });
    await shop.administrator.must('POST', '/repositories', { name: 'other', path: repository });
    key = await keyOf(shop);
    client = clientOf(key);
  });
  afterAll(() => app.close());

  const keyOf = async ({ administrator }: Made): Promise<string> => {
    const { data } = await administrator.must<Page<Member>>('GET', '/members');
    const owner = { name: 'bundles', member: data[0]!.id };
    return (await administrator.must<CreatedKey>('POST', '/keys', owner)).secret!;
  };
  const clientOf = (token: string): TeamClient =>
    createTeamClient({
      fetch: (request) => app.fetch(request.url.slice(request.url.indexOf('/v1')), request),
      token,
    });
  const upload = (
    body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    headers: Record<string, string> = {},
  ) =>
    app.fetch('/v1/repositories/till/bundles', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream', ...headers },
      body,
      ...{ duplex: 'half' },
    });
  const taskOf = (bundle: string, named = 'till') => ({
    ...{ repository: named, prompt: 'count' },
    options: { model: 'scripted/none', base: { bundle } },
  });

  it('is kept as it came, for one task of its organisation and repository', async () => {
    expect(await client.heads('till')).toEqual([{ name: 'main', commit }]);
    const made = await client.createBundle('till', new Blob([bytes]));
    expect(made).toMatchObject({ id: expect.stringMatching(/^bdl_/), bytes: bytes.length });
    expect(readdirSync(join(state, 'bundles'))).toContain(`${made.id}.bundle`);
    const { data } = await shop.door.must<Page<AuditRow>>('GET', '/audit?action=bundle.received');
    expect(JSON.parse(data[0]!.data)).toMatchObject({ sha256: made.sha256, bytes: bytes.length });
    const foreign = await bank.door.ask('POST', '/tasks', { body: taskOf(made.id) });
    expect([foreign.status, JSON.stringify(foreign.body)]).toEqual([
      404,
      expect.stringContaining('no bundle'),
    ]);
    expect((await shop.door.ask('POST', '/tasks', { body: taskOf(made.id, 'other') })).status).toBe(400);
    const task = await shop.door.must<Task>('POST', '/tasks', taskOf(made.id));
    expect(task.options.base).toEqual({ bundle: made.id });
    const again = await shop.door.ask('POST', '/tasks', { body: taskOf(made.id) });
    expect([again.status, JSON.stringify(again.body)]).toEqual([409, expect.stringContaining(task.id)]);
  });

  it('the same with the same key is handed over once, and another with it is refused', async () => {
    const once = 'bundle-1';
    const first = await client.createBundle('till', new Blob([bytes]), { once });
    expect(await client.createBundle('till', new Blob([bytes]), { once })).toEqual(first);
    expect((await upload(Buffer.concat([bytes, bytes]), { 'idempotency-key': once })).status).toBe(409);
    const kept = readdirSync(join(state, 'bundles')).filter((name) => name.endsWith('.part'));
    expect(kept).toEqual([]);
    const { rows } = await opened().database.pool.query('select id from tandem.bundle');
    expect(readdirSync(join(state, 'bundles')).length).toBe(rows.length);
  });

  it('refuses what is no bundle and what is too large, and keeps nothing of it', async () => {
    const before = readdirSync(join(state, 'bundles'));
    for (const body of ['', 'PACK', '{"a":1}'.repeat(9)]) expect((await upload(body)).status).toBe(422);
    const long = { 'content-length': String(maxBundleBytes + 1) };
    const told = await upload(bytes, long);
    expect([told.status, await told.text()]).toEqual([
      413,
      expect.stringContaining(`${maxBundleBytes} bytes`),
    ]);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(sent === 0 ? bytes : new Uint8Array(1_000_000));
        sent += 1;
      },
    });
    expect((await upload(endless)).status).toBe(413);
    expect(sent).toBeLessThan(80);
    expect(readdirSync(join(state, 'bundles'))).toEqual(before);
  });

  it('without a task it is gone after a day; with one it stays', async () => {
    const { pool } = opened().database;
    const waits = await client.createBundle('till', new Blob([bytes]));
    const works = await client.createBundle('till', new Blob([bytes]));
    await shop.door.must('POST', '/tasks', taskOf(works.id));
    const orphan = join(state, 'bundles', 'bdl_orphan.bundle.part');
    writeFileSync(orphan, 'x');
    utimesSync(orphan, 1, 1);
    await pool.query(`update tandem.bundle set created_at = now() - interval '25 hours'`);
    await sweepBundles({ pool, state, place: state });
    const left = readdirSync(join(state, 'bundles'));
    expect([left.includes(`${waits.id}.bundle`), left.includes(`${works.id}.bundle`)]).toEqual([false, true]);
    expect(left.includes('bdl_orphan.bundle.part')).toBe(false);
    expect((await shop.door.ask('POST', '/tasks', { body: taskOf(waits.id) })).status).toBe(404);
  });

  it('no organisation fills the disk: bundles without a task are counted', async () => {
    const answers: number[] = [];
    for (let index = 0; index < 33; index++) answers.push((await upload(bytes)).status);
    expect(answers.at(-1)).toBe(429);
    const other = clientOf(await keyOf(bank));
    expect((await other.createBundle('till', new Blob([bytes]))).id).toMatch(/^bdl_/);
  });
});
