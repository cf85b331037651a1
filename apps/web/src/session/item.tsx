import type { Item } from '@tandem/protocol';
import { memo } from 'react';
import { Counts, Diff } from '../diff/diff.tsx';
import { Output, Words } from './words.tsx';

type Of<T extends Item['type']> = Extract<Item, { readonly type: T }>;

/** One thing that happened in a turn. `live`: what has come of it so far, while it is not complete. */
export const ItemBlock = memo(function ItemBlock({
  item,
  live,
}: {
  readonly item: Item;
  readonly live: string | undefined;
}) {
  switch (item.type) {
    case 'user_message':
      return <p className="asked">{item.text}</p>;
    case 'agent_message':
      return <Words text={live ?? item.text} />;
    case 'reasoning':
      return <Reasoning text={live ?? item.text} />;
    case 'tool_call':
      return <ToolCall item={item} live={live} />;
    case 'command':
      return <Command item={item} live={live} />;
    case 'file_change':
      return <FileChange item={item} />;
    case 'plan':
      return <Plan item={item} />;
    case 'compaction':
      return <p className="quiet">What came before is summed up for the model.</p>;
  }
});

const Reasoning = ({ text }: { readonly text: string }) =>
  text === '' ? null : (
    <details>
      <summary className="quiet">Thought about it</summary>
      <p className="words">{text}</p>
    </details>
  );

const words = { in_progress: 'runs', completed: '', failed: 'failed', interrupted: 'interrupted' } as const;

const Status = ({ status }: { readonly status: keyof typeof words }) =>
  words[status] === '' ? null : <span className={`status ${status}`}>{words[status]}</span>;

const ToolCall = ({ item, live }: { readonly item: Of<'tool_call'>; readonly live: string | undefined }) => {
  const given = item.arguments === undefined ? '' : JSON.stringify(item.arguments, null, 2);
  const output = live ?? item.output;
  return (
    <details>
      <summary>
        <span className="path">{item.name}</span> <span className="quiet">{shortOf(item.arguments)}</span>
        <Status status={item.status} />
      </summary>
      {given === '' ? null : <Output text={given} label={`What ${item.name} was given`} />}
      {output === '' ? null : <Output text={output} label={`What ${item.name} answered`} />}
    </details>
  );
};

/** The first text among the arguments says most of the time what it is about. */
const shortOf = (given: unknown): string => {
  const values = typeof given === 'object' && given !== null ? Object.values(given) : [];
  const text = values.find((value) => typeof value === 'string') ?? '';
  return (text.split('\n')[0] ?? '').slice(0, 80);
};

const Command = ({ item, live }: { readonly item: Of<'command'>; readonly live: string | undefined }) => {
  const output = live ?? item.output;
  return (
    <details open={item.status === 'in_progress'}>
      <summary>
        <code>$ {item.command}</code>
        {item.exit === null || item.exit === 0 ? null : (
          <span className="status failed">exit {item.exit}</span>
        )}
        <Status status={item.status === 'failed' && item.exit !== null ? 'completed' : item.status} />
      </summary>
      {output === '' ? (
        <p className="quiet">No output.</p>
      ) : (
        <Output text={output} label={`Output of ${item.command}`} />
      )}
    </details>
  );
};

const FileChange = ({ item }: { readonly item: Of<'file_change'> }) => (
  <details>
    <summary>
      <span className="path">{item.files.map(({ path }) => path).join(', ') || 'files'}</span>
      <Counts
        added={item.files.reduce((sum, { added }) => sum + added, 0)}
        removed={item.files.reduce((sum, { removed }) => sum + removed, 0)}
      />
      <Status status={item.status} />
    </summary>
    <Diff text={item.diff} />
  </details>
);

const marks = { pending: '○', in_progress: '◐', completed: '●' } as const;
const steps = { pending: 'to do', in_progress: 'in progress', completed: 'done' } as const;

const Plan = ({ item }: { readonly item: Of<'plan'> }) => (
  <ul className="plan" aria-label="Plan">
    {keyed(item.steps).map(({ key, text, status }) => (
      <li key={key} className={status}>
        <span aria-hidden="true">{marks[status]}</span> <span className="unseen">{steps[status]}: </span>
        {text}
      </li>
    ))}
  </ul>
);

/** The same step may stand there twice. */
const keyed = (list: Of<'plan'>['steps']) =>
  list.map((step, place) => ({ ...step, key: `${place} ${step.text}` }));
