import { join } from 'node:path';
import type { Task } from '@tandem/protocol/team';
import { reportSandbox } from '@tandem/workspace';
import { afterAll, expect, it } from 'vitest';
import { never } from '../support/database.ts';
import { describeEmbedded } from '../support/each-database.ts';
import { Machine } from '../support/machine.ts';
import { commandModel } from '../support/script.ts';
import { makeOrganisation, makeRepository, serveTeam } from '../support/team.ts';

const { levels } = await reportSandbox(never);
const holds = levels.some((level) => level.holds.includes('workspace-write'));

describeEmbedded('a task in the sandbox', () => {
  const machine = new Machine();
  afterAll(() => machine.remove(), 60_000);

  it.skipIf(!holds)('uses git in its worktree, and sees neither the token nor another task', async () => {
    makeRepository(join(machine.home, 'till'));
    const server = await serveTeam(machine, ['--sandbox', 'workspace-write']);
    const { token } = server.team;
    const fetching = (path: string, init: RequestInit) => server.team.fetch(path, init);
    const { administrator, door } = await makeOrganisation({ token, fetch: fetching }, 'shop');
    await administrator.must('POST', '/repositories', { name: 'till', path: join(machine.home, 'till') });
    const create = (command: string, verify?: string): Promise<Task> =>
      door.must('POST', '/tasks', {
        repository: 'till',
        prompt: 'Set the sum',
        options: { model: commandModel(machine.home, command), verify, approval: verify === undefined },
      });
    const other = await create('echo other > sum.txt');
    await door.until(other.id, (events) => events.at(-1)!.type === 'approval.requested');
    const verify = `git status && test -s sum.txt && ! test -e ../../token && ! test -e ../${other.id}`;
    const { id } = await create('git log --oneline > sum.txt', verify);
    await door.untilOver(id);
    expect(await door.task(id)).toMatchObject({ state: 'completed', verify: { exit: 0 } });
  });
});
