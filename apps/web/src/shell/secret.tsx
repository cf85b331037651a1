import { useId, useRef, useState } from 'react';

/** What is shown this once: to be selected, or copied by a button where the browser lets a page do that. */
export const Secret = ({ label, secret }: { readonly label: string; readonly secret: string }) => {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(secret);
      setSaid('Copied.');
    } catch {
      // Over plain HTTP from elsewhere there is no clipboard.
      field.current?.select();
      setSaid('It is selected; copy it with your keyboard.');
    }
  };
  return (
    <div className="secret">
      <label htmlFor={id}>{label}</label>
      <div className="row">
        <input id={id} ref={field} readOnly value={secret} spellCheck={false} />
        <button type="button" onClick={() => void copy()}>
          Copy
        </button>
      </div>
      <p role="status" className="quiet">
        {said}
      </p>
    </div>
  );
};
