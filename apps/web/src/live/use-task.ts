import type { Task, TaskEvent } from '@tandem/protocol/team';
import { isFinal } from '@tandem/protocol/team';
import type { TeamClient } from '@tandem/sdk';
import { useEffect, useRef, useState } from 'react';
import { useAgain } from './use-again.ts';
import { problemOf } from './use-polled.ts';

export type SeenTask = {
  readonly task: Task | null;
  readonly events: readonly TaskEvent[];
  readonly problem: string | null;
};

const nothing: SeenTask = { task: null, events: [], problem: null };

/** A task and what happened to it, until it is over; one that was lost sight of is looked for again. */
export const useTask = (client: TeamClient, id: string): SeenTask => {
  const [seen, setSeen] = useState(nothing);
  const again = useAgain(seen.problem !== null);
  const known = useRef(seen);
  known.current = seen;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it counts the times that following is to begin anew
  useEffect(() => {
    const stop = new AbortController();
    const change = (next: (before: SeenTask) => SeenTask): void => {
      if (!stop.signal.aborted) setSeen(next);
    };
    const after = known.current.events.at(-1)?.seq ?? 0;
    void follow({ client, id, after, signal: stop.signal, change });
    return () => stop.abort();
  }, [client, id, again]);
  return seen;
};

type Following = {
  readonly client: TeamClient;
  readonly id: string;
  readonly after: number;
  readonly signal: AbortSignal;
  readonly change: (next: (before: SeenTask) => SeenTask) => void;
};

const follow = async ({ client, id, after, signal, change }: Following): Promise<void> => {
  const read = async (): Promise<Task> => {
    const task = await client.task(id);
    change((before) => ({ ...before, task, problem: null }));
    return task;
  };
  try {
    await read();
    let isReplayed = false;
    for await (const event of client.followTask(id, { after, signal })) {
      if (event.type === 'caught_up') isReplayed = true;
      else change((before) => ({ ...before, events: [...before.events, event] }));
      // The events of before are in the task already, all at once.
      if (isReplayed && isFinal((await read()).state)) return;
    }
  } catch (error) {
    change((before) => ({ ...before, problem: problemOf(error) }));
  }
};
