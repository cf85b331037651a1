import { type TaskEvent, taskEventTypes } from '@tandem/protocol/team';
import type { CreatedWebhook, Webhook } from '@tandem/protocol/team-webhook';
import type { OrganisationClient } from '@tandem/sdk';
import { type FormEvent, useCallback, useState } from 'react';
import type { May } from '../door/scopes.ts';
import { usePages } from '../live/use-pages.ts';
import { useRequest } from '../live/use-request.ts';
import { Field } from '../shell/field.tsx';
import { Link, Problem, Title } from '../shell/parts.tsx';
import { Secret } from '../shell/secret.tsx';

type Given = { readonly organisation: OrganisationClient; readonly may: May };

/** Where the organisation is told of what happens to its tasks. */
export const Webhooks = ({ organisation, may }: Given) => {
  const [made, setMade] = useState<CreatedWebhook | null>(null);
  const ask = useCallback(
    (after: string | undefined) => organisation.webhooks(after === undefined ? {} : { after }),
    [organisation],
  );
  const { rows, hasMore, isBusy, problem, more, again } = usePages(ask);
  return (
    <>
      <Title>Webhooks</Title>
      <Problem text={problem} />
      {made === null ? null : <ShownOnce webhook={made} />}
      {rows === null && problem === null ? <p className="quiet">One moment…</p> : null}
      {rows?.length === 0 ? <p className="quiet">There is no webhook yet.</p> : null}
      <ul className="cards">
        {rows?.map((webhook) => (
          <li key={webhook.id}>
            <Link to={{ screen: 'webhook', id: webhook.id }} className="card">
              <span className="title">{webhook.url}</span>
              {webhook.description === '' ? null : <span className="quiet">{webhook.description}</span>}
              <Stands webhook={webhook} />
            </Link>
          </li>
        ))}
      </ul>
      {hasMore ? (
        <button type="button" className="plain" disabled={isBusy} onClick={more}>
          Show older webhooks
        </button>
      ) : null}
      {may.has('webhooks:write') ? (
        <NewWebhook
          key={made?.id}
          organisation={organisation}
          done={(webhook) => {
            setMade(webhook);
            again();
          }}
        />
      ) : null}
    </>
  );
};

/** The secret of one that was made, or given a new one, just now. */
export const ShownOnce = ({ webhook: { url, secret } }: { readonly webhook: CreatedWebhook }) =>
  secret === null ? null : (
    <section aria-label="The secret">
      <Secret label={`Secret for ${url}`} secret={secret} />
      <p className="warning">
        It is shown this once. Whoever receives the webhook checks with it that a delivery is ours.
      </p>
    </section>
  );

export const Stands = ({ webhook }: { readonly webhook: Webhook }) => (
  <span className="row">
    {webhook.enabled ? (
      <span className="status completed">On</span>
    ) : (
      <span className="status failed">Off</span>
    )}
    {webhook.disabledWhy === null ? null : <span>{webhook.disabledWhy}</span>}
    {webhook.failingSince === null ? null : <span>nothing comes through</span>}
  </span>
);

type Told = TaskEvent['type'];

const NewWebhook = ({
  organisation,
  done,
}: {
  readonly organisation: OrganisationClient;
  readonly done: (webhook: CreatedWebhook) => void;
}) => {
  const request = useRequest();
  const [once] = useState(() => crypto.randomUUID());
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const events = taskEventTypes.filter((type) => form.getAll('events').includes(type)) as Told[];
    const input = {
      url: text('url'),
      description: text('description'),
      ...(events.length === 0 ? {} : { events }),
    };
    request.send(async () => done(await organisation.createWebhook(input, once)));
  };
  return (
    <section>
      <h2>New webhook</h2>
      <form onSubmit={send}>
        <Field label="Address" hint="begins with https://">
          {(id) => <input id={id} name="url" type="url" required maxLength={2000} />}
        </Field>
        <Field label="What it is for" hint="optional">
          {(id) => <input id={id} name="description" maxLength={200} />}
        </Field>
        <details>
          <summary>Told of everything that happens to tasks; choose otherwise</summary>
          {taskEventTypes.map((type) => (
            <label key={type} className="check">
              <input type="checkbox" name="events" value={type} />
              {type}
            </label>
          ))}
        </details>
        <Problem text={request.problem} />
        <button type="submit" className="main" disabled={request.isBusy}>
          Make the webhook
        </button>
      </form>
    </section>
  );
};
