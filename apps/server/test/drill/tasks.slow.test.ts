import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Task, TaskEvent } from '@tandem/protocol/team';
import { systemClock } from '@tandem/workspace/identity';
import { isAlive } from '@tandem/workspace/processes';
import { afterAll, expect, it } from 'vitest';
import { never } from '../support/database.ts';
import { describeEmbedded } from '../support/each-database.ts';
import { Machine } from '../support/machine.ts';
import { tillModel } from '../support/script.ts';
import { branchesOf, makeOrganisation, makeRepository, serveTeam, type TeamDoor } from '../support/team.ts';

const pause = (ms: number): Promise<void> => systemClock.sleep(ms, never);
const stagesOf = (events: readonly TaskEvent[]): readonly unknown[] =>
  events.filter(({ type }) => type === 'stage.completed').map(({ data }) => data.stage);

describeEmbedded('tasks under kills', () => {
  const machine = new Machine();
  const repository = join(machine.home, 'till');
  let server: Awaited<ReturnType<typeof serveTeam>>;
  const slots = ['--tasks', '6'];
  afterAll(() => machine.remove());

  const create = (door: TeamDoor, word: string, delayMs = 200): Promise<Task> =>
    door.must('POST', '/tasks', {
      repository: 'till',
      prompt: 'Set the till',
      options: {
        model: tillModel(machine.home, word, delayMs),
        permissionMode: 'acceptEdits',
        approval: false,
      },
    });
  const organisation = async (name: string): Promise<TeamDoor> => {
    const given = {
      token: server.team.token,
      fetch: (...asked: Parameters<typeof fetch>) => server.team.fetch(String(asked[0]), asked[1]!),
    };
    const made = await makeOrganisation(given, name, 3);
    await made.administrator.must('POST', '/repositories', { name: 'till', path: repository });
    return made.door;
  };
  const killServer = async (): Promise<void> => {
    server.child.kill('SIGKILL');
    await server.ended;
    server = await serveTeam(machine, slots);
  };
  const killDatabase = async (): Promise<void> => {
    const file = join(machine.state, 'postgres', 'postmaster.pid');
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid, null)) await pause(20);
    let ready = false;
    while (!ready) {
      await pause(100);
      ready = await fetch(`${server.url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    }
  };
  const expectDoneOnce = async (door: TeamDoor, made: ReadonlyMap<string, string>): Promise<void> => {
    for (const id of made.keys()) {
      const events = await door.untilOver(id);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect([id, stagesOf(events)]).toEqual([
        id,
        ['admit', 'prepare', 'agent', 'verify', 'approval', 'publish'],
      ]);
      expect(await door.task(id)).toMatchObject({ state: 'completed', why: 'the change is published' });
    }
    const published = branchesOf(repository, 'sum.txt');
    for (const [id, word] of made)
      expect([id, published[`tandem/${id.slice(5)}`]]).toEqual([id, `${word}\n`]);
  };

  it('fifty tasks of two organisations, server and database killed eight times: each is done, and once', async () => {
    makeRepository(repository);
    server = await serveTeam(machine, slots);
    const doors = [await organisation('shop'), await organisation('bank')];
    const made = doors.map(() => new Map<string, string>());
    for (let index = 0; index < 50; index++) {
      const { id } = await create(doors[index % 2]!, `word-${index}`);
      made[index % 2]!.set(id, `word-${index}`);
    }
    for (let round = 0; round < 8; round++) {
      await pause(300 + Math.random() * 1_500);
      if (round % 3 === 2) await killDatabase();
      else await killServer();
    }
    for (const [index, door] of doors.entries()) await expectDoneOnce(door, made[index]!);
    expect(Object.keys(branchesOf(repository, 'sum.txt'))).toHaveLength(50);
  });

  it('a server that was stopped and comes back finds its tasks taken over, and writes nothing', async () => {
    const door = await organisation('firm');
    const { id } = await create(door, 'zombie', 3_000);
    await door.untilStage(id, 'prepare');
    const zombie = server;
    zombie.child.kill('SIGSTOP');
    // The file that says who runs here keeps a second server from starting; without it this place has two.
    rmSync(join(machine.state, 'server.json'));
    server = await serveTeam(machine, slots);
    await door.until(id, (events) => events.some(({ type }) => type === 'task.taken_up'));
    zombie.child.kill('SIGCONT');
    await expectDoneOnce(door, new Map([[id, 'zombie']]));
    await pause(5_000);
    const events = await door.untilOver(id);
    expect(stagesOf(events).filter((stage) => stage === 'agent')).toHaveLength(1);
    const { session } = await door.task(id);
    const log = await server.door.events(session!);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    expect(log.filter(({ type }) => type === 'turn.completed')).toHaveLength(1);
    expect(log.filter(({ type }) => type === 'turn.admitted')).toHaveLength(1);
    zombie.child.kill('SIGKILL');
  });
});
