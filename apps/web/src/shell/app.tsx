import { useCallback, useEffect, useState } from 'react';
import { type Door, type DoorKind, openDoor } from '../door/door.ts';
import { forgetKey, keepKey, readKey } from '../door/key.ts';
import { problemOf } from '../live/use-polled.ts';
import { NewSession } from '../local/new-session.tsx';
import { SessionPage } from '../local/session-page.tsx';
import { Sessions } from '../local/sessions.tsx';
import { goTo, useRoute } from '../route/use-route.ts';
import { Inbox } from '../task/inbox.tsx';
import { NewTask } from '../task/new-task.tsx';
import { TaskPage } from '../task/task-page.tsx';
import { Link, Title } from './parts.tsx';
import { SignIn } from './sign-in.tsx';

type State =
  | { readonly type: 'opening' }
  | { readonly type: 'shut'; readonly problem: string | null }
  | { readonly type: 'open'; readonly door: Door };

/** The whole page: a door, once it is open, and the screen that the address names. */
export const App = ({ kind }: { readonly kind: DoorKind }) => {
  const [state, setState] = useState<State>({ type: 'opening' });
  const shut = useCallback((problem: string | null): void => {
    forgetKey();
    setState({ type: 'shut', problem });
  }, []);
  const open = useCallback(
    async (key: string | null): Promise<void> => {
      if (key === null) return setState({ type: 'shut', problem: null });
      setState({ type: 'opening' });
      const refused = 'This opens nothing here; perhaps it was revoked or has expired.';
      let isRefused = false;
      const onShut = (): void => {
        isRefused = true;
        shut(refused);
      };
      try {
        setState({ type: 'open', door: await openDoor(kind, key, onShut) });
      } catch (error) {
        if (!isRefused) setState({ type: 'shut', problem: problemOf(error) });
      }
    },
    [kind, shut],
  );
  useEffect(() => void open(readKey()), [open]);
  if (state.type !== 'open')
    return (
      <SignIn
        kind={kind}
        problem={state.type === 'shut' ? state.problem : null}
        isBusy={state.type === 'opening'}
        signIn={(key, forLong) => {
          keepKey(key, { forLong });
          void open(key);
        }}
      />
    );
  return (
    <>
      <Header leave={() => shut(null)} mayBegin={mayBegin(state.door)} />
      <main id="main">
        <Screen door={state.door} />
      </main>
    </>
  );
};

const mayBegin = (door: Door): boolean => door.kind === 'team' || door.workspace.may.includes('prompt');

const Header = ({ leave, mayBegin }: { readonly leave: () => void; readonly mayBegin: boolean }) => (
  <header className="bar">
    <button type="button" className="skip" onClick={skip}>
      To the content
    </button>
    <nav aria-label="Screens">
      <Link to={{ screen: 'home' }} className="brand">
        Tandem
      </Link>
      {mayBegin ? (
        <Link to={{ screen: 'new' }} className="button main">
          New
        </Link>
      ) : null}
    </nav>
    <button
      type="button"
      className="plain"
      onClick={() => {
        leave();
        goTo({ screen: 'home' });
      }}
    >
      Sign out
    </button>
  </header>
);

/** The address says which screen it is, so a link cannot say which place in it. */
const skip = (): void => document.querySelector('h1')?.focus();

const Screen = ({ door }: { readonly door: Door }) => {
  const route = useRoute();
  if (door.kind === 'team') {
    if (route.screen === 'home') return <Inbox client={door.client} />;
    if (route.screen === 'new') return <NewTask client={door.client} />;
    if (route.screen === 'task') return <TaskPage key={route.id} client={door.client} id={route.id} />;
    return <NotHere />;
  }
  if (route.screen === 'home') return <Sessions {...door} />;
  if (route.screen === 'new') return <NewSession {...door} />;
  if (route.screen === 'session') return <SessionPage key={route.id} {...door} id={route.id} />;
  return <NotHere />;
};

const NotHere = () => (
  <>
    <Title>Not here</Title>
    <p>
      This door has no such thing. <Link to={{ screen: 'home' }}>Back to the list</Link>
    </p>
  </>
);
