import type { Task } from '@tandem/protocol/team';
import type { Query } from '../database/transaction.ts';
import { changeTask, type TaskChange } from './rows.ts';

type End = 'completed' | 'failed' | 'cancelled';

type Made = { readonly branch: string | null; readonly head_commit: string | null };

const whyOf = (end: End, problem: Task['error'], { branch, head_commit: commit }: Made): string => {
  switch (end) {
    case 'completed':
      if (branch !== null) return 'the change is published';
      return commit === null ? 'there was nothing to change' : 'the change is ready to be taken';
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
  const { rows } = await client.query<Made>('select branch, head_commit from tandem.task where id = $1', [
    id,
  ]);
  const made = { branch: null, head_commit: null, ...rows[0], ...change };
  const { branch } = made;
  await changeTask(client, id, {
    change: {
      ...change,
      state: end,
      why: whyOf(end, problem, made),
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
