import type { SetUpDone } from '@tandem/protocol/team-setup';
import { type FormEvent, useState } from 'react';
import { openForSetup } from '../door/door.ts';
import { useRequest } from '../live/use-request.ts';
import { Field } from './field.tsx';
import { Problem, Title } from './parts.tsx';
import { Secret } from './secret.tsx';

/** What the door takes for a name. */
const name = {
  required: true,
  maxLength: 80,
  pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]*',
  title: 'Letters, digits, dot, dash and underscore',
  autoCapitalize: 'off',
  spellCheck: false,
} as const;

/** The first organisation of a server, its owner and the owner's key, with the code that the server printed. */
export const SetUp = ({
  code,
  signIn,
  leave,
}: {
  readonly code: string;
  readonly signIn: (key: string) => void;
  readonly leave: () => void;
}) => {
  const [done, setDone] = useState<SetUpDone | null>(null);
  const request = useRequest();
  if (done !== null) return <Made done={done} signIn={signIn} />;
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const organisation = String(form.get('organisation') ?? '').trim();
    const member = String(form.get('member') ?? '').trim();
    request.send(async () => setDone(await openForSetup().setUp({ code, organisation, member })));
  };
  return (
    <main className="sign-in">
      <Title>Set up this server</Title>
      <p>This makes the first organisation and you its owner. The link works once.</p>
      <form onSubmit={send}>
        <Field label="Organisation" hint="letters, digits, dot, dash and underscore">
          {(id) => <input id={id} name="organisation" {...name} />}
        </Field>
        <Field label="Your name" hint="as others see it, of the same letters">
          {(id) => <input id={id} name="member" autoComplete="username" {...name} />}
        </Field>
        <Problem text={request.problem} />
        <div className="row">
          <button type="submit" className="main" disabled={request.isBusy}>
            Set it up
          </button>
          <button type="button" className="plain" onClick={leave}>
            I have a key
          </button>
        </div>
      </form>
    </main>
  );
};

const Made = ({ done, signIn }: { readonly done: SetUpDone; readonly signIn: (key: string) => void }) => {
  const { secret } = done.key;
  return (
    <main className="sign-in">
      <Title>Keep this key</Title>
      <p>
        {done.organisation.name} is there, and {done.member.name} is its owner.
      </p>
      {secret === null ? (
        <Problem text="The key was shown before. On the server, tandem server key create makes another." />
      ) : (
        <>
          <Secret label="Your key" secret={secret} />
          <p className="warning">
            It is shown this once and cannot be read again. Whoever has it may do everything in the
            organisation: keep it where you keep passwords.
          </p>
          <button type="button" className="main" onClick={() => signIn(secret)}>
            I have kept it: sign in
          </button>
        </>
      )}
    </main>
  );
};
