import { useCallback, useEffect, useState } from 'react';
import { type Door, type DoorKind, openDoor, type TeamDoor } from '../door/door.ts';
import { forgetKey, keepKey, readKey } from '../door/key.ts';
import { problemOf } from '../live/use-polled.ts';
import { NewSession } from '../local/new-session.tsx';
import { SessionPage } from '../local/session-page.tsx';
import { Sessions } from '../local/sessions.tsx';
import { Audit } from '../organisation/audit.tsx';
import { Usage } from '../organisation/usage.tsx';
import { WebhookPage } from '../organisation/webhook-page.tsx';
import { Webhooks } from '../organisation/webhooks.tsx';
import { hashOf, type Route } from '../route/route.ts';
import { goTo, useRoute } from '../route/use-route.ts';
import { Inbox } from '../task/inbox.tsx';
import { NewTask } from '../task/new-task.tsx';
import { TaskPage } from '../task/task-page.tsx';
import { Menu } from './menu.tsx';
import { Link, Title } from './parts.tsx';
import { SetUp } from './set-up.tsx';
import { SignIn } from './sign-in.tsx';

type State =
  | { readonly type: 'opening' }
  | { readonly type: 'shut'; readonly problem: string | null }
  | { readonly type: 'open'; readonly door: Door };

/** The whole page: a door, once it is open, and the screen that the address names. */
export const App = ({
  kind,
  setupCode,
}: {
  readonly kind: DoorKind;
  /** That of a link for the first organisation, until it is used. */
  readonly setupCode: string | null;
}) => {
  const [code, setCode] = useState(kind === 'team' ? setupCode : null);
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
  const signIn = (key: string, forLong = false): void => {
    setCode(null);
    keepKey(key, { forLong });
    void open(key);
  };
  if (code !== null) return <SetUp code={code} signIn={signIn} leave={() => setCode(null)} />;
  if (state.type !== 'open')
    return (
      <SignIn
        kind={kind}
        problem={state.type === 'shut' ? state.problem : null}
        isBusy={state.type === 'opening'}
        signIn={signIn}
      />
    );
  return (
    <>
      <Header leave={() => shut(null)} door={state.door} />
      <main id="main">
        <Screen door={state.door} />
      </main>
    </>
  );
};

const mayBegin = (door: Door): boolean =>
  door.kind === 'team' ? door.may.has('tasks:write') : door.workspace.may.includes('prompt');

const Header = ({ leave, door }: { readonly leave: () => void; readonly door: Door }) => {
  const route = useRoute();
  return (
    <header className="bar">
      <button type="button" className="skip" onClick={skip}>
        To the content
      </button>
      <nav aria-label="Screens">
        <Link to={{ screen: 'home' }} className="brand">
          Tandem
        </Link>
        {mayBegin(door) ? (
          <Link to={{ screen: 'new' }} className="button main">
            New
          </Link>
        ) : null}
        {door.kind === 'team' ? <Menu key={hashOf(route)} may={door.may} /> : null}
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
};

/** The address says which screen it is, so a link cannot say which place in it. */
const skip = (): void => document.querySelector('h1')?.focus();

const Screen = ({ door }: { readonly door: Door }) => {
  const route = useRoute();
  if (door.kind === 'team') return <TeamScreen route={route} door={door} />;
  if (route.screen === 'home') return <Sessions {...door} />;
  if (route.screen === 'new') return <NewSession {...door} />;
  if (route.screen === 'session') return <SessionPage key={route.id} {...door} id={route.id} />;
  return <NotHere />;
};

/** A screen that the key has no scope for is not there. */
const TeamScreen = ({ route, door }: { readonly route: Route; readonly door: TeamDoor }) => {
  const { client, organisation, may } = door;
  switch (route.screen) {
    case 'home':
      return may.has('tasks:read') ? <Inbox client={client} /> : <NoTasks />;
    case 'new':
      return may.has('tasks:write') ? <NewTask client={client} /> : <NotHere />;
    case 'task':
      return <TaskPage key={route.id} client={client} may={may} id={route.id} />;
    case 'usage':
      return may.has('usage:read') ? <Usage organisation={organisation} /> : <NotHere />;
    case 'audit':
      return may.has('audit:read') ? <Audit organisation={organisation} /> : <NotHere />;
    case 'webhooks':
      return may.has('webhooks:read') ? <Webhooks organisation={organisation} may={may} /> : <NotHere />;
    case 'webhook':
      return may.has('webhooks:read') ? (
        <WebhookPage key={route.id} organisation={organisation} may={may} id={route.id} />
      ) : (
        <NotHere />
      );
    case 'session':
      return <NotHere />;
  }
};

const NoTasks = () => (
  <>
    <Title>Tandem</Title>
    <p>Your key is not for tasks. What it is for stands under More.</p>
  </>
);

const NotHere = () => (
  <>
    <Title>Not here</Title>
    <p>
      This door has no such thing, or not for your key. <Link to={{ screen: 'home' }}>Back to the list</Link>
    </p>
  </>
);
