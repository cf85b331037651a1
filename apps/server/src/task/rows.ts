import type { Task, TaskEvent } from '@tandem/protocol/team';
import { type Act, recordAct } from '../audit/record.ts';
import type { Query } from '../database/transaction.ts';
import { queueDeliveries } from '../webhook/outbox.ts';

export type TaskRow = {
  readonly id: string;
  readonly org_id: string;
  readonly repository_id: string;
  readonly created_by: string;
  readonly prompt: string;
  readonly options: Task['options'];
  readonly state: Task['state'];
  readonly stage: Task['stage'];
  readonly why: string;
  readonly last_seq: number;
  readonly session_id: string | null;
  readonly base_commit: string | null;
  readonly head_commit: string | null;
  readonly branch: string | null;
  readonly files: Task['files'];
  readonly verify: Task['verify'];
  readonly answer: string | null;
  readonly error: Task['error'];
  readonly questions: Task['questions'];
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** With what people call who made it. */
export type NamedTaskRow = TaskRow & { readonly created_by_name: string };

export const taskOf = (row: NamedTaskRow): Task => ({
  id: row.id,
  repository: row.repository_id,
  prompt: row.prompt,
  options: row.options,
  createdBy: row.created_by,
  createdByName: row.created_by_name,
  state: row.state,
  stage: row.stage,
  why: row.why,
  version: row.last_seq,
  session: row.session_id,
  base: row.base_commit,
  commit: row.head_commit,
  branch: row.branch,
  files: row.files,
  verify: row.verify,
  answer: row.answer,
  error: row.error,
  questions: row.questions,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

/** What of a task a change may set; the names are those of the columns. */
export type TaskChange = Partial<
  Pick<
    TaskRow,
    | 'state'
    | 'stage'
    | 'why'
    | 'session_id'
    | 'base_commit'
    | 'head_commit'
    | 'branch'
    | 'files'
    | 'verify'
    | 'answer'
    | 'error'
    | 'questions'
  >
>;

const jsonColumns: ReadonlySet<string> = new Set(['files', 'verify', 'error', 'questions']);

export type NewTaskEvent = Pick<TaskEvent, 'type' | 'actor'> & { readonly data?: TaskEvent['data'] };

/**
 * Changes a task and writes what happened, in the caller's transaction, with a ring for those who follow it. A task that is over
 * is not changed: returns false.
 */
export const changeTask = async (
  client: Query,
  id: string,
  { change = {}, event }: { readonly change?: TaskChange; readonly event: NewTaskEvent },
): Promise<boolean> => {
  const entries = Object.entries(change);
  const sets = entries.map(([column], index) => `, ${column} = $${index + 2}`).join('');
  const values = entries.map(([column, value]) =>
    jsonColumns.has(column) && value !== null ? JSON.stringify(value) : plain(value),
  );
  const update = `update tandem.task set last_seq = last_seq + 1, updated_at = now()${sets}
    where id = $1 and state not in ('completed', 'failed', 'cancelled') returning *`;
  const { rows } = await client.query<TaskRow>(update, [id, ...values]);
  if (rows[0] === undefined) return false;
  await insertEvent(client, rows[0], event);
  return true;
};

/** A column of text cannot hold the character 0. */
const plain = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;

/** What happened to a task that is as `task` says by then: for who follows it, and for the webhooks that want it. */
export const insertEvent = async (client: Query, task: TaskRow, event: NewTaskEvent): Promise<void> => {
  const { type, actor, data = {} } = event;
  const insert = `insert into tandem.task_event (org_id, task_id, seq, type, actor, data)
    values ($1, $2, $3, $4, $5, $6) returning at`;
  const values = [task.org_id, task.id, task.last_seq, type, actor, JSON.stringify(data)];
  const { rows } = await client.query<{ at: Date }>(insert, values);
  const written = { type, actor, data, seq: task.last_seq, at: rows[0]!.at.toISOString() };
  await queueDeliveries(client, { task, event: written });
  if (isUsed(event)) await client.query('select tandem.record_usage($1)', [task.id]);
  const act = actOf(task, event);
  if (act !== null) await recordAct(client, { organisation: task.org_id, actor }, act);
  await client.query("select pg_notify('tandem_task', $1)", [`${task.id} ${task.last_seq}`]);
};

/** The agent is done, or was stopped: what its sessions used so far is known. */
const isUsed = ({ type, data }: NewTaskEvent): boolean =>
  /^task\.(?:completed|failed|cancelled)$/.test(type) ||
  (type === 'stage.completed' && data?.stage === 'agent');

/** What of a task's way is kept in the audit; what people do is recorded where it is done. */
const actOf = ({ id, branch, head_commit: commit }: TaskRow, { type, data }: NewTaskEvent): Act | null => {
  switch (type) {
    case 'stage.completed':
      if (data?.stage !== 'publish') return null;
      return { action: 'task.published', subject: id, data: { branch, commit } };
    case 'task.completed':
    case 'task.failed':
    case 'task.cancelled':
      return { action: type, subject: id };
    default:
      return null;
  }
};

export const readTask = async (client: Query, id: string): Promise<TaskRow | null> =>
  (await client.query<TaskRow>('select * from tandem.task where id = $1', [id])).rows[0] ?? null;
