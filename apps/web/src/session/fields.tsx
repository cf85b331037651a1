import type { AskedField } from '@tandem/protocol';
import { fieldProblem } from '@tandem/protocol/field';
import { useId } from 'react';

export type Values = Readonly<Record<string, string>>;

/** What a question begins with, before anybody has filled anything in. */
export const initialValues = (fields: readonly AskedField[]): Values =>
  Object.fromEntries(fields.map(({ name, initial }) => [name, initial ?? '']));

/** True where every field can be sent as it is. */
export const fits = (fields: readonly AskedField[], values: Values): boolean =>
  fields.every((field) => fieldProblem(field, values[field.name] ?? '') === null);

/** What a program of others wants to be told. What does not fit is said once somebody has tried to send it. */
export const Fields = (given: {
  readonly fields: readonly AskedField[];
  readonly values: Values;
  readonly isTried: boolean;
  readonly change: (values: Values) => void;
}) =>
  given.fields.map((field) => {
    const value = given.values[field.name] ?? '';
    const problem = given.isTried ? fieldProblem(field, value) : null;
    const change = (text: string): void => given.change({ ...given.values, [field.name]: text });
    return <FieldRow key={field.name} {...{ field, value, problem, change }} />;
  });

const FieldRow = ({
  field,
  value,
  problem,
  change,
}: {
  readonly field: AskedField;
  readonly value: string;
  readonly problem: string | null;
  readonly change: (text: string) => void;
}) => {
  const id = useId();
  const options = optionsOf(field);
  const said = { id, value, 'aria-invalid': problem !== null, 'aria-describedby': `${id}-problem` };
  return (
    <div className="field">
      <label htmlFor={id}>
        {field.title}
        {field.required ? '' : ' (optional)'}
        {field.kind === 'choices' ? `: some of ${titlesOf(field)}, with commas between them` : ''}
      </label>
      {options === null ? (
        <input {...said} inputMode={modes[field.kind]} onChange={(event) => change(event.target.value)} />
      ) : (
        <select {...said} onChange={(event) => change(event.target.value)}>
          <option value="">–</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.title}
            </option>
          ))}
        </select>
      )}
      <p id={`${id}-problem`} className="failed">
        {problem}
      </p>
    </div>
  );
};

const modes = {
  number: 'decimal',
  integer: 'numeric',
  text: 'text',
  choices: 'text',
  choice: 'text',
  'yes or no': 'text',
} as const;

const optionsOf = ({ kind, options = [] }: AskedField): NonNullable<AskedField['options']> | null => {
  if (kind === 'choice') return options;
  if (kind !== 'yes or no') return null;
  return ['yes', 'no'].map((value) => ({ value, title: value }));
};

const titlesOf = ({ options = [] }: AskedField): string => options.map(({ title }) => title).join(', ');
