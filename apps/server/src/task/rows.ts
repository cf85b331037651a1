import type { Task, TaskEvent } from '@tandem/protocol/team';
import type { Query } from '../database/transaction.ts';

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

export const taskOf = (row: TaskRow): Task => ({
  id: row.id,
  repository: row.repository_id,
  prompt: row.prompt,
  options: row.options,
  createdBy: row.created_by,
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
    where id = $1 and state not in ('completed', 'failed', 'cancelled') returning org_id, last_seq`;
  const { rows } = await client.query<{ org_id: string; last_seq: number }>(update, [id, ...values]);
  if (rows[0] === undefined) return false;
  await insertEvent(client, { ...rows[0], id, event });
  return true;
};

/** A column of text cannot hold the character 0. */
const plain = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;

export const insertEvent = async (
  client: Query,
  given: {
    readonly id: string;
    readonly org_id: string;
    readonly last_seq: number;
    readonly event: NewTaskEvent;
  },
): Promise<void> => {
  const { id, org_id, last_seq, event } = given;
  const insert =
    'insert into tandem.task_event (org_id, task_id, seq, type, actor, data) values ($1, $2, $3, $4, $5, $6)';
  const data = JSON.stringify(event.data ?? {});
  await client.query(insert, [org_id, id, last_seq, event.type, event.actor, data]);
  await client.query("select pg_notify('tandem_task', $1)", [`${id} ${last_seq}`]);
};

export const readTask = async (client: Query, id: string): Promise<TaskRow | null> =>
  (await client.query<TaskRow>('select * from tandem.task where id = $1', [id])).rows[0] ?? null;
