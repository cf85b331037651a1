import type { ServedWorkspace, SessionInfo } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';
import { useCallback, useState } from 'react';
import { usePolled } from '../live/use-polled.ts';
import { Link, Problem, Title, When } from '../shell/parts.tsx';

export type Local = { readonly client: Client; readonly workspace: ServedWorkspace };

const everyMs = 4_000;
const pageSize = 30;

/** The sessions of the workspace; those of attempts belong to the session that made them. */
export const Sessions = ({ client, workspace }: Local) => {
  const [limit, setLimit] = useState(pageSize);
  const ask = useCallback(async () => {
    const [sessions, live] = await Promise.all([client.sessions(), client.live(workspace.cwd)]);
    return { sessions: sessions.filter(({ parent }) => parent === undefined), live: new Set(live.sessions) };
  }, [client, workspace.cwd]);
  const { value, problem } = usePolled(ask, everyMs);
  const running = value?.sessions.filter(({ id }) => value.live.has(id)) ?? [];
  const others = value?.sessions.filter(({ id }) => !value.live.has(id)) ?? [];
  return (
    <>
      <Title>Sessions</Title>
      <p className="quiet path">{workspace.cwd}</p>
      <Problem text={problem} />
      {value === null && problem === null ? <p className="quiet">One moment…</p> : null}
      {running.length === 0 ? null : <SessionList heading="Running" sessions={running} />}
      {value === null ? null : others.length + running.length === 0 ? (
        <p className="quiet">There is no session here yet.</p>
      ) : (
        <SessionList heading="Earlier" sessions={others.slice(0, limit)} />
      )}
      {others.length > limit ? (
        <button type="button" className="plain" onClick={() => setLimit(limit + pageSize)}>
          Show older sessions
        </button>
      ) : null}
    </>
  );
};

const SessionList = ({
  heading,
  sessions,
}: {
  readonly heading: string;
  readonly sessions: readonly SessionInfo[];
}) => (
  <section>
    <h2>{heading}</h2>
    <ul className="cards">
      {sessions.map(({ id, title, updatedAt }) => (
        <li key={id}>
          <Link to={{ screen: 'session', id }} className="card">
            <span className="title">{title || 'Without a title'}</span>
            <span className="quiet">
              <When at={updatedAt} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  </section>
);
