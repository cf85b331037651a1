import type { CreatedWebhook, Webhook } from '@tandem/protocol/team-webhook';
import type { OrganisationClient } from '@tandem/sdk';
import { useCallback, useState } from 'react';
import type { May } from '../door/scopes.ts';
import { usePolled } from '../live/use-polled.ts';
import { useRequest } from '../live/use-request.ts';
import { goTo } from '../route/use-route.ts';
import { Link, Problem, Title } from '../shell/parts.tsx';
import { Deliveries } from './deliveries.tsx';
import { ShownOnce, Stands } from './webhooks.tsx';

const everyMs = 10_000;

type Given = { readonly organisation: OrganisationClient; readonly may: May; readonly id: string };

/** One webhook, what was sent there, and how each try ended. */
export const WebhookPage = ({ organisation, may, id }: Given) => {
  const [changes, setChanges] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was changed is asked for again
  const ask = useCallback(() => organisation.webhook(id), [organisation, id, changes]);
  const { value, problem } = usePolled(ask, everyMs);
  const mayChange = may.has('webhooks:write');
  return (
    <>
      <Title>Webhook</Title>
      <Problem text={problem} />
      {value === null ? null : (
        <>
          <p>
            <code>{value.url}</code>
          </p>
          <Stands webhook={value} />
          <p className="quiet">Told of {value.events.join(', ')}.</p>
          {mayChange ? (
            <Buttons
              organisation={organisation}
              webhook={value}
              changed={() => setChanges((count) => count + 1)}
            />
          ) : null}
          <Deliveries key={changes} organisation={organisation} id={id} mayReplay={mayChange} />
        </>
      )}
      <Link to={{ screen: 'webhooks' }}>All webhooks</Link>
    </>
  );
};

const Buttons = ({
  organisation,
  webhook: { id, enabled },
  changed,
}: {
  readonly organisation: OrganisationClient;
  readonly webhook: Webhook;
  readonly changed: () => void;
}) => {
  const request = useRequest();
  const [made, setMade] = useState<CreatedWebhook | null>(null);
  const [isSure, setIsSure] = useState(false);
  const act = (ask: () => Promise<unknown>) => (): void =>
    request.send(async () => {
      await ask();
      changed();
    });
  const remove = (): void =>
    request.send(async () => {
      await organisation.deleteWebhook(id);
      goTo({ screen: 'webhooks' });
    });
  const rotate = act(async () => setMade(await organisation.rotateSecret(id)));
  const turn = act(() => organisation.changeWebhook(id, { enabled: !enabled }));
  return (
    <>
      {made === null ? null : <ShownOnce webhook={made} />}
      <Problem text={request.problem} />
      <p className="row">
        <button type="button" disabled={request.isBusy} onClick={act(() => organisation.testWebhook(id))}>
          Send a test
        </button>
        <button type="button" disabled={request.isBusy} onClick={rotate}>
          New secret
        </button>
        <button type="button" disabled={request.isBusy} onClick={turn}>
          {enabled ? 'Turn it off' : 'Turn it on'}
        </button>
        {isSure ? (
          <button type="button" className="danger" disabled={request.isBusy} onClick={remove}>
            Delete it and its deliveries
          </button>
        ) : (
          <button type="button" onClick={() => setIsSure(true)}>
            Delete…
          </button>
        )}
      </p>
    </>
  );
};
