import { AppError } from '@tandem/protocol';
import { systemClock } from '@tandem/workspace/identity';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { inTransaction } from '../../src/database/transaction.ts';
import type { Performed, Run, Workflow } from '../../src/engine/engine.ts';
import { createPostgresEngine } from '../../src/engine/postgres-engine.ts';
import { workflowVersion } from '../../src/engine/version.ts';
import type { PostgresStore } from '../../src/store/open-postgres-store.ts';
import { never, openStore, type TestDatabase } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';

const end: Performed = { next: { type: 'end' }, record: async () => {} };
const to = (stage: string): Performed => ({ next: { type: 'stage', stage }, record: async () => {} });

/** What a workflow of tests has heard, in order. */
const listening = (perform: Workflow['perform']) => {
  const heard: string[] = [];
  const bells = new Set<() => void>();
  const hear = (line: string): void => {
    heard.push(line);
    for (const bell of [...bells]) bell();
  };
  const workflow: Workflow = {
    version: workflowVersion,
    perform,
    troubled: (why) => hear(`troubled ${String(why)}`),
    claimed: async (_, { id, stage, takenOver }) =>
      hear(`${takenOver ? 'taken over' : 'claimed'} ${id} ${stage}`),
    parked: async (_, { id }, isParked) => hear(`${isParked ? 'parked' : 'unparked'} ${id}`),
    retrying: async (_, { id }) => hear(`retrying ${id}`),
    failed: async (_, { id }, why) => hear(`failed ${id} ${why instanceof Error ? why.message : ''}`),
    cancelled: async (_, { id }) => hear(`cancelled ${id}`),
    ended: async ({ id }) => hear(`ended ${id}`),
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!holds()) return;
        bells.delete(check);
        resolve();
      };
      bells.add(check);
      check();
    });
  return { workflow, heard, hear, until };
};

onEachDatabase('the durable engine', (opened: () => TestDatabase) => {
  const stopping: (() => Promise<void>)[] = [];
  let store: PostgresStore;
  beforeAll(async () => {
    store = openStore(opened().database);
    const insert =
      "insert into tandem.organisation (id, name, max_running) values ('org_a', 'a', 2), ('org_b', 'b', 2)";
    await opened().database.pool.query(insert);
  });
  afterEach(async () => {
    for (const stop of stopping.splice(0).toReversed()) await stop();
    await opened().database.pool.query('truncate tandem.run cascade');
  });
  afterAll(() => store.close());

  const engineOf = (of: PostgresStore) =>
    createPostgresEngine({ pool: opened().database.pool, clock: systemClock, life: of.life });
  const work = (workflow: Workflow, given: { of?: PostgresStore; slots?: number; place?: string } = {}) => {
    const control = new AbortController();
    const { of = store, slots = 50, place = 'here' } = given;
    const working = engineOf(of).work({ workflow, slots, place, signal: control.signal });
    stopping.push(async () => {
      control.abort(new AppError('interrupted', 'the test is over'));
      await working;
    });
  };
  const enqueue = (id: string, organisation = 'org_a', place: string | null = null): Promise<void> =>
    inTransaction(opened().database.pool, (client) =>
      engineOf(store).enqueue(client, { id, organisation, stage: 'first', place }),
    );
  const within = <T>(ask: (engine: ReturnType<typeof engineOf>, client: never) => Promise<T>): Promise<T> =>
    inTransaction(opened().database.pool, (client) => ask(engineOf(store), client as never));

  it('a run that is rolled back never was; one that commits goes from stage to stage', async () => {
    const { workflow, heard, until } = listening(async ({ stage }) =>
      stage === 'first' ? to('second') : end,
    );
    const failing = inTransaction(opened().database.pool, async (client) => {
      await engineOf(store).enqueue(client, {
        id: 'run_gone',
        organisation: 'org_a',
        stage: 'first',
        place: null,
      });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await enqueue('run_1');
    work(workflow);
    await until(() => heard.includes('ended run_1'));
    expect(heard).toEqual(['claimed run_1 first', 'ended run_1']);
  });

  it('never works on more runs of an organisation than it may, with two workers and many runs', async () => {
    const now = new Map<string, number>();
    let most = 0;
    let done = 0;
    const { workflow, until, hear } = listening(async ({ organisation }: Run) => {
      now.set(organisation, (now.get(organisation) ?? 0) + 1);
      most = Math.max(most, now.get(organisation)!);
      await systemClock.sleep(20, never);
      now.set(organisation, now.get(organisation)! - 1);
      done += 1;
      hear('done');
      return end;
    });
    const second = openStore(opened().database);
    stopping.push(() => second.close());
    for (let index = 0; index < 12; index++)
      await enqueue(`run_${index}`, index % 3 === 0 ? 'org_b' : 'org_a');
    work(workflow);
    work(workflow, { of: second });
    await until(() => done === 12);
    expect([most, done]).toEqual([2, 12]);
  });

  it('a running one is cancelled, a waiting one is over at once, and neither goes on', async () => {
    const { workflow, heard, until } = listening(
      ({ signal, id }) =>
        new Promise((resolve, reject) => {
          if (id === 'run_waiting')
            return resolve({ next: { type: 'wait', stage: 'second' }, record: async () => {} });
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    await enqueue('run_busy');
    await enqueue('run_waiting');
    work(workflow);
    await until(() => heard.length === 2);
    expect(await within((engine, client) => engine.cancel(client, 'run_busy'))).toBe('requested');
    await until(() => heard.includes('ended run_busy'));
    let ended = await within((engine, client) => engine.cancel(client, 'run_waiting'));
    while (ended === 'requested')
      ended = await within((engine, client) => engine.cancel(client, 'run_waiting'));
    expect(ended).toBe('ended');
    expect(await within((engine, client) => engine.cancel(client, 'run_waiting'))).toBe('final');
    expect(
      await within((engine, client) => engine.wake(client, 'run_waiting', { waitsAt: 'second', end: false })),
    ).toBe(false);
    expect(heard.slice(2)).toEqual(['cancelled run_busy', 'ended run_busy']);
  });

  it('what waits for a person takes no slot, and the first answer is the answer', async () => {
    const answers: unknown[] = [];
    const { workflow, heard, until } = listening(async (run) => {
      if (run.id === 'run_quick') return end;
      answers.push((await run.waitFor('may I?')).value);
      return end;
    });
    await enqueue('run_a');
    await enqueue('run_b');
    work(workflow);
    await until(() => heard.includes('parked run_a') && heard.includes('parked run_b'));
    await enqueue('run_quick');
    await until(() => heard.includes('ended run_quick'));
    const say = (value: string): Promise<boolean> =>
      within((engine, client) => engine.answer(client, 'run_a', { topic: 'may I?', value, actor: 'ada' }));
    expect([await say('yes'), await say('no')]).toEqual([true, false]);
    await until(() => heard.includes('ended run_a'));
    expect([answers, heard.includes('unparked run_a')]).toEqual([['yes'], true]);
  });

  it('a worker that is silent for too long is a zombie: its run is taken over, and it writes nothing', async () => {
    const { pool } = opened().database;
    const zombie = openStore(opened().database, 'another-host');
    stopping.push(() => zombie.close());
    let wake = (): void => {};
    const sleeping = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const written: string[] = [];
    const refused: unknown[] = [];
    stopping.push(async () => wake());
    const first = listening(async (run) => {
      first.hear('begun');
      await sleeping;
      await run.requireHeld().catch((error: unknown) => refused.push(error));
      return { next: { type: 'end' }, record: async () => void written.push('zombie') };
    });
    const second = listening(async () => ({
      next: { type: 'end' },
      record: async () => void written.push('second'),
    }));
    await enqueue('run_z');
    work(first.workflow, { of: zombie });
    await first.until(() => first.heard.includes('begun'));
    await pool.query("update tandem.holder set seen_at = now() - interval '1 minute' where id = $1", [
      zombie.life.id,
    ]);
    work(second.workflow);
    await second.until(() => second.heard.includes('ended run_z'));
    wake();
    while (refused.length === 0) await new Promise(setImmediate);
    expect(second.heard[0]).toBe('taken over run_z first');
    expect([written, String(refused[0])]).toEqual([
      ['second'],
      expect.stringContaining('taken this task up'),
    ]);
  });

  it('a failure that may pass is tried again; any other ends the run with its reason', async () => {
    let tries = 0;
    const { workflow, heard, until } = listening(async ({ id, attempt }) => {
      if (id === 'run_bad') throw new AppError('usage', 'there is no such branch');
      tries += 1;
      if (attempt < 3) throw new AppError('offline', 'the network is away');
      return end;
    });
    await enqueue('run_flaky');
    await enqueue('run_bad');
    work(workflow);
    await until(() => heard.includes('ended run_flaky') && heard.includes('ended run_bad'));
    expect(tries).toBe(3);
    expect(heard).toContain('failed run_bad there is no such branch');
  });

  it('files of a run are gone on with where they lie, and a newer run is left to a newer program', async () => {
    const { pool } = opened().database;
    const { workflow, heard, until } = listening(async () => end);
    await enqueue('run_elsewhere');
    await enqueue('run_made_elsewhere', 'org_a', 'there');
    await enqueue('run_newer');
    await enqueue('run_here');
    await pool.query("update tandem.run set place = 'there' where id = 'run_elsewhere'");
    await pool.query("update tandem.run set version = 99 where id = 'run_newer'");
    work(workflow);
    await until(() => heard.includes('ended run_here'));
    expect(heard).toEqual(['claimed run_here first', 'ended run_here']);
  });
});
