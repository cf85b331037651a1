import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import { useRequest } from '../live/use-request.ts';
import { Problem } from '../shell/parts.tsx';

/** Where one writes to the agent. Enter makes a line; Ctrl or Cmd with it sends. */
export const Prompt = ({
  label,
  action,
  send,
  rows = 1,
}: {
  readonly label: string;
  readonly action: string;
  readonly send: (text: string) => Promise<unknown>;
  readonly rows?: number;
}) => {
  const id = useId();
  const [text, setText] = useState('');
  const request = useRequest();
  const submit = (): void => {
    if (text.trim() === '' || request.isBusy) return;
    request.send(async () => {
      await send(text);
      setText('');
    });
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    <form
      className="prompt"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={pressed}
      />
      <Problem text={request.problem} />
      <button type="submit" className="main" disabled={request.isBusy}>
        {action}
      </button>
    </form>
  );
};
