import { type Scope, scopesOf } from '@tandem/protocol/team';
import { expect, it } from 'vitest';
import { appliedMigrations, type Migration, migrate, readMigrations } from '../../src/database/migrate.ts';
import { openStore } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { admitted, codeOf, created, session } from '../support/events.ts';

const quiet = { say: () => {} };
const known = readMigrations();

const further = (sql: string): readonly Migration[] => [
  ...known,
  { number: known.length + 1, name: 'further', sql, sha256: 'f'.repeat(64) },
];

const old = {
  owner: scopesOf.owner.slice(0, 10),
  maintainer: scopesOf.maintainer.slice(0, 8),
  developer: scopesOf.developer,
};
const literal = (scopes: readonly string[]): string => `'{${scopes.join(',')}}'`;
const hash = (digit: string): string => `'${digit.repeat(64)}'`;

/** As the server before webhooks left it: a task that is over, with its log. */
const teamOfVersion4 = `
  insert into tandem.organisation (id, name, max_running) values ('org_1', 'shop', 2);
  insert into tandem.member (id, org_id, name, role) values ('mem_o', 'org_1', 'ada', 'owner'),
    ('mem_m', 'org_1', 'ben', 'maintainer'), ('mem_d', 'org_1', 'eve', 'developer');
  insert into tandem.api_key (id, org_id, member_id, name, hash, scopes) values
    ('key_owner', 'org_1', 'mem_o', 'a', ${hash('a')}, ${literal(old.owner)}),
    ('key_narrow', 'org_1', 'mem_o', 'b', ${hash('b')}, '{tasks:read}'),
    ('key_maintainer', 'org_1', 'mem_m', 'c', ${hash('c')}, ${literal(old.maintainer)}),
    ('key_developer', 'org_1', 'mem_d', 'd', ${hash('d')}, ${literal(old.developer)});
  insert into tandem.repository (id, org_id, name, path) values ('rep_1', 'org_1', 'till', '/till');
  insert into tandem.session (id, last_seq) values ('ses_1', 2);
  insert into tandem.event (session_id, seq, id, type, at, body) values
    ('ses_1', 1, 'a', 'step.started', '2026-01-01T00:00:00Z', '{"data":{"step":"s","model":"m/one"}}'),
    ('ses_1', 2, 'b', 'step.completed', '2026-01-01T00:00:01.5Z',
      '{"data":{"step":"s","usage":{"in":7,"cached":0,"out":1,"costUsd":0.25}}}');
  insert into tandem.task (id, org_id, repository_id, created_by, prompt, options, state, stage, why, last_seq, session_id)
    values ('task_1', 'org_1', 'rep_1', 'member:mem_d', 'x', '{}', 'completed', 'notify', 'done', 1, 'ses_1');
  insert into tandem.task_event (org_id, task_id, seq, type, actor, data) values ('org_1', 'task_1', 1, 'task.created', 'x', '{}');
  insert into tandem.run (id, org_id, version, stage, state) values ('task_1', 'org_1', 1, 'notify', 'done');
`;

onEachDatabase('migrations', (opened) => {
  it('two servers that start at once migrate once', async () => {
    const { connect } = await opened().another();
    const clients = await Promise.all([connect(), connect(), connect()]);
    const done = await Promise.all(clients.map((client) => migrate(client, quiet)));
    expect(done.map((applied) => applied.length).toSorted()).toEqual([0, 0, known.length]);
    for (const client of clients) await client.end();
  });

  it('from every version on, what the database holds stays as it is', async () => {
    for (let version = 1; version < known.length; version++) {
      const { connect, pool } = await opened().another();
      const client = await connect();
      await migrate(client, { known: known.slice(0, version), say: () => {} });
      const event = { ...created('a'), seq: 1 };
      await client.query(
        "insert into tandem.session (id, last_seq, title, cwd, created_at, updated_at) values ($1, 1, 'old', '/old', $2, $2)",
        [session, event.at],
      );
      await client.query(
        'insert into tandem.event (session_id, seq, id, type, at, body) values ($1, 1, $2, $3, $4, $5)',
        [session, event.id, event.type, event.at, JSON.stringify(event)],
      );
      expect((await migrate(client, quiet)).length).toBe(known.length - version);
      const store = openStore({ pool, connect });
      const [next] = await store.append({ session, expectedSeq: 1, events: [admitted('b')] });
      expect(await store.read(session)).toEqual([event, next]);
      expect((await store.list())[0]).toMatchObject({ id: session, title: 'old', events: 2 });
      await store.close();
      await client.end();
    }
  });

  it('a team of the version before webhooks goes on: its rows, its keys, and what its tasks used', async () => {
    const { connect } = await opened().another();
    const client = await connect();
    await migrate(client, { known: known.slice(0, 4), say: () => {} });
    await client.query(teamOfVersion4);
    const rows = async (): Promise<unknown> => {
      const tables = ['organisation', 'member', 'repository', 'task', 'task_event', 'run'];
      const found: unknown[] = [];
      for (const table of tables)
        found.push((await client.query(`select row_to_json(t) as row from tandem.${table} t`)).rows);
      return found;
    };
    const before = await rows();
    await migrate(client, quiet);
    expect(await rows()).toEqual(before);
    const keys = await client.query<{ id: string; scopes: readonly Scope[] }>(
      'select id, scopes from tandem.api_key order by id',
    );
    const scopesOfKey = Object.fromEntries(keys.rows.map(({ id, scopes }) => [id, scopes.toSorted()]));
    expect(scopesOfKey).toEqual({
      key_developer: scopesOf.developer.toSorted(),
      key_maintainer: scopesOf.maintainer.toSorted(),
      key_narrow: ['tasks:read'],
      key_owner: scopesOf.owner.toSorted(),
    });
    const used = await client.query('select model, tokens_in, cost_usd, ms from tandem.usage');
    expect(used.rows).toEqual([{ model: 'm/one', tokens_in: 7, cost_usd: 0.25, ms: 1_500 }]);
    await client.end();
  });

  it('one that fails leaves nothing of itself', async () => {
    const { connect } = await opened().another();
    const client = await connect();
    const broken = further('create table tandem.half (id text); select no_such_function()');
    expect(await codeOf(migrate(client, { known: broken, say: () => {} }))).toBe('42883');
    expect((await appliedMigrations(client)).length).toBe(known.length);
    const { rows } = await client.query("select to_regclass('tandem.half') as half");
    expect(rows).toEqual([{ half: null }]);
    expect(await migrate(client, { known: further('select 1'), say: () => {} })).toHaveLength(1);
    await client.end();
  });

  it('a database that a newer program made is refused, and so is one of another build', async () => {
    const { connect } = await opened().another();
    const client = await connect();
    await migrate(client, { known: further('select 1'), say: () => {} });
    await expect(migrate(client, quiet)).rejects.toThrow(/made by a newer Tandem; this one knows/);
    await client.query("update tandem.migration set sha256 = 'x' where number = 1");
    await expect(migrate(client, { known: further('select 1'), say: () => {} })).rejects.toThrow(
      /Migration 1 \(sessions\) of the database is not the one/,
    );
    await client.end();
  });
});
