import { type FormEvent, useId, useState } from 'react';
import type { DoorKind } from '../door/door.ts';
import { Problem, Title } from './parts.tsx';

const words = {
  team: {
    lead: 'Enter the key that your team gave you. It is made with tandem server key create.',
    label: 'Key',
  },
  local: {
    lead: 'Open the link that tandem serve printed, or enter the token of that link.',
    label: 'Token',
  },
} as const;

export const SignIn = ({
  kind,
  problem,
  isBusy,
  signIn,
}: {
  readonly kind: DoorKind;
  readonly problem: string | null;
  readonly isBusy: boolean;
  readonly signIn: (key: string, forLong: boolean) => void;
}) => {
  const id = useId();
  const [key, setKey] = useState('');
  const [forLong, setForLong] = useState(false);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (key.trim() !== '') signIn(key.trim(), forLong);
  };
  return (
    <main className="sign-in">
      <Title>Sign in</Title>
      <p>{words[kind].lead}</p>
      <form onSubmit={send}>
        <label htmlFor={id}>{words[kind].label}</label>
        <input
          id={id}
          type="password"
          autoComplete="current-password"
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <label className="check">
          <input type="checkbox" checked={forLong} onChange={(event) => setForLong(event.target.checked)} />
          Keep it in this browser. Otherwise it is forgotten with this tab.
        </label>
        <Problem text={problem} />
        <button type="submit" className="main" disabled={isBusy}>
          Sign in
        </button>
      </form>
    </main>
  );
};
