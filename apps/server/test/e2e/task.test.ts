import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Task, TaskEvent } from '@tandem/protocol/team';
import type { UsageReport } from '@tandem/protocol/team-usage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEmbedded } from '../support/each-database.ts';
import { Machine } from '../support/machine.ts';
import { commandModel, tillModel } from '../support/script.ts';
import { branchesOf, makeRepository, serveTeam, TeamDoor } from '../support/team.ts';

const shown = (events: readonly TaskEvent[]): readonly string[] =>
  events.map(({ type, data }) => `${type} ${data.stage ?? ''}`.trim());

describeEmbedded('a task', () => {
  const machine = new Machine();
  const repository = join(machine.home, 'till');
  let base = '';
  let key = '';
  let door: TeamDoor;
  let server: Awaited<ReturnType<typeof serveTeam>>;

  /** Killed, and started again; the door is that of the new one. */
  const killAndStart = async (): Promise<void> => {
    server.child.kill('SIGKILL');
    await server.ended;
    server = await serveTeam(machine);
  };
  const create = (options: object): Promise<Task> =>
    door.must('POST', '/tasks', {
      repository: 'till',
      prompt: 'Set the till\n\nto twenty',
      options: { permissionMode: 'acceptEdits', ...options },
    });

  beforeAll(async () => {
    base = makeRepository(repository);
    server = await serveTeam(machine);
    const run = async (...words: string[]): Promise<string> => {
      const { code, out, err } = await machine.run(words);
      expect([code, err]).toEqual([0, expect.any(String)]);
      return out.trim();
    };
    await run('organisation', 'create', 'shop');
    await run('repository', 'add', 'shop', 'till', repository);
    key = await run('key', 'create', 'shop', 'ada');
    door = new TeamDoor((path, init) => fetch(`${server.url}${path}`, init), {
      authorization: `Bearer ${key}`,
    });
  }, 60_000);
  afterAll(() => machine.remove(), 60_000);

  it('goes from a repository to a branch, past a person', async () => {
    const model = tillModel(machine.home, 'twenty');
    const { id } = await create({ model, verify: 'grep -q twenty sum.txt' });
    await door.until(id, (events) => events.at(-1)!.type === 'approval.requested');
    const waiting = await door.task(id);
    expect(waiting).toMatchObject({ state: 'waiting', base, verify: { exit: 0 }, branch: null });
    expect(waiting.files).toEqual([{ path: 'sum.txt', added: 1, removed: 0 }]);
    expect((await door.ask<string>('GET', `/tasks/${id}/patch`)).body).toContain('+twenty');
    expect(branchesOf(repository, 'sum.txt')).toEqual({});
    await door.must('POST', `/tasks/${id}/approval`, { decision: 'allow' });
    expect(shown(await door.untilOver(id))).toEqual([
      'task.created',
      'task.started admit',
      'stage.completed admit',
      'stage.completed prepare',
      'stage.completed agent',
      'stage.completed verify',
      'approval.requested',
      'approval.resolved',
      'task.started publish',
      'stage.completed publish',
      'task.completed',
    ]);
    const { branch, state, why } = await door.task(id);
    expect([state, why]).toEqual(['completed', 'the change is published']);
    expect(branchesOf(repository, 'sum.txt')).toEqual({ [branch!]: 'twenty\n' });
    expect(readFileSync(join(repository, 'till.txt'), 'utf8')).toBe('ten\n');
    const olga = await machine.run(['key', 'create', 'shop', 'olga', '--role', 'owner']);
    const owner = new TeamDoor((path, init) => fetch(`${server.url}${path}`, init), {
      authorization: `Bearer ${olga.out.trim()}`,
    });
    const { data } = await owner.must<UsageReport>('GET', '/usage?by=model,member');
    expect(data).toEqual([expect.objectContaining({ model, tasks: 1, in: expect.any(Number) })]);
    expect([data[0]!.member!.name, data[0]!.out > 0]).toEqual(['ada', true]);
  });

  it('survives kill -9 at every stage: nothing is lost and nothing is done twice', async () => {
    const before = Object.keys(branchesOf(repository, 'sum.txt')).length;
    const words = ['one', 'two', 'three', 'four'];
    const made = await Promise.all(
      words.map((word) => create({ model: tillModel(machine.home, word, 300), approval: false })),
    );
    for (const [index, stage] of ['admit', 'prepare', 'agent', 'verify'].entries()) {
      await door.untilStage(made[index]!.id, stage);
      await killAndStart();
    }
    const logs = await Promise.all(made.map(({ id }) => door.untilOver(id)));
    for (const [index, events] of logs.entries()) {
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1));
      const completed = shown(events).filter((line) => line.startsWith('stage.completed'));
      expect(completed).toEqual(
        ['admit', 'prepare', 'agent', 'verify', 'approval', 'publish'].map(
          (stage) => `stage.completed ${stage}`,
        ),
      );
      expect(await door.task(made[index]!.id)).toMatchObject({
        state: 'completed',
        answer: 'The till is right.',
      });
    }
    const published = branchesOf(repository, 'sum.txt');
    expect(Object.keys(published)).toHaveLength(before + words.length);
    for (const [index, word] of words.entries())
      expect(published[`tandem/${made[index]!.id.slice(5)}`]).toBe(`${word}\n`);
    expect(logs.flatMap(shown).filter((line) => line.startsWith('task.taken_up')).length).toBeGreaterThan(0);
  }, 60_000);

  it('is cancelled while it runs, and leaves nothing behind', async () => {
    const { id } = await create({ model: tillModel(machine.home, 'never', 600_000) });
    await door.untilStage(id, 'prepare');
    const worktree = join(machine.state, 'tasks', id);
    expect(existsSync(worktree)).toBe(true);
    await door.must('POST', `/tasks/${id}/cancel`);
    const events = await door.untilOver(id);
    expect(shown(events).slice(-2)).toEqual(['cancel.requested', 'task.cancelled']);
    expect(await door.task(id)).toMatchObject({ state: 'cancelled', why: 'it was cancelled', branch: null });
    while (existsSync(worktree)) await new Promise(setImmediate);
    expect(readdirSync(join(machine.state, 'tasks'))).toEqual([]);
  });

  it('asks its question, waits over a kill, and goes on with the answer', async () => {
    const model = commandModel(machine.home, 'echo thirty > sum.txt; echo x >> calls');
    const { id } = await create({ model, permissionMode: 'default', approval: false });
    await door.until(id, (events) => events.at(-1)!.type === 'question.asked');
    await killAndStart();
    await door.until(id, (events) => events.filter(({ type }) => type === 'question.asked').length === 2);
    const { questions } = await door.task(id);
    expect(questions).toHaveLength(1);
    const path = `/tasks/${id}/questions/${questions[0]!.approval}`;
    await door.must('POST', path, { decision: 'allow' });
    await door.untilOver(id);
    const { branch } = await door.task(id);
    expect(branchesOf(repository, 'calls')[branch!]).toBe('x\n');
  });

  it('is asked for, watched and taken home from a terminal', async () => {
    const env = {
      TANDEM_API_KEY: key,
      TANDEM_HOST: server.url,
      TANDEM_MODEL: tillModel(machine.home, 'seven'),
    };
    const task = (...words: string[]) => machine.tandem(['task', ...words], { cwd: repository, env }).ended;
    const asked = ['Set the sum', '-r', 'till', '--permission-mode', 'acceptEdits', '--no-approval'];
    const watched = await task('create', ...asked, '--watch');
    expect([watched.code, watched.err]).toEqual([0, expect.stringContaining('the change is published')]);
    expect(watched.out).toContain('stage completed: publish');
    expect(watched.out).toContain('task created by ada\n');
    const [id = ''] = watched.err.split('\n');
    const listed = await task('list', '--state', 'completed', '-n', '1');
    expect(listed.out).toContain(`${id}  `);
    expect((await task('apply', id)).err).toBe('sum.txt (+1 -0)\n');
    expect(readFileSync(join(repository, 'sum.txt'), 'utf8')).toBe('seven\n');
    expect((await task('apply', id)).code).toBe(1);
    const away = { cwd: repository, env: { ...env, TANDEM_HOST: 'http://127.0.0.1:1' } };
    expect((await machine.tandem(['task', 'watch', id], away).ended).err).toMatch(
      /^tandem: The server cannot be reached .*; --host names another\.\n$/,
    );
    expect((await task('cancel', 'task_nowhere')).err).toBe(
      'tandem: There is no task task_nowhere; list them to see.\n',
    );
  });

  it('its key comes from a file that only its owner may read', async () => {
    const config = join(machine.home, 'config');
    const file = join(config, 'tandem', 'api-key');
    mkdirSync(join(config, 'tandem'), { recursive: true });
    const env = { XDG_CONFIG_HOME: config, TANDEM_HOST: server.url };
    const list = () => machine.tandem(['task', 'list', '--json'], { env }).ended;
    expect(await list()).toMatchObject({
      code: 2,
      err: expect.stringContaining('No key: set TANDEM_API_KEY'),
    });
    writeFileSync(file, key, { mode: 0o644 });
    expect(await list()).toMatchObject({ code: 2, err: expect.stringContaining('chmod 600 it') });
    chmodSync(file, 0o600);
    const { code, out } = await list();
    expect([code, Array.isArray(JSON.parse(out))]).toEqual([0, true]);
    writeFileSync(file, 'tandem_wrong');
    expect(await list()).toMatchObject({
      code: 2,
      err: expect.stringContaining('with a key of your organisation'),
    });
  });

  it('says why it failed', async () => {
    const checked = await create({ model: tillModel(machine.home, 'five'), verify: 'grep twenty sum.txt' });
    const nowhere = await create({ model: tillModel(machine.home, 'six'), base: 'no-such-branch' });
    await Promise.all([checked, nowhere].map(({ id }) => door.untilOver(id)));
    expect(await door.task(checked.id)).toMatchObject({
      state: 'failed',
      error: { code: 'verify_failed' },
      branch: null,
    });
    expect(await door.task(nowhere.id)).toMatchObject({
      state: 'failed',
      stage: 'prepare',
      why: 'There is no commit no-such-branch in the repository; name a branch of it.',
    });
  });

  it('that waits for a person survives the loss of the machine: a backup brings it back, and it is done anew', async () => {
    const { id } = await create({ model: tillModel(machine.home, 'eight') });
    await door.until(id, (events) => events.at(-1)!.type === 'approval.requested');
    const file = join(machine.home, 'all.backup');
    expect((await machine.run(['backup', file])).code).toBe(0);
    await machine.run(['stop']);
    await server.ended;
    machine.removeState();
    expect((await machine.run(['restore', file])).code).toBe(0);
    server = await serveTeam(machine);
    await door.must('POST', `/tasks/${id}/approval`, { decision: 'allow' });
    const asked = await door.until(
      id,
      (events) => events.filter(({ type }) => type === 'approval.requested').length === 2,
    );
    expect(shown(asked)).toContain('task.retrying publish');
    await door.must('POST', `/tasks/${id}/approval`, { decision: 'allow' });
    await door.untilOver(id);
    const { branch } = await door.task(id);
    expect(branchesOf(repository, 'sum.txt')[branch!]).toBe('eight\n');
  });
});
