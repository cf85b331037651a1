import type { Member, Page, Task } from '@tandem/protocol/team';
import type { UsageReport } from '@tandem/protocol/team-usage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, temporaryFolder } from '../support/database.ts';
import { onEachDatabase } from '../support/each-database.ts';
import { type Made, makeOrganisation, makeRepository, type TeamDoor } from '../support/team.ts';
import { openTeamApp } from '../support/team-app.ts';

const folder = temporaryFolder();
makeRepository(folder.path);
afterAll(folder.remove);

type Step = {
  readonly session: string;
  readonly parent?: string;
  /** When it was completed; it took two seconds. */
  readonly at: string;
  readonly model: string;
  readonly used: {
    readonly in: number;
    readonly cached: number;
    readonly out: number;
    readonly costUsd: number;
  };
};

onEachDatabase('usage', (opened: () => TestDatabase) => {
  let app: ReturnType<typeof openTeamApp>;
  let shop: Made;
  let bank: Made;
  beforeAll(async () => {
    app = openTeamApp(opened());
    shop = await makeOrganisation(app, 'shop');
    bank = await makeOrganisation(app, 'bank');
    for (const one of [shop, bank])
      await one.administrator.must('POST', '/repositories', { name: 'till', path: folder.path });
  });
  afterAll(() => app.close());

  let count = 0;
  /** As the engine writes a step into the log of a session. */
  const write = async ({ session, parent, at, model, used }: Step): Promise<void> => {
    const { pool } = opened().database;
    count += 1;
    const step = `stp_${count}`;
    await pool.query('insert into tandem.session (id, parent_id) values ($1, $2) on conflict do nothing', [
      session,
      parent ?? null,
    ]);
    const insert =
      'insert into tandem.event (session_id, seq, id, type, at, body) values ($1, $2, $3, $4, $5, $6)';
    const began = new Date(Date.parse(at) - 2_000);
    const started = { data: { step, model, results: [] } };
    await pool.query(insert, [
      session,
      count * 2,
      `a${count}`,
      'step.started',
      began,
      JSON.stringify(started),
    ]);
    const completed = { data: { step, usage: used, stop: 'end', note: '\0' } };
    const values = [session, count * 2 + 1, `b${count}`, 'step.completed', at, JSON.stringify(completed)];
    await pool.query(insert, values);
  };
  const make = async (door: TeamDoor): Promise<Task> =>
    await door.must('POST', '/tasks', { repository: 'till', prompt: 'x', options: { model: 'm/one' } });
  const read = (door: TeamDoor, query = ''): Promise<UsageReport> =>
    door.must('GET', `/usage?from=2026-03-01&to=2026-03-31${query}`);

  it('is told apart by day, member, repository and model, from the sessions of a task and those below them', async () => {
    const mine = await make(shop.door);
    const developer = await shop.as('developer');
    const theirs = await make(developer);
    const foreign = await make(bank.door);
    const sessionOf = ({ id }: Task): string => id.replace('task_', 'ses_');
    const used = { in: 100, cached: 40, out: 10, costUsd: 0.5 };
    const steps: readonly Step[] = [
      { session: sessionOf(mine), at: '2026-03-01T23:59:59.000Z', model: 'm/one', used },
      { session: sessionOf(mine), at: '2026-03-02T00:00:01.000Z', model: 'm/one', used },
      { session: sessionOf(mine), at: '2026-03-02T01:00:00.000Z', model: 'm/two', used },
      {
        session: 'ses_attempt',
        parent: sessionOf(mine),
        at: '2026-03-02T02:00:00.000Z',
        model: 'm/one',
        used,
      },
      { session: `${sessionOf(mine)}r1`, at: '2026-03-02T03:00:00.000Z', model: 'm/one', used },
      { session: `${sessionOf(mine)}r2`, at: '2026-03-02T03:00:00.000Z', model: 'm/never', used },
      { session: sessionOf(theirs), at: '2026-03-02T00:00:01.000Z', model: 'm/one', used },
      { session: sessionOf(foreign), at: '2026-03-02T00:00:01.000Z', model: 'm/bank', used },
      { session: 'ses_other', at: '2026-03-02T00:00:01.000Z', model: 'm/other', used },
    ];
    for (const step of steps) await write(step);
    const { pool } = opened().database;
    await pool.query('update tandem.task set session_id = $2 where id = $1', [
      mine.id,
      `${sessionOf(mine)}r1`,
    ]);
    expect((await read(shop.door)).data).toEqual([]);
    for (const [door, task] of [
      [shop.door, mine],
      [developer, theirs],
      [bank.door, foreign],
    ] as const)
      await door.must('POST', `/tasks/${task.id}/cancel`);
    await pool.query('select tandem.record_usage($1)', [mine.id]);

    const { data: members } = await shop.door.must<Page<Member>>('GET', '/members');
    const owner = { id: `member:${members.find(({ role }) => role === 'owner')!.id}`, name: 'a-owner' };
    const other = {
      id: `member:${members.find(({ role }) => role === 'developer')!.id}`,
      name: 'a-developer',
    };
    const repository = { id: mine.repository, name: 'till' };
    const times = (steps: number) => ({
      ...{ in: 100 * steps, cached: 40 * steps, out: 10 * steps },
      ...{ costUsd: 0.5 * steps, seconds: 2 * steps },
    });
    const report = await read(shop.door);
    expect([report.from, report.to, report.truncated]).toEqual(['2026-03-01', '2026-03-31', false]);
    expect(report.total).toEqual({ tasks: 2, ...times(6) });
    const rows = report.data.map(({ member, day, model, ...rest }) => ({
      key: [day, member?.name, model].join(' '),
      ...rest,
    }));
    expect(rows.toSorted((a, b) => a.key.localeCompare(b.key))).toEqual([
      { key: '2026-03-01 a-owner m/one', repository, tasks: 1, ...times(1) },
      { key: '2026-03-02 a-developer m/one', repository, tasks: 1, ...times(1) },
      { key: '2026-03-02 a-owner m/one', repository, tasks: 1, ...times(3) },
      { key: '2026-03-02 a-owner m/two', repository, tasks: 1, ...times(1) },
    ]);
    expect(report.data.at(-1)!.day).toBe('2026-03-01');
    const byMember = (await read(shop.door, '&by=member')).data;
    const nothing = { day: null, repository: null, model: null };
    expect(byMember).toHaveLength(2);
    expect(byMember).toEqual(
      expect.arrayContaining([
        { ...nothing, member: owner, tasks: 1, ...times(5) },
        { ...nothing, member: other, tasks: 1, ...times(1) },
      ]),
    );
    const first = await shop.door.must<UsageReport>('GET', '/usage?from=2026-03-01&to=2026-03-01&by=model');
    expect(first.data).toMatchObject([{ model: 'm/one', tasks: 1, in: 100 }]);
    expect((await read(bank.door, '&by=model')).data).toMatchObject([{ model: 'm/bank' }]);
    const recent = await shop.door.must<UsageReport>('GET', '/usage');
    expect(Date.parse(recent.to) - Date.parse(recent.from)).toBe(29 * 86_400_000);
    for (const wrong of ['by=day,week', 'by=', 'from=yesterday', 'to=2026-02-31'])
      expect([wrong, (await shop.door.ask('GET', `/usage?${wrong}`)).status]).toEqual([wrong, 400]);
  });
});
