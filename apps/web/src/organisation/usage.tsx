import type { UsagePart, UsageReport, UsageRow } from '@tandem/protocol/team-usage';
import type { OrganisationClient } from '@tandem/sdk';
import { useCallback, useState } from 'react';
import { usePolled } from '../live/use-polled.ts';
import { Field } from '../shell/field.tsx';
import { Problem, Title } from '../shell/parts.tsx';

const everyMs = 60_000;

const parts: readonly { readonly part: UsagePart; readonly words: string }[] = [
  { part: 'day', words: 'Day' },
  { part: 'member', words: 'Member' },
  { part: 'repository', words: 'Repository' },
  { part: 'model', words: 'Model' },
];

type Asked = { readonly from: string; readonly to: string; readonly by: readonly UsagePart[] };

/** What tasks used of models, told apart by what somebody chooses. */
export const Usage = ({ organisation }: { readonly organisation: OrganisationClient }) => {
  const [asked, setAsked] = useState<Asked>({ from: '', to: '', by: ['day'] });
  const ask = useCallback(() => {
    const { from, to, by } = asked;
    return organisation.usage({
      by: by.join(','),
      ...(from === '' ? {} : { from }),
      ...(to === '' ? {} : { to }),
    });
  }, [organisation, asked]);
  const { value, problem } = usePolled(ask, everyMs);
  return (
    <>
      <Title>Usage</Title>
      <Chosen asked={asked} report={value} change={setAsked} />
      <Problem text={problem} />
      {value === null ? <p className="quiet">One moment…</p> : <Report report={value} />}
    </>
  );
};

const Chosen = ({
  asked,
  report,
  change,
}: {
  readonly asked: Asked;
  readonly report: UsageReport | null;
  readonly change: (asked: Asked) => void;
}) => (
  <form className="chosen">
    <div className="days">
      {(['from', 'to'] as const).map((end) => (
        <Field key={end} label={end === 'from' ? 'From' : 'To'}>
          {(id) => (
            <input
              id={id}
              type="date"
              value={asked[end] === '' ? (report?.[end] ?? '') : asked[end]}
              onChange={(event) => change({ ...asked, [end]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
    <fieldset>
      <legend>A row for each</legend>
      {parts.map(({ part, words }) => (
        <label key={part} className="check">
          <input
            type="checkbox"
            checked={asked.by.includes(part)}
            // The door tells at least one thing apart.
            disabled={asked.by.length === 1 && asked.by.includes(part)}
            onChange={({ target: { checked } }) => {
              const by = parts.map((one) => one.part);
              change({
                ...asked,
                by: by.filter((one) => (one === part ? checked : asked.by.includes(one))),
              });
            }}
          />
          {words}
        </label>
      ))}
    </fieldset>
  </form>
);

/** On a phone a row has its name above its amounts: the style does that, and it stays a table. */
const Report = ({ report: { from, to, total, data, truncated } }: { readonly report: UsageReport }) => (
  <>
    {data.length === 0 ? <p className="quiet">No task used a model in these days.</p> : null}
    {truncated ? <p>There are more rows than are shown here; choose fewer days.</p> : null}
    <table className="amounts">
      <caption>
        {from} to {to}, days by UTC. Tokens that were read include those from a cache.
      </caption>
      <thead>
        <tr>
          <th scope="col">For</th>
          <th scope="col">Tasks</th>
          <th scope="col">Read</th>
          <th scope="col">Cached</th>
          <th scope="col">Written</th>
          <th scope="col">USD</th>
          <th scope="col">Time</th>
        </tr>
      </thead>
      <tbody>
        {data.map((row) => (
          <Amounts key={nameOf(row)} name={nameOf(row)} amount={row} />
        ))}
      </tbody>
      <tfoot>
        <Amounts name="Altogether" amount={total} />
      </tfoot>
    </table>
  </>
);

const Amounts = ({ name, amount }: { readonly name: string; readonly amount: UsageReport['total'] }) => (
  <tr>
    <th scope="row">{name}</th>
    <td>{amount.tasks.toLocaleString('en')}</td>
    <td>{amount.in.toLocaleString('en')}</td>
    <td>{amount.cached.toLocaleString('en')}</td>
    <td>{amount.out.toLocaleString('en')}</td>
    <td>{amount.costUsd.toLocaleString('en', money)}</td>
    <td>{timeOf(amount.seconds)}</td>
  </tr>
);

/** A task may cost less than a cent. */
const money = { minimumFractionDigits: 4, maximumFractionDigits: 4 };

const nameOf = ({ day, member, repository, model }: UsageRow): string =>
  [day, member?.name, repository?.name, model].filter((part) => part != null).join(' · ');

/** `1:02:03`: hours, minutes, seconds. */
const timeOf = (seconds: number): string => {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value % 60).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60))}:${two(whole)}`;
};
