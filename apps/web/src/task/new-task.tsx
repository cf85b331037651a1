import type { CreateTaskInput, TaskOptions } from '@tandem/protocol/team';
import type { TeamClient } from '@tandem/sdk';
import { type FormEvent, useCallback, useState } from 'react';
import { usePolled } from '../live/use-polled.ts';
import { useRequest } from '../live/use-request.ts';
import { goTo } from '../route/use-route.ts';
import { Field } from '../shell/field.tsx';
import { Problem, Title } from '../shell/parts.tsx';

const modes: Readonly<Record<TaskOptions['permissionMode'], string>> = {
  auto: 'auto: the guard decides',
  acceptEdits: 'acceptEdits: changes files, asks for the rest',
  default: 'default: asks before it changes anything',
  plan: 'plan: changes nothing',
  dontAsk: 'dontAsk: what would be asked is refused',
};

/** What was chosen the last time, in this browser. */
const kept = 'tandem.new-task';
type Kept = {
  readonly repository: string;
  readonly model: string;
  readonly verify: string;
  readonly mode: string;
};
const readKept = (): Kept => {
  const none = { repository: '', model: '', verify: '', mode: 'auto' };
  try {
    return { ...none, ...JSON.parse(localStorage.getItem(kept) ?? '{}') };
  } catch {
    return none;
  }
};

export const NewTask = ({ client }: { readonly client: TeamClient }) => {
  const [before] = useState(readKept);
  const [once] = useState(() => crypto.randomUUID());
  const request = useRequest();
  const ask = useCallback(() => client.repositories({ limit: 100 }), [client]);
  const { value: repositories, problem } = usePolled(ask, 60_000);
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const task = taskOf(new FormData(event.currentTarget));
    const { model, permissionMode: mode = 'auto', verify = '' } = task.options;
    localStorage.setItem(kept, JSON.stringify({ repository: task.repository, model, verify, mode }));
    request.send(async () => goTo({ screen: 'task', id: (await client.createTask(task, once)).id }));
  };
  return (
    <>
      <Title>New task</Title>
      <form onSubmit={send} className="form">
        <Field label="What is to be done">
          {(id) => <textarea id={id} name="prompt" rows={6} required maxLength={100_000} />}
        </Field>
        <Field label="Repository">
          {(id) => (
            <select
              id={id}
              name="repository"
              required
              key={repositories === null ? 'none' : 'some'}
              defaultValue={before.repository}
            >
              {(repositories?.data ?? []).map(({ id: key, name }) => (
                <option key={key}>{name}</option>
              ))}
            </select>
          )}
        </Field>
        {repositories?.data.length === 0 ? (
          <p className="quiet">
            There is no repository yet. One is added on the server: tandem server repository add.
          </p>
        ) : null}
        <Choices before={before} />
        <Problem text={request.problem ?? problem} />
        <button type="submit" className="main" disabled={request.isBusy}>
          Start the task
        </button>
      </form>
    </>
  );
};

const Choices = ({ before }: { readonly before: Kept }) => (
  <>
    <Field label="Model" hint="provider/name, as the server knows it">
      {(id) => (
        <input
          id={id}
          name="model"
          required
          defaultValue={before.model}
          autoCapitalize="off"
          spellCheck={false}
        />
      )}
    </Field>
    <Field label="Check" hint="a command that must succeed on the result (optional)">
      {(id) => (
        <input id={id} name="verify" defaultValue={before.verify} autoCapitalize="off" spellCheck={false} />
      )}
    </Field>
    <Field label="What it may do without asking">
      {(id) => (
        <select id={id} name="mode" defaultValue={before.mode}>
          {Object.entries(modes).map(([mode, words]) => (
            <option key={mode} value={mode}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
    <label className="check">
      <input type="checkbox" name="approval" defaultChecked />
      Somebody looks at the change before it is published
    </label>
  </>
);

const taskOf = (form: FormData): CreateTaskInput => {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const permissionMode = text('mode') as TaskOptions['permissionMode'];
  const options = { model: text('model'), permissionMode, approval: form.get('approval') !== null };
  const verify = text('verify');
  return {
    repository: text('repository'),
    prompt: text('prompt'),
    options: verify === '' ? options : { ...options, verify },
  };
};
