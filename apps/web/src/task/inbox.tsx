import { isFinal, type Task } from '@tandem/protocol/team';
import type { TeamClient } from '@tandem/sdk';
import { useCallback, useState } from 'react';
import { usePolled } from '../live/use-polled.ts';
import { Link, Problem, Title, When } from '../shell/parts.tsx';
import { State, titleOf } from './state.tsx';

const everyMs = 4_000;
const pageSize = 20;
const mostDone = 100;

type Groups = {
  readonly waiting: readonly Task[];
  readonly running: readonly Task[];
  readonly done: readonly Task[];
  readonly hasMore: boolean;
};

/** What needs somebody, what runs, what is over. */
export const Inbox = ({ client }: { readonly client: TeamClient }) => {
  const [limit, setLimit] = useState(pageSize);
  const ask = useCallback(() => read(client, limit), [client, limit]);
  const { value, problem } = usePolled(ask, everyMs);
  return (
    <>
      <Title>Tasks</Title>
      <Problem text={problem} />
      {value === null ? <p className="quiet">One moment…</p> : <Lists groups={value} />}
      {value?.hasMore && limit < mostDone ? (
        <button type="button" className="plain" onClick={() => setLimit(limit + pageSize)}>
          Show older tasks
        </button>
      ) : null}
    </>
  );
};

/** Those that are not over are asked for by their state: one may be older than every page that is shown. */
const read = async (client: TeamClient, limit: number): Promise<Groups> => {
  const [waiting, running, queued, all] = await Promise.all([
    client.tasks({ state: 'waiting', limit: 100 }),
    client.tasks({ state: 'running', limit: 100 }),
    client.tasks({ state: 'queued', limit: 100 }),
    client.tasks({ limit }),
  ]);
  return {
    waiting: waiting.data,
    running: [...running.data, ...queued.data],
    done: all.data.filter(({ state }) => isFinal(state)),
    hasMore: all.next !== null,
  };
};

const Lists = ({ groups: { waiting, running, done } }: { readonly groups: Groups }) => (
  <>
    <TaskList heading="Needs you" tasks={waiting} none="Nothing waits for anybody." />
    <TaskList heading="Running" tasks={running} none="Nothing runs." />
    <TaskList heading="Done" tasks={done} none="Nothing is done yet." />
  </>
);

const TaskList = ({
  heading,
  tasks,
  none,
}: {
  readonly heading: string;
  readonly tasks: readonly Task[];
  readonly none: string;
}) => (
  <section>
    <h2>
      {heading} {tasks.length > 0 ? <span className="quiet">{tasks.length}</span> : null}
    </h2>
    {tasks.length === 0 ? (
      <p className="quiet">{none}</p>
    ) : (
      <ul className="cards">
        {tasks.map((task) => (
          <li key={task.id}>
            <Link to={{ screen: 'task', id: task.id }} className="card">
              <span className="title">{titleOf(task)}</span>
              <span className="quiet">{task.why}</span>
              <span className="row">
                <State state={task.state} />
                <span className="quiet">
                  <When at={task.updatedAt} />
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    )}
  </section>
);
