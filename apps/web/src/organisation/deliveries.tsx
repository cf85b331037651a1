import type { Delivery, DeliveryReport, DeliveryState } from '@tandem/protocol/team-webhook';
import type { OrganisationClient } from '@tandem/sdk';
import { useCallback, useEffect, useState } from 'react';
import { usePages } from '../live/use-pages.ts';
import { usePolled } from '../live/use-polled.ts';
import { useRequest } from '../live/use-request.ts';
import { Output } from '../session/words.tsx';
import { Problem, When } from '../shell/parts.tsx';

const everyMs = 3_000;

type Given = {
  readonly organisation: OrganisationClient;
  readonly id: string;
  readonly mayReplay: boolean;
};

/** What was sent to a webhook, newest first. */
export const Deliveries = ({ organisation, id, mayReplay }: Given) => {
  const ask = useCallback(
    (after: string | undefined) => organisation.deliveries(id, after === undefined ? {} : { after }),
    [organisation, id],
  );
  const { rows, hasMore, isBusy, problem, more, again } = usePages(ask);
  return (
    <section>
      <h2>Deliveries</h2>
      <Problem text={problem} />
      {rows?.length === 0 ? <p className="quiet">Nothing was sent yet.</p> : null}
      {rows?.map((delivery) => (
        <One key={delivery.id} {...{ organisation, delivery, mayReplay }} />
      ))}
      <p className="row">
        <button type="button" disabled={isBusy} onClick={again}>
          Look again
        </button>
        {hasMore ? (
          <button type="button" className="plain" disabled={isBusy} onClick={more}>
            Show older deliveries
          </button>
        ) : null}
      </p>
    </section>
  );
};

type OneGiven = {
  readonly organisation: OrganisationClient;
  readonly delivery: Delivery;
  readonly mayReplay: boolean;
};

/** Its tries are asked for once somebody opens it, and followed while it is open. */
const One = ({ organisation, delivery, mayReplay }: OneGiven) => {
  const [isOpen, setIsOpen] = useState(false);
  const [state, setState] = useState(delivery.state);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <code>{delivery.type}</code> <Reached state={state} />{' '}
        <span className="quiet">
          <When at={delivery.createdAt} />
        </span>
      </summary>
      {isOpen ? <Tries {...{ organisation, delivery, mayReplay }} reached={setState} /> : null}
    </details>
  );
};

const states: Readonly<Record<DeliveryState, string>> = {
  waiting: 'on its way',
  delivered: 'came through',
  failed: 'failed',
};

const Reached = ({ state }: { readonly state: DeliveryState }) => (
  <span className={`status ${state === 'delivered' ? 'completed' : state}`}>{states[state]}</span>
);

const Tries = ({
  organisation,
  delivery: { id, webhook },
  mayReplay,
  reached,
}: OneGiven & { readonly reached: (state: DeliveryState) => void }) => {
  const ask = useCallback(() => organisation.delivery(webhook, id), [organisation, webhook, id]);
  const { value, problem } = usePolled(ask, everyMs);
  const request = useRequest();
  const state = value?.state;
  useEffect(() => {
    if (state !== undefined) reached(state);
  }, [state, reached]);
  return (
    <>
      <Problem text={request.problem ?? problem} />
      {value === null ? <p className="quiet">One moment…</p> : <Report report={value} />}
      {mayReplay ? (
        <p>
          <button
            type="button"
            disabled={request.isBusy}
            onClick={() => request.send(() => organisation.replayDelivery(webhook, id))}
          >
            Send it again
          </button>
        </p>
      ) : null}
    </>
  );
};

const Report = ({ report: { tries, state, nextAt, body } }: { readonly report: DeliveryReport }) => (
  <>
    <p role="status">
      It {state === 'waiting' ? 'is on its way' : states[state]}
      {nextAt === null ? '' : `; next try ${new Date(nextAt).toLocaleString()}`}.
    </p>
    <ol>
      {tries.map(({ number, at, ms, status, error, answer }) => (
        <li key={number}>
          {status ?? 'no answer'} after {ms} ms, <When at={at} />
          {error === null ? null : <span className="failed"> – {error}</span>}
          {answer === null || answer === '' ? null : (
            <Output text={answer} label={`Answer to try ${number}`} />
          )}
        </li>
      ))}
    </ol>
    <Output text={body} label="What is sent" />
  </>
);
