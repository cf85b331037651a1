import { randomBytes } from 'node:crypto';
import type { TaskEvent } from '@tandem/protocol/team';
import type { Query } from '../database/transaction.ts';

/** What is said of a task beside the event; its prompt and its code are read at the door. */
type Told = {
  readonly id: string;
  readonly org_id: string;
  readonly repository_id: string;
  readonly created_by: string;
  readonly state: string;
  readonly stage: string;
  readonly why: string;
  readonly branch: string | null;
};

/** A receiver reads the rest at the door. */
const mostData = 64 * 1024;

/** Of a task's event, wherever it is told: no dot, which would end the id in what is signed. */
const eventId = (task: string, seq: number): string => `${task.replace('task_', 'evt_')}_${seq}`;

/**
 * One delivery of the event for each webhook that wants it, in the transaction that writes the event: told if and only if it
 * happened.
 */
export const queueDeliveries = async (
  client: Query,
  { task, event }: { readonly task: Told; readonly event: Omit<TaskEvent, 'task' | 'actorName'> },
): Promise<void> => {
  const wanted = `select id from tandem.webhook where org_id = $1 and disabled_why is null and $2 = any(events)`;
  const { rows } = await client.query<{ id: string }>(wanted, [task.org_id, event.type]);
  if (rows.length === 0) return;
  const id = eventId(task.id, event.seq);
  const body = bodyOf({ task, event, actorName: await nameOf(client, event.actor) });
  const insert = `insert into tandem.delivery (id, org_id, webhook_id, event_id, type, body)
    select d.id, $1, d.webhook, $2, $3, $4 from unnest($5::text[], $6::text[]) as d (id, webhook) on conflict do nothing`;
  const ids = rows.map(() => deliveryId(event.at));
  await client.query(insert, [task.org_id, id, event.type, body, ids, rows.map((row) => row.id)]);
};

/** Sorts by its time. */
export const deliveryId = (at: string): string =>
  `dlv_${Date.parse(at).toString(36).padStart(9, '0')}${randomBytes(8).toString('hex')}`;

export const nameOf = async (client: Query, actor: string): Promise<string> => {
  const [, member] = /^member:(.+)$/.exec(actor) ?? [];
  if (member === undefined) return actor;
  const asked = 'select name from tandem.member where id = $1';
  return (await client.query<{ name: string }>(asked, [member])).rows[0]?.name ?? actor;
};

const bodyOf = (given: Parameters<typeof queueDeliveries>[1] & { readonly actorName: string }): string => {
  const { task, event, actorName } = given;
  const { type, at, ...rest } = event;
  const data = JSON.stringify(rest.data).length > mostData ? { truncated: true } : rest.data;
  return JSON.stringify({
    type,
    timestamp: at,
    data: {
      organisation: task.org_id,
      task: {
        ...{ id: task.id, repository: task.repository_id, createdBy: task.created_by },
        ...{ state: task.state, stage: task.stage, why: task.why, branch: task.branch },
      },
      event: { seq: rest.seq, actor: rest.actor, actorName, data },
    },
  });
};
