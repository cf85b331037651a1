import { join } from 'node:path';
import type { CreatedKey, Member, Page, Task } from '@tandem/protocol/team';
import type { AuditRow } from '@tandem/protocol/team-audit';
import type { CreatedWebhook } from '@tandem/protocol/team-webhook';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstPrevious, hashOfRow } from '../../src/audit/hash.ts';
import { recordAct, serverChain } from '../../src/audit/record.ts';
import { verifyChain } from '../../src/audit/verify.ts';
import { readBackup } from '../../src/backup/read-backup.ts';
import { writeBackup } from '../../src/backup/write-backup.ts';
import { asOrganisation, inTransaction, type Query } from '../../src/database/transaction.ts';
import { never, type TestDatabase, temporaryFolder } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { type Made, makeOrganisation, makeRepository, TeamDoor } from '../support/team.ts';
import { openTeamApp } from '../support/team-app.ts';

const folder = temporaryFolder();
makeRepository(join(folder.path, 'till'));
afterAll(folder.remove);
const task = { repository: 'till', prompt: 'a secret plan', options: { model: 'scripted/none' } };

onEachDatabase('the audit', (opened: () => TestDatabase) => {
  let app: ReturnType<typeof openTeamApp>;
  let shop: Made;
  beforeAll(async () => {
    app = openTeamApp(opened());
    shop = await makeOrganisation(app, 'shop');
  });
  afterAll(() => app.close());
  const rowsOf = async (made: Made, query = ''): Promise<readonly AuditRow[]> =>
    (await made.door.must<Page<AuditRow>>('GET', `/audit?limit=100${query}`)).data.toReversed();
  const chainOf = (made: Made): string => made.organisation.id;

  it('says who did what, with the key and without what is secret', async () => {
    const { door, administrator } = shop;
    await administrator.must('POST', '/repositories', { name: 'till', path: join(folder.path, 'till') });
    await door.must('PATCH', '/organisation', { maxRunning: 3 });
    const ben = await door.must<Member>('POST', '/members', { name: 'ben', role: 'viewer' });
    const key = await door.must<CreatedKey>('POST', '/keys', { name: 'k', member: ben.id });
    expect((await door.ask('DELETE', `/keys/${key.id}`)).status).toBe(204);
    const { id } = await door.must<Task>('POST', '/tasks', task);
    await door.must('POST', `/tasks/${id}/cancel`);
    const url = 'https://example.com/in?token=hush';
    const hook = await door.must<CreatedWebhook>('POST', '/webhooks', { url });
    await door.must('PATCH', `/webhooks/${hook.id}`, { enabled: false });
    const rotated = await door.must<CreatedWebhook>('POST', `/webhooks/${hook.id}/secret`);
    await door.ask('DELETE', `/webhooks/${hook.id}`);
    const rows = await rowsOf(shop);
    expect(rows.map(({ action, actorName, subject }) => [action, actorName, subject])).toEqual([
      ['organisation.created', 'administrator', chainOf(shop)],
      ['member.added', 'administrator', expect.stringMatching(/^mem_/)],
      ['key.created', 'administrator', expect.stringMatching(/^key_/)],
      ['repository.added', 'administrator', expect.stringMatching(/^rep_/)],
      ['organisation.changed', 'a-owner', chainOf(shop)],
      ['member.added', 'a-owner', ben.id],
      ['key.created', 'a-owner', key.id],
      ['key.revoked', 'a-owner', key.id],
      ['task.created', 'a-owner', id],
      ['task.cancelled', 'a-owner', id],
      ['task.cancel_asked', 'a-owner', id],
      ['webhook.created', 'a-owner', hook.id],
      ['webhook.changed', 'a-owner', hook.id],
      ['secret.changed', 'a-owner', hook.id],
      ['webhook.deleted', 'a-owner', hook.id],
    ]);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    const all = JSON.stringify(rows);
    for (const hidden of [key.secret!, hook.secret!, rotated.secret!, 'a secret plan', 'hush'])
      expect([hidden, all.includes(hidden)]).toEqual([hidden, false]);
    const own = (JSON.parse(rows[1 + 1]!.data) as { member: string }).member;
    expect(JSON.parse(rows[8]!.data)).toMatchObject({
      ...{ model: 'scripted/none', promptHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      key: rows[2]!.subject,
    });
    expect(rows[8]!.actor).toBe(`member:${own}`);
    const found = await rowsOf(shop, `&action=webhook.changed&subject=${hook.id}`);
    expect(found.map(({ seq }) => seq)).toEqual([13]);
    const [first, ...rest] = rows;
    expect(first!.previous).toBe(firstPrevious);
    for (const [index, row] of rest.entries()) {
      expect(row.previous).toBe(rows[index]!.hash);
      expect(hashOfRow({ ...row, org_id: chainOf(shop) })).toBe(row.hash);
    }
    const page = await door.must<Page<AuditRow>>('GET', '/audit?limit=2');
    const next = await door.must<Page<AuditRow>>('GET', `/audit?limit=2&after=${page.next}`);
    expect([...page.data, ...next.data].map(({ seq }) => seq)).toEqual([15, 14, 13, 12]);
  });

  it('has no gap under writers at the same moment, some of which fail', async () => {
    const { pool } = opened().database;
    const firm = await makeOrganisation(app, 'firm');
    const before = (await rowsOf(firm)).length;
    const write = (index: number): Promise<void> =>
      asOrganisation(pool, chainOf(firm), async (client) => {
        const by = { organisation: chainOf(firm), actor: 'server' };
        await recordAct(client, by, { action: 'task.completed', subject: `ünïcode\n${index}` });
        if (index % 4 === 0) throw new Error('rolled back');
      });
    const done = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => write(index)));
    const written = done.filter(({ status }) => status === 'fulfilled').length;
    expect(written).toBe(45);
    const rows = await rowsOf(firm);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    expect(rows).toHaveLength(before + 45);
    expect(await verifyChain(pool, chainOf(firm))).toEqual({
      ok: true,
      head: { seq: before + 45, hash: rows.at(-1)!.hash },
    });
  });

  it('a row is never changed, and nobody chooses its place or another’s chain', async () => {
    const { pool } = opened().database;
    const statements = [
      "update tandem.audit set subject = 'x'",
      'delete from tandem.audit',
      'truncate tandem.audit',
    ];
    for (const statement of statements)
      await expect(pool.query(statement)).rejects.toThrow(/an audit row is never changed/);
    const asShop = (text: string, values: readonly unknown[] = []) =>
      asOrganisation(pool, chainOf(shop), (client: Query) => client.query(text, [...values]));
    for (const statement of statements) await expect(asShop(statement)).rejects.toThrow(/permission denied/);
    const forged = `insert into tandem.audit (org_id, actor, action, subject, data, seq, hash)
      values ($1, 'a', 'b', 'c', '{}', 99, 'x')`;
    await expect(asShop(forged, [chainOf(shop)])).rejects.toThrow(/permission denied/);
    const foreign =
      "insert into tandem.audit (org_id, actor, action, subject, data) values ($1, 'a', 'b', 'c', '{}')";
    await expect(asShop(foreign, [serverChain])).rejects.toThrow(/row-level security/);
  });

  it('verify says where a chain was broken, and a noted head that its end was cut', async () => {
    const { pool } = opened().database;
    const made = await makeOrganisation(app, 'bank');
    const chain = chainOf(made);
    for (const name of ['one', 'two', 'three'])
      await made.door.must('POST', '/members', { name, role: 'viewer' });
    const head = (await rowsOf(made)).at(-1)!;
    /** As somebody who owns the database could; undone afterwards. */
    const broken = async (
      change: (client: Query) => Promise<unknown>,
      expected: typeof head | null = null,
    ) => {
      const undone = new Error('undone');
      let found: unknown;
      await inTransaction(pool, async (client) => {
        await client.query('alter table tandem.audit disable trigger user');
        await change(client);
        found = await verifyChain(client, chain, expected);
        throw undone;
      }).catch((error: unknown) => {
        if (error !== undone) throw error;
      });
      return found;
    };
    const at = (seq: number) => `where org_id = '${chain}' and seq = ${seq}`;
    expect(
      await broken((client) => client.query(`update tandem.audit set actor = 'nobody' ${at(4)}`)),
    ).toEqual({ ok: false, seq: 4, why: 'it was changed' });
    expect(await broken((client) => client.query(`delete from tandem.audit ${at(2)}`))).toEqual({
      ok: false,
      seq: 2,
      why: 'it is missing; 3 comes next',
    });
    const rewrite = async (client: Query): Promise<void> => {
      const { rows } = await client.query<{ row: Parameters<typeof hashOfRow>[0] }>(
        `select json_build_object('org_id', org_id, 'seq', seq, 'at', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          'actor', 'nobody', 'action', action, 'subject', subject, 'data', data::text, 'previous', previous) as row
          from tandem.audit ${at(4)}`,
      );
      const hash = hashOfRow(rows[0]!.row);
      await client.query(`update tandem.audit set actor = 'nobody', hash = '${hash}' ${at(4)}`);
    };
    expect(await broken(rewrite)).toEqual({ ok: false, seq: 5, why: 'it does not follow the row before' });
    const cut = (client: Query) => client.query(`delete from tandem.audit ${at(head.seq)}`);
    expect(await broken(cut)).toMatchObject({ ok: true });
    expect(await broken(cut, head)).toEqual({
      ok: false,
      seq: head.seq,
      why: `the rows up to ${head.seq} are missing`,
    });
    expect(await verifyChain(pool, chain, head)).toMatchObject({ ok: true });
    expect(await verifyChain(pool, chain, { ...head, hash: 'f'.repeat(64) })).toMatchObject({ ok: false });
  });

  it('wrong keys are counted, not kept; those of a revoked one where it belonged', async () => {
    const made = await makeOrganisation(app, 'club');
    const { data } = await made.door.must<Page<Member>>('GET', '/members');
    const key = await made.door.must<CreatedKey>('POST', '/keys', { name: 'old', member: data[0]!.id });
    await made.door.ask('DELETE', `/keys/${key.id}`);
    const wrong = ['tandem_guess-1', 'tandem_guess-2', key.secret!];
    for (const secret of wrong) {
      const door = new TeamDoor(app.fetch, { authorization: `Bearer ${secret}` });
      expect((await door.ask('GET', '/tasks')).status).toBe(401);
    }
    await app.close();
    app = openTeamApp(opened());
    const { pool } = opened().database;
    const { rows } = await pool.query(
      "select org_id, subject, data from tandem.audit where action = 'sign_in.failed'",
    );
    const count = (org: string): number =>
      rows.filter(({ org_id }) => org_id === org).reduce((sum, one) => sum + one.data.count, 0);
    expect([count(serverChain) >= 2, count(chainOf(made))]).toEqual([true, 1]);
    expect(rows.find(({ org_id }) => org_id === chainOf(made)).subject).toBe(key.id);
    for (const secret of wrong) expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('comes back from a backup as it was chained', async () => {
    const { database, another } = opened();
    const file = join(folder.path, `${process.pid}-${Math.random()}.backup`);
    const client = await database.connect();
    await writeBackup({ client, file, at: new Date().toISOString(), signal: never });
    await client.end();
    const beside = await another();
    const restored = await beside.connect();
    await readBackup({ client: restored, file, say: () => {}, signal: never });
    const chains = await restored.query<{ org_id: string }>('select distinct org_id from tandem.audit');
    expect(chains.rowCount).toBeGreaterThan(3);
    for (const { org_id: chain } of chains.rows)
      expect(await verifyChain(restored, chain)).toEqual(await verifyChain(database.pool, chain));
    await recordAct(
      restored,
      { organisation: chainOf(shop), actor: 'server' },
      { action: 'task.failed', subject: 'x' },
    );
    expect(await verifyChain(restored, chainOf(shop))).toMatchObject({ ok: true });
    await restored.end();
  });
});
