import type { AuditAction, AuditRow } from '@tandem/protocol/team-audit';
import type { OrganisationClient } from '@tandem/sdk';
import { type ChangeEvent, useCallback, useState } from 'react';
import { usePages } from '../live/use-pages.ts';
import { Field } from '../shell/field.tsx';
import { Link, Problem, Title, When } from '../shell/parts.tsx';

const pageSize = 50;

const words: Readonly<Record<AuditAction, string>> = {
  'organisation.created': 'made the organisation',
  'organisation.changed': 'changed the organisation',
  'member.added': 'added a member',
  'key.created': 'made a key',
  'key.revoked': 'revoked a key',
  'repository.added': 'added a repository',
  'bundle.received': 'handed over a bundle',
  'task.created': 'asked for a task',
  'task.answered': 'answered a task',
  'task.cancel_asked': 'asked to cancel a task',
  'task.published': 'published the change of a task',
  'task.completed': 'completed a task',
  'task.failed': 'saw a task fail',
  'task.cancelled': 'cancelled a task',
  'webhook.created': 'made a webhook',
  'webhook.changed': 'changed a webhook',
  'webhook.deleted': 'deleted a webhook',
  'webhook.disabled': 'disabled a webhook',
  'webhook.tested': 'tested a webhook',
  'delivery.replayed': 'sent a delivery again',
  'secret.changed': 'changed a secret',
  'sign_in.failed': 'turned away a key',
};
const isAction = (value: string): value is AuditAction => value in words;

/** Who did what, newest first. */
export const Audit = ({ organisation }: { readonly organisation: OrganisationClient }) => {
  const [action, setAction] = useState<AuditAction | null>(null);
  const choose = ({ target: { value } }: ChangeEvent<HTMLSelectElement>): void =>
    setAction(isAction(value) ? value : null);
  return (
    <>
      <Title>Audit</Title>
      <Field label="Show">
        {(id) => (
          <select id={id} value={action ?? ''} onChange={choose}>
            <option value="">everything</option>
            {Object.entries(words).map(([key, said]) => (
              <option key={key} value={key}>
                who {said}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Rows key={action} organisation={organisation} action={action} />
    </>
  );
};

const Rows = ({
  organisation,
  action,
}: {
  readonly organisation: OrganisationClient;
  readonly action: AuditAction | null;
}) => {
  const ask = useCallback(
    (after: string | undefined) =>
      organisation.audit({
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
        ...(action === null ? {} : { action }),
      }),
    [organisation, action],
  );
  const { rows, hasMore, isBusy, problem, more } = usePages(ask);
  return (
    <>
      <Problem text={problem} />
      {rows === null && problem === null ? <p className="quiet">One moment…</p> : null}
      {rows?.length === 0 ? <p className="quiet">There is no such row.</p> : null}
      <ol className="acts" reversed>
        {rows?.map((row) => (
          <Act key={row.seq} row={row} />
        ))}
      </ol>
      {hasMore ? (
        <button type="button" className="plain" disabled={isBusy} onClick={more}>
          Show older rows
        </button>
      ) : null}
    </>
  );
};

const Act = ({ row: { seq, at, actorName, action, subject, data } }: { readonly row: AuditRow }) => (
  <li value={seq}>
    <strong>{actorName}</strong> {words[action] ?? action}
    <span className="quiet">
      , <When at={at} />
    </span>
    <br />
    {action.startsWith('task.') ? (
      <Link to={{ screen: 'task', id: subject }}>{subject}</Link>
    ) : (
      <code>{subject}</code>
    )}
    {data === '{}' ? null : (
      <details>
        <summary>What was said of it</summary>
        <p>
          <code>{data}</code>
        </p>
      </details>
    )}
  </li>
);
