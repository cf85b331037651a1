import type { Page, Task } from '@tandem/protocol/team';
import type { AuditRow } from '@tandem/protocol/team-audit';
import type { SetUpDone } from '@tandem/protocol/team-setup';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newSetupCode } from '../../src/team/setup.ts';
import type { TestDatabase } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { makeOrganisation, TeamDoor } from '../support/team.ts';
import { openTeamApp } from '../support/team-app.ts';

onEachDatabase('the first organisation', (opened: () => TestDatabase) => {
  let app: ReturnType<typeof openTeamApp>;
  let stranger: TeamDoor;
  beforeAll(() => {
    app = openTeamApp(opened());
    stranger = new TeamDoor(app.fetch, {});
  });
  beforeEach(() => opened().empty());
  afterAll(() => app.close());
  const code = () => newSetupCode(opened().database.pool);
  const ask = (given: string | null, names: object = {}) =>
    stranger.ask<SetUpDone>('POST', '/setup', {
      body: { code: given, organisation: 'shop', member: 'ada', ...names },
    });

  it('is made once with the code, and its owner’s key opens the door', async () => {
    const secret = await code();
    const answers = await Promise.all([ask(secret), ask(secret), ask(secret)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 404, 404]);
    const { body } = answers.find(({ status }) => status === 201)!;
    expect([body.organisation.name, body.member.name, body.member.role]).toEqual(['shop', 'ada', 'owner']);
    const door = new TeamDoor(app.fetch, { authorization: `Bearer ${body.key.secret}` });
    expect((await door.must<Page<Task>>('GET', '/tasks')).data).toEqual([]);
    const { data } = await door.must<Page<AuditRow>>('GET', '/audit');
    expect(data.map(({ action }) => action)).toEqual(['key.created', 'member.added', 'organisation.created']);
    expect((await ask(secret, { organisation: 'bank' })).status).toBe(404);
    expect(await code()).toBeNull();
  });

  it('takes no other code: none that is over, was replaced, or came before somebody else’s organisation', async () => {
    const { pool } = opened().database;
    const first = await code();
    const second = await code();
    expect((await ask('setup_guess')).status).toBe(404);
    expect((await ask(first)).status).toBe(404);
    await pool.query("update tandem.setup set expires_at = now() - interval '1 second'");
    expect((await ask(second)).status).toBe(404);
    const third = await code();
    const { rows } = await pool.query('select * from tandem.setup');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(third!.slice(6));
    expect((await ask(third, { organisation: 'two words' })).status).toBe(400);
    await makeOrganisation(app, 'bank');
    expect((await ask(third)).status).toBe(404);
  });
});
