import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreConformance } from '@tandem/core/testing';
import { describe, expect, it } from 'vitest';
import type { PostgresStore } from '../../src/store/open-postgres-store.ts';
import { never, openStore } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { admitted, codeOf, created, session } from '../support/events.ts';

/** Collects what a follower sees until it has `count` events. */
const watch = async (store: PostgresStore, count: number): Promise<number[]> => {
  const seen: number[] = [];
  for await (const event of store.follow(session, { after: 0, signal: never })) {
    if ('seq' in event) seen.push(event.seq);
    if (seen.length === count) break;
  }
  return seen;
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

onEachDatabase('the store', (opened) => {
  const stores: PostgresStore[] = [];
  const open = (host?: string): PostgresStore => {
    const store = openStore(opened().database, host);
    stores.push(store);
    return store;
  };
  const test = (title: string, body: () => Promise<void>): void =>
    it(title, async () => {
      await opened().empty();
      try {
        await body();
      } finally {
        for (const store of stores.splice(0)) await store.close();
      }
    });

  eventStoreConformance('postgres', {
    describe,
    it,
    expect,
    open: async () => {
      await opened().empty();
      return {
        store: open(),
        reopen: async () => open(),
        close: async () => {
          for (const store of stores.splice(0)) await store.close();
        },
      };
    },
  });

  test('two writers at once leave a log without a gap, and each event once', async () => {
    const [one, two] = [open(), open()];
    await one.append({ session, expectedSeq: 0, events: [created('first')] });
    const write = async (store: PostgresStore, name: string): Promise<void> => {
      for (let done = 0; done < 20; ) {
        const seq = (await store.read(session)).at(-1)!.seq;
        const code = await codeOf(
          store.append({ session, expectedSeq: seq, events: [admitted(`${name}${done}`)] }),
        );
        if (code === 'none') done += 1;
        else expect(code).toBe('conflict');
      }
    };
    await Promise.all([write(one, 'a'), write(two, 'b')]);
    const log = await one.read(session);
    expect(log.map(({ seq }) => seq)).toEqual(upTo(41));
    expect(new Set(log.map(({ id }) => id)).size).toBe(41);
  });

  test('a connection that is cut during an append is no failure, and nothing is written twice', async () => {
    const store = open();
    await store.append({ session, expectedSeq: 0, events: [created('first')] });
    const cut = async (): Promise<void> => {
      await opened().database.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tandem server%' and datname = current_database() and pid <> pg_backend_pid()",
      );
    };
    let seq = 1;
    for (let round = 0; round < 15; round++) {
      const cutting = cut().catch(() => {});
      const events = [admitted(`x${round}`), admitted(`y${round}`)];
      seq = (await store.append({ session, expectedSeq: seq, events })).at(-1)!.seq;
      await cutting;
    }
    const log = await store.read(session);
    expect(log.map(({ seq: number }) => number)).toEqual(upTo(31));
    expect(new Set(log.map(({ id }) => id)).size).toBe(31);
  });

  test('an append whose answer is lost is found in the log and not written again', async () => {
    const { pool, connect } = opened().database;
    let lost = 0;
    const lossy = new Proxy(pool, {
      get: (target, name) => {
        if (name !== 'query') return Reflect.get(target, name);
        return async (...words: Parameters<typeof pool.query>) => {
          const result = await target.query(...words);
          if (!String(words[0]).includes('insert into tandem.event') || ++lost > 1) return result;
          throw new Error('Connection terminated unexpectedly');
        };
      },
    });
    const store = openStore({ pool: lossy, connect });
    stores.push(store);
    const [event] = await store.append({ session, expectedSeq: 0, events: [created('a')] });
    expect(lost).toBe(2);
    expect(await store.read(session)).toEqual([event]);
  });

  test('a lease is refused to others while its holder lives, and says who it is', async () => {
    const [mine, other] = [open('here'), open('elsewhere')];
    await mine.append({ session, expectedSeq: 0, events: [created('a')] });
    const lease = await mine.acquire(session);
    expect(await other.held(session)).toBe(true);
    await expect(other.acquire(session)).rejects.toThrow(/on here holds session/);
    expect(await codeOf(other.append({ session, expectedSeq: 1, events: [admitted('b')] }))).toBe('busy');
    await lease.release();
    expect(await other.held(session)).toBe(false);
  });

  test('a holder that is silent for ten seconds loses its lease, and writes nothing from then on', async () => {
    const [frozen, other] = [open('here'), open('elsewhere')];
    await frozen.append({ session, expectedSeq: 0, events: [created('a')] });
    const old = await frozen.acquire(session);
    await opened().database.pool.query("update tandem.holder set seen_at = now() - interval '11 s'");
    expect(await other.abandoned()).toEqual([session]);
    const lease = await other.acquire(session);
    expect(lease.fence).toBeGreaterThan(old.fence);
    const late = frozen.append({ session, expectedSeq: 1, events: [admitted('b')], fence: old.fence });
    expect(await codeOf(late)).toBe('conflict');
    expect(await codeOf(frozen.append({ session, expectedSeq: 1, events: [admitted('c')] }))).toBe('busy');
    await old.release();
    expect(await other.held(session)).toBe(true);
    await other.append({ session, expectedSeq: 1, events: [admitted('d')], fence: lease.fence });
    expect((await other.read(session)).map(({ id }) => id)).toEqual(['a', 'd']);
  });

  test('a lost notification delays an event and never loses one', async () => {
    const { database } = opened();
    const deaf = openStore({ pool: database.pool, connect: () => Promise.reject(new Error('no')) });
    stores.push(deaf);
    const writer = open();
    await writer.append({ session, expectedSeq: 0, events: [created('a')] });
    const watching = watch(deaf, 3);
    await writer.append({ session, expectedSeq: 1, events: [admitted('b')] });
    await writer.append({ session, expectedSeq: 2, events: [admitted('c')] });
    expect(await watching).toEqual([1, 2, 3]);
  });

  test('a follower whose connections are cut goes on where it was', async () => {
    const [reader, writer] = [open(), open()];
    await writer.append({ session, expectedSeq: 0, events: [created('a')] });
    const watching = watch(reader, 4);
    for (const [index, id] of ['b', 'c', 'd'].entries()) {
      await opened().database.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tandem server%' and datname = current_database() and pid <> pg_backend_pid()",
      );
      await writer.append({ session, expectedSeq: index + 1, events: [admitted(id)] });
    }
    expect(await watching).toEqual([1, 2, 3, 4]);
  });

  test('a follower that is too slow is cut alone, and may follow again', async () => {
    const store = open();
    await store.append({ session, expectedSeq: 0, events: [created('a')] });
    const slow = store.follow(session, { after: 0, signal: never })[Symbol.asyncIterator]();
    await slow.next();
    await slow.next();
    const many = upTo(10_001).map((index) => admitted(`e${index}`));
    await store.append({ session, expectedSeq: 1, events: many });
    expect(await codeOf(slow.next())).toBe('conflict');
    expect(await watch(store, 10_002)).toEqual(upTo(10_002));
  });

  test('the end of the store ends its followers', async () => {
    const store = open();
    await store.append({ session, expectedSeq: 0, events: [created('a')] });
    const seen: string[] = [];
    for await (const event of store.follow(session, { after: 0, signal: never })) {
      seen.push(event.type);
      if (event.type === 'caught_up') void store.close();
    }
    expect(seen).toEqual(['session.created', 'caught_up']);
  });

  test('an event is never changed, by whatever way', async () => {
    const { pool } = opened().database;
    await open().append({ session, expectedSeq: 0, events: [created('a')] });
    await expect(pool.query("update tandem.event set type = 'x'")).rejects.toThrow(/never changed/);
    await expect(pool.query('delete from tandem.event')).rejects.toThrow(/never changed/);
  });

  test('a session that belongs to a run is written to by the run’s holder only, and is nobody else’s to take up', async () => {
    const { pool } = opened().database;
    const [mine, other] = [open(), open()];
    await mine.append({ session, expectedSeq: 0, events: [created('a')] });
    await mine.life.register(pool);
    await pool.query("insert into tandem.organisation (id, name, max_running) values ('org_a', 'a', 1)");
    await pool.query(
      "insert into tandem.run (id, org_id, version, stage, state, holder_id, session_id) values ('run_1', 'org_a', 1, 'x', 'running', $1, $2)",
      [mine.life.id, session],
    );
    expect(await codeOf(other.acquire(session))).toBe('busy');
    await mine.acquire(session);
    await pool.query("update tandem.holder set seen_at = now() - interval '1 minute'");
    expect([await other.abandoned(), await codeOf(other.acquire(session))]).toEqual([[], 'busy']);
    await pool.query("update tandem.run set state = 'done', holder_id = null");
    expect([await other.abandoned(), await codeOf(other.acquire(session))]).toEqual([[], 'busy']);
  });

  test('an id that no session can have is refused before it reaches the database', async () => {
    const store = open();
    expect(await codeOf(store.acquire("x'; drop schema tandem; --"))).toBe('usage');
    expect(await codeOf(store.append({ session: '../x', expectedSeq: 0, events: [created('a')] }))).toBe(
      'usage',
    );
    expect(await codeOf(store.read("x' or true; --"))).toBe('not_found');
  });

  test('an append stops waiting for a database that is away when the store is closed', async () => {
    const { database } = opened();
    const pool = new (await import('pg')).default.Pool({ host: join(tmpdir(), 'tandem-no-such-folder') });
    const store = openStore({ pool, connect: database.connect });
    const failing = codeOf(store.append({ session, expectedSeq: 0, events: [created('a')] }));
    await store.close();
    expect(await failing).toBe('interrupted');
    await pool.end();
  });
});
