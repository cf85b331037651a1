import type { Task } from '@tandem/protocol/team';
import type { Query } from '../database/transaction.ts';
import { changeTask, type TaskChange } from './rows.ts';

type End = 'completed' | 'failed' | 'cancelled';

const whyOf = (end: End, problem: Task['error'], branch: boolean): string => {
  switch (end) {
    case 'completed':
      return branch ? 'the change is published' : 'there was nothing to change';
    case 'failed':
      return problem?.message ?? 'it failed';
    case 'cancelled':
      return problem?.message ?? 'it was cancelled';
  }
};

/** The end of a task, in the caller's transaction; a second end is none. */
export const endTask = async (
  client: Query,
  id: string,
  end: End,
  problem: Task['error'],
  given: TaskChange & { readonly actor?: string } = {},
): Promise<void> => {
  const { actor = 'server', ...change } = given;
  const { rows } = await client.query<{ branch: string | null }>(
    'select branch from tandem.task where id = $1',
    [id],
  );
  const branch = rows[0]?.branch ?? null;
  await changeTask(client, id, {
    change: {
      ...change,
      state: end,
      why: whyOf(end, problem, branch !== null),
      error: problem,
      questions: [],
    },
    event: {
      type: `task.${end}`,
      actor,
      data: { ...(problem === null ? {} : { error: problem }), ...(branch === null ? {} : { branch }) },
    },
  });
};
