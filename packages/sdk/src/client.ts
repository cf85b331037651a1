import type {
  AcceptAttempt,
  ConfigureSession,
  CreateSession,
  DiscardAttempts,
  Envelope,
  Event,
  EventOf,
  FileDelta,
  ForkSession,
  RedoTimes,
  ResolveApproval,
  RewindSession,
  ServedWorkspace,
  SessionInfo,
  StartTurn,
  UndoTurns,
} from '@tandem/protocol';
import { type Followed, type FollowOptions, follow } from './follow.ts';
import { type Call, type ClientOptions, send, sendJson } from './transport.ts';

export type { ClientOptions, Transport } from './transport.ts';

/** What a schema takes, before defaults are filled in. */
type InputOf<Schema extends { readonly _input: unknown }> = Schema['_input'];

/** Paths and refs, by full name, that a move back or forth changed. */
export type Moved = { readonly files: readonly string[]; readonly refs: readonly string[] };

/** `session` is the later of two that change the same. */
export type Live = {
  readonly sessions: readonly string[];
  readonly overlaps: readonly ({ readonly session: string } & EventOf<'overlap.noticed'>['data'])[];
};

/** Every method rejects with AppError for a refusal, its code and message as the engine gave them. */
export type Client = {
  /** Where `tandem serve` works; only its door knows. */
  readonly workspace: () => Promise<ServedWorkspace>;
  readonly createSession: (input: InputOf<typeof CreateSession>) => Promise<{ readonly session: string }>;
  /** Newest first. */
  readonly sessions: () => Promise<readonly SessionInfo[]>;
  readonly events: (session: string) => Promise<readonly (Event | Envelope)[]>;
  /** The input is stored when this resolves; follow the session for what happens. */
  readonly startTurn: (
    session: string,
    input: InputOf<typeof StartTurn>,
  ) => Promise<{ readonly turn: string }>;
  readonly interrupt: (session: string) => Promise<void>;
  readonly recover: (session: string) => Promise<void>;
  readonly resolveApproval: (
    session: string,
    approval: string,
    input: InputOf<typeof ResolveApproval>,
  ) => Promise<void>;
  /** Another model or mode from the next turn on. */
  readonly configure: (session: string, input: InputOf<typeof ConfigureSession>) => Promise<void>;
  /** Files of a workspace as its tools see them. */
  readonly files: (cwd: string, limit?: number) => Promise<readonly string[]>;
  readonly fork: (
    session: string,
    input?: InputOf<typeof ForkSession>,
  ) => Promise<{ readonly session: string }>;
  /** Each rejects with `conflict` when somebody else changed what would be put back; `details.conflicts` shows it. */
  readonly undo: (session: string, input?: InputOf<typeof UndoTurns>) => Promise<Moved>;
  readonly redo: (session: string, input?: InputOf<typeof RedoTimes>) => Promise<Moved>;
  readonly rewind: (session: string, input: InputOf<typeof RewindSession>) => Promise<Moved>;
  /** Brings an attempt into the workspace; rejects with `conflict` when a person changed the same paths meanwhile. */
  readonly acceptAttempt: (
    session: string,
    input?: InputOf<typeof AcceptAttempt>,
  ) => Promise<{ readonly files: readonly FileDelta[] }>;
  /** Worktrees of attempts into the trash; rejects with `conflict`, naming what holds them. */
  readonly discardAttempts: (
    session: string,
    input?: InputOf<typeof DiscardAttempts>,
  ) => Promise<{ readonly discarded: readonly string[] }>;
  /** Sessions that run now on the repository of a directory, and where two of them change the same. */
  readonly live: (cwd: string) => Promise<Live>;
  /**
   * Events after `after`, `caught_up`, then live events and deltas, until the signal aborts. A broken connection is
   * taken up again after the last event, which gives another `caught_up`; no event is seen twice or missed.
   */
  readonly follow: (session: string, options: FollowOptions) => AsyncIterable<Followed>;
};

/** @param options `fetch: app.fetch` drives an engine in this process; the global `fetch` one behind a socket. */
export const createClient = (options: ClientOptions): Client => {
  const post = (path: string, body?: unknown): Call =>
    body === undefined ? { method: 'POST', path } : { method: 'POST', path, body };
  const at = (session: string, rest: string): string => `/v1/sessions/${encodeURIComponent(session)}/${rest}`;
  const command = async (call: Call): Promise<void> => {
    await send(options, call);
  };
  return {
    workspace: () => sendJson(options, { method: 'GET', path: '/v1/workspace' }),
    createSession: (input) => sendJson(options, post('/v1/sessions', input)),
    sessions: async () => {
      const call = { method: 'GET', path: '/v1/sessions' } as const;
      return (await sendJson<{ sessions: readonly SessionInfo[] }>(options, call)).sessions;
    },
    events: async (session) => {
      const call = { method: 'GET', path: at(session, 'events') } as const;
      return (await sendJson<{ events: readonly (Event | Envelope)[] }>(options, call)).events;
    },
    startTurn: (session, input) => sendJson(options, post(at(session, 'turns'), input)),
    interrupt: (session) => command(post(at(session, 'interrupt'))),
    recover: (session) => command(post(at(session, 'recover'))),
    resolveApproval: (session, approval, input) =>
      command(post(at(session, `approvals/${encodeURIComponent(approval)}`), input)),
    configure: (session, input) => command(post(at(session, 'configure'), input)),
    files: async (cwd, limit) => {
      const query = new URLSearchParams({ cwd, ...(limit === undefined ? {} : { limit: String(limit) }) });
      const call = { method: 'GET', path: `/v1/files?${query}` } as const;
      return (await sendJson<{ files: readonly string[] }>(options, call)).files;
    },
    fork: (session, input = {}) => sendJson(options, post(at(session, 'fork'), input)),
    undo: (session, input = {}) => sendJson(options, post(at(session, 'undo'), input)),
    redo: (session, input = {}) => sendJson(options, post(at(session, 'redo'), input)),
    rewind: (session, input) => sendJson(options, post(at(session, 'rewind'), input)),
    acceptAttempt: (session, input = {}) => sendJson(options, post(at(session, 'attempts/accept'), input)),
    discardAttempts: (session, input = {}) => sendJson(options, post(at(session, 'attempts/discard'), input)),
    live: (cwd) => sendJson(options, { method: 'GET', path: `/v1/live?${new URLSearchParams({ cwd })}` }),
    follow: (session, followOptions) => follow(options, at(session, 'follow'), followOptions),
  };
};
