import type { View, ViewAttempt, ViewTurn } from '@tandem/protocol';
import { memo, useState } from 'react';
import { Counts } from '../diff/diff.tsx';
import { ItemBlock } from './item.tsx';

/** Turns, and items of one, that are drawn at once; those before come when they are asked for. */
const turnsAtOnce = 30;
const itemsAtOnce = 200;

/** What was said and done, turn by turn. */
export const Log = ({ view }: { readonly view: View }) => {
  const [shown, setShown] = useState(turnsAtOnce);
  const turns = view.turns.filter(({ undone }) => !undone);
  const hidden = Math.max(0, turns.length - shown);
  return (
    <div className="log">
      {hidden === 0 ? null : (
        <button type="button" className="plain" onClick={() => setShown(shown + turnsAtOnce)}>
          Show {Math.min(hidden, turnsAtOnce)} earlier turns
        </button>
      )}
      {turns.slice(hidden).map((turn) => (
        <Turn key={turn.id} turn={turn} live={isOpen(turn) ? view.live : noLive} />
      ))}
      {view.progress === null ? null : <p className="quiet">{view.progress.text}</p>}
    </div>
  );
};

const noLive: View['live'] = {};

const isOpen = ({ status }: ViewTurn): boolean => status === 'running' || status === 'queued';

const Turn = memo(function Turn({ turn, live }: { readonly turn: ViewTurn; readonly live: View['live'] }) {
  const [shown, setShown] = useState(itemsAtOnce);
  const hidden = Math.max(0, turn.items.length - shown);
  const known = new Set(turn.items.map(({ id }) => id));
  const fresh = Object.entries(live).filter(([id]) => !known.has(id));
  const asksItself = turn.items.some((item) => item.type === 'user_message' && item.text === turn.text);
  return (
    <article className="turn">
      {asksItself ? null : <p className="asked">{turn.text}</p>}
      {hidden === 0 ? null : (
        <button type="button" className="plain" onClick={() => setShown(shown + itemsAtOnce)}>
          Show {Math.min(hidden, itemsAtOnce)} earlier items
        </button>
      )}
      {turn.items.slice(hidden).map((item) => (
        <ItemBlock key={item.id} item={item} live={live[item.id]} />
      ))}
      {fresh.map(([id, text]) => (
        <p key={id} className="words">
          {text}
        </p>
      ))}
      {turn.waiting.map((text) => (
        <p key={text} className="asked quiet">
          {text} (waits until the agent looks)
        </p>
      ))}
      <Attempts attempts={turn.attempts} />
      <End turn={turn} />
    </article>
  );
});

const Attempts = ({ attempts }: { readonly attempts: readonly ViewAttempt[] }) =>
  attempts.length < 2 ? null : (
    <table className="attempts">
      <caption>Attempts</caption>
      <thead>
        <tr>
          <th scope="col">Attempt</th>
          <th scope="col">Check</th>
          <th scope="col">Time</th>
          <th scope="col">Note</th>
        </tr>
      </thead>
      <tbody>
        {attempts.map(({ id, status, verify, ms, note }, index) => (
          <tr key={id}>
            <th scope="row">
              {index + 1}
              {status === 'chosen' ? ' (chosen)' : ''}
            </th>
            <td>{verify === null ? '–' : verify.exit === 0 ? 'passes' : `exit ${verify.exit}`}</td>
            <td>{seconds(ms)}</td>
            <td>{note}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

const outcomes = { interrupted: 'Interrupted', failed: 'Failed', limit: 'A limit was reached' } as const;

const End = ({ turn }: { readonly turn: ViewTurn }) => {
  if (isOpen(turn)) return null;
  const { status, error, files, verify, usage, ms } = turn;
  return (
    <footer className="quiet">
      {status === 'ok' || status === 'running' || status === 'queued' ? null : (
        <p className="failed">
          {outcomes[status]}
          {error === null ? '' : `: ${error.message}`}
        </p>
      )}
      <p>
        {seconds(ms)} · {(usage.in + usage.out).toLocaleString('en')} tokens
        {verify === null
          ? ''
          : ` · ${verify.command}: ${verify.exit === 0 ? 'passes' : `exit ${verify.exit}`}`}
      </p>
      {files.length === 0 ? null : (
        <ul className="files">
          {files.map(({ path, added, removed }) => (
            <li key={path}>
              <span className="path">{path}</span> <Counts added={added} removed={removed} />
            </li>
          ))}
        </ul>
      )}
    </footer>
  );
};

const seconds = (ms: number): string =>
  ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
