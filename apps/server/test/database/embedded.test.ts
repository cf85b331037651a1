import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tandem/workspace/identity';
import { isAlive } from '@tandem/workspace/processes';
import { afterAll, expect, it } from 'vitest';
import { databaseAccount } from '../../src/database/embedded/account.ts';
import { type Database, openDatabase } from '../../src/database/open-database.ts';
import { retrying } from '../../src/database/retry.ts';
import { embeddedEnvironment, never, temporaryFolder, uid } from '../support/database.ts';
import { describeEmbedded } from '../support/each-database.ts';

const folder = temporaryFolder();
const state = join(folder.path, 'server');
const data = join(state, 'postgres');
const closing: (() => Promise<void>)[] = [];

const open = async (at: string = state, options: object = {}): Promise<Database> => {
  const usual = { env: embeddedEnvironment(), uid, temporary: tmpdir(), signal: never, say: () => {} };
  const database = await openDatabase({ ...usual, state: at, ...options });
  closing.push(() => database.close());
  return database;
};

const one = (database: Database): Promise<unknown> =>
  retrying(async () => (await database.pool.query('select 1 as one')).rows, {
    clock: systemClock,
    forMs: 20_000,
    signal: never,
  });

const untilDead = async (pid: number): Promise<void> => {
  while (isAlive(pid, null)) await systemClock.sleep(10, never);
};

const children = new Set<ChildProcess>();

/** A server in a process of its own. */
const serverProcess = async () => {
  const script = join(import.meta.dirname, '../support/hold-database.ts');
  const child = spawn(process.execPath, [script, state], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.add(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: JSON.parse(String(line)) as { adopted: boolean; postmaster: number } };
};

describeEmbedded('the embedded database', () => {
  afterAll(async () => {
    for (const close of closing.splice(0)) await close().catch(() => {});
    for (const child of children) child.kill('SIGKILL');
    folder.remove();
  }, 60_000);

  it('is made at the first start, for nobody but its owner, and reached only by a socket', async () => {
    const database = await open();
    expect(database.adopted).toBe(false);
    expect(lstatSync(data).mode & 0o077).toBe(0);
    const { rows } = await database.pool.query('show listen_addresses');
    expect(rows).toEqual([{ listen_addresses: '' }]);
  });

  it('is shared by a second server, and stays up when the first one goes', async () => {
    const { child, said } = await serverProcess();
    expect(said.adopted).toBe(true);
    const ended = once(child, 'exit');
    await closing.pop()!();
    expect(isAlive(said.postmaster, null)).toBe(true);
    child.kill('SIGTERM');
    await ended;
    await untilDead(said.postmaster);
  });

  it('outlives a server that is killed, and is adopted by the next', async () => {
    const { child, said } = await serverProcess();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const database = await open();
    expect(database.adopted).toBe(true);
    expect(database.postmaster()).toBe(said.postmaster);
  });

  it('is started again when it is killed, and keeps what it had acknowledged', async () => {
    const lines: string[] = [];
    await closing.pop()!();
    const database = await open(state, { say: (line: string) => lines.push(line) });
    await database.pool.query('create table kept (number integer)');
    await database.pool.query('insert into kept values (1)');
    const before = database.postmaster()!;
    process.kill(before, 'SIGKILL');
    await untilDead(before);
    const rows = await retrying(async () => (await database.pool.query('select number from kept')).rows, {
      clock: systemClock,
      forMs: 30_000,
      signal: never,
    });
    expect(rows).toEqual([{ number: 1 }]);
    while (lines.length < 2) await systemClock.sleep(10, never);
    expect(lines).toEqual(['the database has gone; starting it again', 'the database is up again']);
    expect(database.postmaster()).not.toBe(before);
  });

  it('starts over a pid file whose number now belongs to another process', async () => {
    await closing.pop()!();
    const account = await databaseAccount({ uid, env: embeddedEnvironment(), signal: never });
    const other = spawn('sleep', ['60'], account === null ? {} : { uid: account.uid, gid: account.gid });
    try {
      const file = join(data, 'postmaster.pid');
      writeFileSync(file, `${other.pid}\n${data}\n1\n5432\n${data}\n\n  1  1\n`, { mode: 0o644 });
      expect(await one(await open())).toEqual([{ one: 1 }]);
      expect(other.exitCode).toBe(null);
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('refuses a data folder that another major version wrote, and says what to do', async () => {
    await closing.pop()!();
    const file = join(data, 'PG_VERSION');
    const version = readFileSync(file, 'utf8');
    writeFileSync(file, '9\n');
    await expect(open()).rejects.toThrow(/written by PostgreSQL 9 .*TANDEM_POSTGRES_BIN.*restore/);
    writeFileSync(file, version);
  });

  it('refuses a folder that is no database of it', async () => {
    const strange = join(folder.path, 'strange');
    mkdirSync(join(strange, 'postgres'), { recursive: true });
    chmodSync(strange, 0o711);
    writeFileSync(join(strange, 'postgres', 'letter.txt'), 'dear');
    await expect(open(strange)).rejects.toThrow(/no data folder of PostgreSQL; move it away/);
  });

  it('says what is missing when its programs are not there', async () => {
    const env = { ...embeddedEnvironment(), TANDEM_POSTGRES_BIN: '/nowhere' };
    await expect(open(state, { env })).rejects.toThrow(/\/nowhere\/postgres does not run here/);
  });

  it('takes a socket elsewhere when its own path is too long for one', async () => {
    const deep = join(folder.path, 'x'.repeat(120));
    renameSync(state, deep);
    const database = await open(deep);
    expect(await one(database)).toEqual([{ one: 1 }]);
    const socket = database.connection.host!;
    expect(socket.length).toBeLessThan(80);
    expect(lstatSync(socket).mode & 0o077).toBe(0);
    await closing.pop()!();
    rmSync(socket, { recursive: true, force: true });
  });

  it.skipIf(uid !== 0)(
    'as root below a closed home: lies where its account may go, with a link',
    async () => {
      const home = join(folder.path, 'home');
      mkdirSync(home, { mode: 0o700 });
      chmodSync(home, 0o700);
      const machineFolder = join(folder.path, 'machine');
      const closed = join(home, 'server');
      const database = await open(closed, { machineFolder });
      expect(await one(database)).toEqual([{ one: 1 }]);
      expect(realpathSync(join(closed, 'postgres')).startsWith(`${machineFolder}/`)).toBe(true);
      await closing.pop()!();
      const again = await open(closed, { machineFolder });
      expect(await one(again)).toEqual([{ one: 1 }]);
    },
  );
});
