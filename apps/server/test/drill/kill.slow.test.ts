import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tandem/workspace/identity';
import { isAlive } from '@tandem/workspace/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { type Database, openDatabase } from '../../src/database/open-database.ts';
import { embeddedEnvironment, never, openStore, temporaryFolder, uid } from '../support/database.ts';
import { describeEmbedded } from '../support/each-database.ts';
import { admitted, codeOf, created } from '../support/events.ts';
import { Machine } from '../support/machine.ts';

const folder = temporaryFolder();
const state = join(folder.path, 'server');
const pause = (ms: number): Promise<void> => systemClock.sleep(ms, never);

const open = async (at: string): Promise<Database> => {
  const usual = { env: embeddedEnvironment(), uid, temporary: tmpdir(), signal: never, say: () => {} };
  const database = await openDatabase({ ...usual, state: at });
  const client = await database.connect();
  await migrate(client, { say: () => {} });
  await client.end();
  return database;
};

const node = (script: string, words: readonly string[]): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, '../support', script), ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });

/** The numbers that a writer's process has said, and the word that it ended with. */
const listenTo = (child: ChildProcess) => {
  const heard: { last: number; end: string | null } = { last: 0, end: null };
  child.stdout!.on('data', (chunk: Buffer) => {
    for (const line of String(chunk).trim().split('\n')) {
      if (/^\d+$/.test(line)) heard.last = Number(line);
      else heard.end = line;
    }
  });
  return heard;
};

const expectWhole = (log: readonly { readonly seq: number; readonly id: string }[]): void => {
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
};

describeEmbedded('drills', () => {
  let database: Database;
  const machines: Machine[] = [];
  beforeAll(async () => {
    database = await open(state);
  });
  afterAll(async () => {
    for (const machine of machines.toReversed()) await machine.remove();
    await database?.close();
    folder.remove();
  });

  it('the database is killed again and again under four writers: nothing acknowledged is lost', async () => {
    const store = openStore(database);
    const sessions = ['ses_drill1', 'ses_drill2', 'ses_drill3', 'ses_drill4'];
    let running = true;
    const write = async (session: string): Promise<number> => {
      let seq = (await store.append({ session, expectedSeq: 0, events: [created('a', session)] }))[0]!.seq;
      while (running) {
        const events = [admitted(`x${seq}`, 'x', session), admitted(`y${seq}`, 'y', session)];
        seq = (await store.append({ session, expectedSeq: seq, events })).at(-1)!.seq;
      }
      return seq;
    };
    const writing = sessions.map(write);
    for (let round = 0; round < 6; round++) {
      await pause(200 + Math.random() * 800);
      const pid = database.postmaster()!;
      process.kill(pid, 'SIGKILL');
      while (database.postmaster() === pid || !isAlive(database.postmaster()!, null)) await pause(20);
    }
    running = false;
    const written = await Promise.all(writing);
    for (const [index, session] of sessions.entries()) {
      const log = await store.read(session);
      expectWhole(log);
      expect(log.length).toBe(written[index]);
    }
    await store.close();
  });

  it('a writer is killed again and again: its log is whole, and the next one goes on at once', async () => {
    const session = 'ses_drill5';
    const store = openStore(database);
    await store.append({ session, expectedSeq: 0, events: [created('a', session)] });
    for (let round = 0; round < 8; round++) {
      const child = node('write-process.ts', [database.connection.host!, session]);
      const heard = listenTo(child);
      while (heard.last === 0 && heard.end === null) await pause(10);
      await pause(Math.random() * 200);
      child.kill('SIGKILL');
      await once(child, 'close');
      const log = await store.read(session);
      expectWhole(log);
      expect(log.length).toBeGreaterThanOrEqual(heard.last);
      expect((log.length - 1) % 3).toBe(0);
      // Its host is not ours, so only its silence tells that it has died.
      await database.pool.query("update tandem.holder set seen_at = seen_at - interval '11 s'");
    }
    await store.close();
  });

  it('a writer that freezes loses its lease after ten seconds, and writes nothing when it wakes', async () => {
    const session = 'ses_drill6';
    const store = openStore(database, 'elsewhere');
    await store.append({ session, expectedSeq: 0, events: [created('a', session)] });
    const child = node('write-process.ts', [database.connection.host!, session]);
    const heard = listenTo(child);
    while (heard.last === 0 && heard.end === null) await pause(10);
    expect(await codeOf(store.acquire(session))).toBe('busy');
    child.kill('SIGSTOP');
    const before = performance.now();
    while ((await codeOf(store.acquire(session))) !== 'none') await pause(200);
    expect(performance.now() - before).toBeGreaterThan(7_000);
    expect(performance.now() - before).toBeLessThan(20_000);
    const length = (await store.read(session)).length;
    const ended = once(child, 'close');
    child.kill('SIGCONT');
    await ended;
    expect(heard.end).toBe('conflict');
    expect((await store.read(session)).length).toBe(length);
    await store.close();
  });

  it('a first start that is killed anywhere leaves nothing in the way of the next', async () => {
    for (let round = 0; round < 5; round++) {
      const fresh = join(folder.path, `fresh-${round}`);
      const child = node('hold-database.ts', [fresh]);
      await pause(300 + Math.random() * 1_500);
      child.kill('SIGKILL');
      await once(child, 'close');
      const opened = await open(fresh);
      expect((await opened.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
      await opened.close();
      rmSync(fresh, { recursive: true });
    }
  });

  it('two servers on one database: what one of them leaves, the other takes up', async () => {
    const first = new Machine();
    machines.push(first);
    const one = await first.serve();
    const socket = join(first.state, 'postgres');
    const second = new Machine({ DATABASE_URL: `postgres://tandem@localhost/postgres?host=${socket}` });
    machines.push(second);
    const two = await second.serve();
    const model = first.script([
      { match: '^count', toolCalls: [{ name: 'bash', arguments: { command: 'echo once >> counted' } }] },
      { text: 'done' },
    ]);
    const settings = { model, cwd: first.workspace, permissionMode: 'default' };
    const { session = '' } = await one.door.post('/sessions', { settings, title: 'till' });
    await one.door.post(`/sessions/${session}/turns`, { text: 'count the till', options: {} });
    await one.door.until(session, 'approval.requested');
    one.child.kill('SIGKILL');
    await two.shows(`${session} was held by a process that died; taken up`);
    const { data } = await two.door.until(session, 'approval.requested');
    await two.door.post(`/sessions/${session}/approvals/${data.approval}`, { decision: 'allow' });
    // The snapshot of the turn's beginning lies with the server that died, so this one cannot say what the turn changed.
    const { outcome, error } = (await two.door.until(session, 'turn.completed')).data;
    expect([outcome, error?.code]).toEqual(['failed', 'not_found']);
    expect(readFileSync(join(first.workspace, 'counted'), 'utf8')).toBe('once\n');
    expectWhole(await two.door.events(session));
  });
});

const small = join(tmpdir(), `tandem-small-disk-${process.pid}`);

const whyNoSmallDisk = ((): string | null => {
  try {
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=220m,mode=0711', 'tmpfs', small], { stdio: 'pipe' });
    return null;
  } catch (error) {
    rmSync(small, { recursive: true, force: true });
    return String(error).split('\n')[0]!;
  }
})();

afterAll(() => {
  if (whyNoSmallDisk !== null) return;
  execFileSync('umount', ['-l', small]);
  rmSync(small, { recursive: true });
});

describeEmbedded('a full disk', () => {
  let database: Database | null = null;
  let closing = (): Promise<void> => Promise.resolve();
  afterAll(async () => {
    await closing();
    await database?.close();
  });

  it.skipIf(whyNoSmallDisk !== null)(
    `is said, loses nothing, and all goes on when there is room again (${whyNoSmallDisk ?? 'tmpfs'})`,
    async () => {
      database = await open(join(small, 'server'));
      const store = openStore(database);
      closing = () => store.close();
      const session = 'ses_drill7';
      let seq = (await store.append({ session, expectedSeq: 0, events: [created('a', session)] }))[0]!.seq;
      const append = async (): Promise<void> => {
        const events = [admitted(`x${seq}`, randomBytes(500_000).toString('hex'), session)];
        seq = (await store.append({ session, expectedSeq: seq, events })).at(-1)!.seq;
      };
      const { bavail, bsize } = statfsSync(small);
      const ballast = join(small, 'ballast');
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 20_000_000)));
      let refused = 'none';
      for (let tries = 0; refused === 'none' && tries < 200; tries++)
        refused = String(await codeOf(append()));
      expect(['disk', 'offline']).toContain(refused);
      rmSync(ballast);
      let again = refused;
      for (let tries = 0; again !== 'none' && tries < 100; tries++) {
        again = String(await codeOf(append()));
        // What was refused may have been written after all, if its answer was lost: then the log has moved on.
        if (again === 'conflict') seq = (await store.read(session)).at(-1)!.seq;
        if (again !== 'none') await pause(500);
      }
      expect(again).toBe('none');
      const log = await store.read(session);
      expectWhole(log);
      expect(log.length).toBe(seq);
    },
  );
});
