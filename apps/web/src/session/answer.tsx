import type { AskedField, ViewApproval } from '@tandem/protocol';
import { type FormEvent, useId, useState } from 'react';
import { Diff } from '../diff/diff.tsx';
import { useRequest } from '../live/use-request.ts';
import { Problem } from '../shell/parts.tsx';
import { Fields, fits, initialValues, type Values } from './fields.tsx';

export type Given = {
  readonly decision: 'allow' | 'deny';
  readonly note?: string;
  readonly values?: Values;
};

const noFields: readonly AskedField[] = [];

/** A question and its two answers, where a thumb is. Refusing takes a second step, with room for why. */
export const Answer = ({
  label,
  allow,
  answer,
  fields = noFields,
  children,
}: {
  readonly label: string;
  readonly allow: string;
  readonly answer: (given: Given) => Promise<unknown>;
  readonly fields?: readonly AskedField[] | undefined;
  readonly children: React.ReactNode;
}) => {
  const request = useRequest();
  const [values, setValues] = useState(() => initialValues(fields));
  const [isTried, setIsTried] = useState(false);
  const send = (): void => {
    setIsTried(true);
    if (!fits(fields, values)) return;
    request.send(() => answer({ decision: 'allow', ...(fields.length === 0 ? {} : { values }) }));
  };
  const [isRefusing, setIsRefusing] = useState(false);
  return (
    <section className="answer" aria-label={label}>
      {children}
      <Fields fields={fields} values={values} isTried={isTried} change={setValues} />
      {isRefusing ? (
        <Refuse
          isBusy={request.isBusy}
          refuse={(note) =>
            request.send(() => answer({ decision: 'deny', ...(note === '' ? {} : { note }) }))
          }
          back={() => setIsRefusing(false)}
        />
      ) : (
        <div className="buttons">
          <button type="button" disabled={request.isBusy} onClick={() => setIsRefusing(true)}>
            Deny…
          </button>
          <button type="button" className="main" disabled={request.isBusy} onClick={send}>
            {allow}
          </button>
        </div>
      )}
      <Problem text={request.problem} />
    </section>
  );
};

const Refuse = (given: {
  readonly isBusy: boolean;
  readonly refuse: (note: string) => void;
  readonly back: () => void;
}) => {
  const id = useId();
  const [note, setNote] = useState('');
  const send = (event: FormEvent): void => {
    event.preventDefault();
    given.refuse(note.trim());
  };
  return (
    <form onSubmit={send}>
      <label htmlFor={id}>Why not (optional)</label>
      <textarea
        id={id}
        rows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <div className="buttons">
        <button type="button" onClick={given.back}>
          Back
        </button>
        <button type="submit" className="danger" disabled={given.isBusy}>
          Deny
        </button>
      </div>
    </form>
  );
};

/** What the agent wants to do, why somebody is asked, and what it would change. */
export const Question = ({
  question,
  asked,
}: {
  readonly question: string;
  readonly asked: ViewApproval | null;
}) => (
  <>
    <h2>The agent asks</h2>
    <p className="words">{question}</p>
    <Reasons reasons={asked?.reasons.filter((reason) => !question.includes(reason)) ?? []} />
    {asked?.diff == null ? null : <Diff text={asked.diff} />}
  </>
);

/** Those that the question does not name itself. */
const Reasons = ({ reasons }: { readonly reasons: readonly string[] }) =>
  reasons.length === 0 ? null : (
    <ul>
      {reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  );
