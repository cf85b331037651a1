import { useId } from 'react';

/** A field of a form, with its name and a hint. */
export const Field = ({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly children: (id: string) => React.ReactNode;
}) => {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {hint === undefined ? null : <span className="quiet"> – {hint}</span>}
      </label>
      {children(id)}
    </div>
  );
};
