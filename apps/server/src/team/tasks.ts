import { createHash } from 'node:crypto';
import type { Caller, Team } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import type { AnswerTask, Task, TaskEvent } from '@tandem/protocol/team';
import { type Act, recordAct } from '../audit/record.ts';
import { asOrganisation, type Query } from '../database/transaction.ts';
import { patchOf } from '../repository/commit.ts';
import { followRows } from '../store/follow.ts';
import { pageSize } from '../store/read.ts';
import { mirrorFolder } from '../task/context.ts';
import { endTask } from '../task/end.ts';
import { changeTask, insertEvent, type NamedTaskRow, type TaskRow, taskOf } from '../task/rows.ts';
import { doing } from '../task/stages.ts';
import { claimBundle } from './bundles.ts';
import type { TeamParts } from './create-team.ts';
import { actorName } from './names.ts';
import { doOnce } from './once.ts';
import { readPage } from './page.ts';
import { findRepository } from './repositories.ts';

/** Tasks with the names of who made them. */
const named = `select t.*, ${actorName('t.created_by')} as created_by_name from tandem.task t`;

type Reading = Pick<Team, 'tasks' | 'task' | 'patch' | 'followTask' | 'followLog'>;
type Tasks = Reading & Pick<Team, 'createTask' | 'cancelTask' | 'answerTask' | 'answerQuestion'>;

export const tasks = (parts: TeamParts): Tasks => ({
  ...reading(parts),
  createTask: (caller, { input, once }) =>
    asOrganisation(parts.pool, caller.organisation, (client) =>
      doOnce(client, { caller, once, make: () => create(parts, client, { caller, input }) }),
    ),
  cancelTask: async (caller, id) => {
    const { task, ended } = await asOrganisation(parts.pool, caller.organisation, async (client) => {
      await find(client, caller, id);
      const done = await parts.durable.cancel(client, id);
      if (done === 'ended') await endTask(client, id, 'cancelled', null, { actor: caller.actor });
      if (done === 'requested')
        await changeTask(client, id, {
          change: { why: 'it is being cancelled' },
          event: { type: 'cancel.requested', actor: caller.actor },
        });
      if (done !== 'final') await recordAct(client, caller, { action: 'task.cancel_asked', subject: id });
      return { task: await find(client, caller, id), ended: done === 'ended' };
    });
    if (ended) await parts.clear(id);
    return taskOf(task);
  },
  answerTask: async (caller, { id, answer }) => {
    const task = await asOrganisation(parts.pool, caller.organisation, async (client) => {
      await find(client, caller, id);
      const end = answer.decision === 'deny';
      if (!(await parts.durable.wake(client, id, { waitsAt: 'publish', end })))
        throw new AppError('conflict', 'This task does not wait for that; look at its state.');
      const change = end ? {} : ({ state: 'queued', stage: 'publish', why: doing.admit } as const);
      const event = { type: 'approval.resolved', actor: caller.actor, data: answer } as const;
      await changeTask(client, id, { change, event });
      const { actor, name } = caller;
      const refused = { code: 'interrupted', message: answer.note ?? `${name} refused the change` };
      if (end) await endTask(client, id, 'cancelled', refused, { actor });
      await recordAct(client, caller, answered(id, answer, null));
      return await find(client, caller, id);
    });
    if (answer.decision === 'deny') await parts.clear(id);
    return taskOf(task);
  },
  answerQuestion: (caller, { id, approval, answer }) =>
    asOrganisation(parts.pool, caller.organisation, async (client) => {
      const task = await find(client, caller, id);
      if (!task.questions.some((question) => question.approval === approval))
        throw new AppError(
          'not_found',
          `This task asks nothing by the name of ${approval} now; look at its questions.`,
        );
      const { actor } = caller;
      if (!(await parts.durable.answer(client, id, { topic: approval, value: answer, actor })))
        throw new AppError('conflict', 'Somebody has answered this already; look at the events of the task.');
      await recordAct(client, caller, answered(id, answer, approval));
      return taskOf(task);
    }),
});

const answered = (subject: string, { decision }: AnswerTask, question: string | null): Act => ({
  action: 'task.answered',
  subject,
  data: { decision, ...(question === null ? {} : { question }) },
});

/** The row as it is now, and nobody changes it until the transaction ends. @throws AppError not_found */
const find = async (client: Query, { organisation }: Caller, id: string): Promise<NamedTaskRow> => {
  const { rows } = await client.query<NamedTaskRow>(`${named} where t.org_id = $1 and id = $2`, [
    organisation,
    id,
  ]);
  if (rows[0] === undefined) throw new AppError('not_found', `There is no task ${id}; list them to see.`);
  return rows[0];
};

const create = async (
  { ids, durable }: TeamParts,
  client: Query,
  { caller, input }: { readonly caller: Caller; readonly input: Parameters<Team['createTask']>[1]['input'] },
): Promise<Task> => {
  const { organisation, actor } = caller;
  const repository = await findRepository(client, organisation, input.repository);
  const id = ids('task');
  const insert = `insert into tandem.task (id, org_id, repository_id, created_by, prompt, options, state, stage, why, last_seq)
    values ($1, $2, $3, $4, $5, $6, 'queued', 'admit', $7, 1) returning *`;
  const prompt = input.prompt.replaceAll('\0', '\ufffd');
  const values = [id, organisation, repository.id, actor, prompt, JSON.stringify(input.options), doing.admit];
  const { rows } = await client.query<TaskRow>(insert, values);
  const event = { type: 'task.created', actor, data: { repository: repository.id } } as const;
  await insertEvent(client, rows[0]!, event);
  const { model, permissionMode, base } = input.options;
  const bundle = typeof base === 'object' ? base.bundle : null;
  const place =
    bundle === null ? null : await claimBundle(client, { bundle, task: id, repository: repository.id });
  await durable.enqueue(client, { id, organisation, stage: 'admit', place });
  const promptHash = createHash('sha256').update(prompt).digest('hex');
  const handed = bundle === null ? {} : { bundle };
  const data = { repository: repository.id, model, permissionMode, promptHash, ...handed };
  await recordAct(client, caller, { action: 'task.created', subject: id, data });
  return taskOf({ ...rows[0]!, created_by_name: caller.name });
};

const reading = ({ pool, bell, engine, state }: TeamParts): Reading => ({
  tasks: ({ organisation }, { state: wanted, ...page }) =>
    asOrganisation(pool, organisation, (client) =>
      readPage<NamedTaskRow, Task>(client, {
        ...page,
        select: `${named} where t.org_id = $1 and ($2::text is null or state = $2)`,
        values: [organisation, wanted ?? null],
        of: taskOf,
      }),
    ),
  task: (caller, id) =>
    asOrganisation(pool, caller.organisation, async (client) => taskOf(await find(client, caller, id))),
  patch: async (caller, id) => {
    const row = await asOrganisation(pool, caller.organisation, (client) => find(client, caller, id));
    const { base_commit: base, head_commit: commit } = row;
    if (base === null || commit === null)
      throw new AppError('conflict', 'This task has made no change yet; look at its state.');
    return await patchOf({ folder: mirrorFolder(state, row.repository_id) }, { base, commit });
  },
  followTask: async (caller, { id, after, signal }) => {
    const { organisation } = caller;
    const asked = `select body from (select seq, json_build_object('task', task_id, 'seq', seq, 'type', type, 'actor', actor, 'actorName', ${actorName('actor')},
        'at', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', data) as body
      from tandem.task_event where org_id = $1 and task_id = $2 and seq > $3 order by seq limit $4) as page`;
    return followRows({
      bell,
      name: id,
      require: async () =>
        void (await asOrganisation(pool, organisation, (client) => find(client, caller, id))),
      page: (cursor) =>
        asOrganisation(pool, organisation, async (client) => {
          const { rows } = await client.query<{ body: TaskEvent }>(asked, [
            organisation,
            id,
            cursor,
            pageSize,
          ]);
          return rows.map(({ body }) => body);
        }),
      after,
      signal,
    });
  },
  followLog: async (caller, { id, after, signal }) => {
    const row = await asOrganisation(pool, caller.organisation, (client) => find(client, caller, id));
    if (row.session_id === null)
      throw new AppError('conflict', 'The agent has not begun yet; follow the events of the task.');
    return engine.follow(row.session_id, { after, signal });
  },
});
