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
