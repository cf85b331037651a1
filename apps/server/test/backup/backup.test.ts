import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { readBackup } from '../../src/backup/read-backup.ts';
import { writeBackup } from '../../src/backup/write-backup.ts';
import { appliedMigrations, migrate, readMigrations } from '../../src/database/migrate.ts';
import { never, openStore, temporaryFolder } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { admitted, codeOf, created, session } from '../support/events.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

let count = 0;
const at = '2026-01-01T00:00:00.000Z';
const strange = 'tab\t, \\N, line\nend, \\., "quote", \u0000, \ud83d\ude80, \ud83d alone';

onEachDatabase('backup and restore', (opened) => {
  const withClient = async <T>(
    database: { readonly connect: () => Promise<pg.Client> },
    work: (client: pg.Client) => Promise<T>,
  ): Promise<T> => {
    const client = await database.connect();
    return await work(client).finally(() => client.end());
  };
  const save = async (): Promise<string> => {
    count += 1;
    const file = join(folder.path, `${count}.backup`);
    await withClient(opened().database, (client) => writeBackup({ client, file, at, signal: never }));
    return file;
  };
  const load = async (file: string, into: { readonly connect: () => Promise<pg.Client> }) =>
    await withClient(into, (client) => readBackup({ client, file, say: () => {}, signal: never }));

  const fill = async () => {
    await opened().empty();
    const store = openStore(opened().database);
    const lease = await store.acquire(session);
    await store.append({ session, expectedSeq: 0, events: [created('a')], fence: lease.fence });
    const events = Array.from({ length: 300 }, (_, index) => admitted(`e${index}`, `${strange} ${index}`));
    await store.append({ session, expectedSeq: 1, events, fence: lease.fence });
    const blob = await store.putBlob(Uint8Array.from({ length: 100_000 }, (_, index) => index % 251));
    return { store, blob, fence: lease.fence };
  };

  it('gives back every event, blob and list, and a later fence', async () => {
    const { store, blob, fence } = await fill();
    const file = await save();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const fresh = await opened().another();
    expect((await load(file, fresh)).rows).toMatchObject({ session: 1, event: 301, blob: 1, task: 0 });
    const restored = openStore(fresh);
    expect(await restored.read(session)).toEqual(await store.read(session));
    expect(await restored.list()).toEqual(await store.list());
    expect(await restored.getBlob(blob)).toEqual(await store.getBlob(blob));
    const lease = await restored.acquire(session);
    expect(lease.fence).toBeGreaterThan(fence);
    await restored.append({ session, expectedSeq: 301, events: [admitted('next')], fence: lease.fence });
    await restored.close();
    await store.close();
  });

  it('is of one moment, while a server goes on writing', async () => {
    const { store } = await fill();
    const other = 'ses_000002';
    await store.append({ session: other, expectedSeq: 0, events: [created('z', other)] });
    let seq = 1;
    let saved = false;
    const saving = save().finally(() => {
      saved = true;
    });
    while (!saved)
      seq = (
        await store.append({ session: other, expectedSeq: seq, events: [admitted(`w${seq}`, 'x', other)] })
      )[0]!.seq;
    const fresh = await opened().another();
    await load(await saving, fresh);
    const restored = openStore(fresh);
    const log = await restored.read(other);
    expect(log).toEqual((await store.read(other)).slice(0, log.length));
    expect((await restored.list()).find(({ id }) => id === other)?.events).toBe(log.length);
    await restored.close();
    await store.close();
  });

  it('a damaged file restores nothing, wherever it is damaged', async () => {
    await (await fill()).store.close();
    const whole = gunzipSync(readFileSync(await save()));
    const letter = whole.indexOf('line\\\\nend');
    expect(letter).toBeGreaterThan(0);
    const changed = Buffer.from(whole);
    changed[letter] = 'L'.charCodeAt(0);
    const zipped = gzipSync(whole);
    const cases: Readonly<Record<string, Buffer>> = {
      'a letter changed': gzipSync(changed),
      'the end cut off': gzipSync(whole.subarray(0, -5)),
      'the middle cut off': gzipSync(whole.subarray(0, whole.length >> 1)),
      'the zip cut off': zipped.subarray(0, zipped.length >> 1),
      'something after it': gzipSync(Buffer.concat([whole, whole.subarray(0, 20)])),
      'no zip': Buffer.from('hello'),
      'another zip': gzipSync('hello'),
      'a table of its own': gzipSync(
        Buffer.from(whole.toString('latin1').replace('"event"', '"e;ent"'), 'latin1'),
      ),
      empty: Buffer.alloc(0),
    };
    const fresh = await opened().another();
    for (const [name, bytes] of Object.entries(cases)) {
      const file = join(folder.path, 'damaged');
      writeFileSync(file, bytes);
      expect([name, await codeOf(load(file, fresh))]).toEqual([name, 'usage']);
      const { rows } = await fresh.pool.query("select to_regclass('tandem.event') is not null as there");
      if (rows[0].there) expect((await fresh.pool.query('select from tandem.session')).rowCount).toBe(0);
    }
    await load(await save(), fresh);
    expect((await fresh.pool.query('select from tandem.event')).rowCount).toBe(301);
  });

  it('never goes over something that is there', async () => {
    await (await fill()).store.close();
    const file = await save();
    expect(await codeOf(load(file, opened().database))).toBe('conflict');
    expect((await opened().database.pool.query('select from tandem.event')).rowCount).toBe(301);
    const before = readFileSync(file);
    const again = withClient(opened().database, (client) => writeBackup({ client, file, at, signal: never }));
    expect(await codeOf(again)).toBe('conflict');
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('of an older version is brought forward; of a newer one it is refused', async () => {
    const old = await opened().another();
    count += 1;
    const file = join(folder.path, `${count}.backup`);
    await withClient(old, async (client) => {
      await migrate(client, { known: readMigrations().slice(0, 1), say: () => {} });
      await client.query("insert into tandem.session (id, last_seq, title) values ('ses_000009', 0, 'old')");
      await writeBackup({ client, file, at, signal: never });
    });
    const fresh = await opened().another();
    await load(file, fresh);
    const versions = await withClient(opened().database, appliedMigrations);
    expect(await withClient(fresh, appliedMigrations)).toEqual(versions);
    const { rows } = await fresh.pool.query('select id, title, fence from tandem.session');
    expect(rows).toEqual([{ id: 'ses_000009', title: 'old', fence: 0 }]);
    const newer = gunzipSync(readFileSync(file)).toString('latin1').replace('"number":1', '"number":9');
    writeFileSync(file, gzipSync(Buffer.from(newer, 'latin1')));
    expect(await codeOf(load(file, await opened().another()))).toBe('configuration');
  });
});
