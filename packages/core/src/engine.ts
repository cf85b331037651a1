/** What the door (api) and a program that embeds the agent see of core. */
import type {
  Actor,
  Delta,
  Envelope,
  Event,
  FileDelta,
  PermissionMode,
  RewindScope,
  SessionInfo,
  SessionSettings,
  TurnOptions,
} from '@tandem/protocol';
import type { LiveOverlap } from './attempt/notice.ts';
import type { Capacity } from './attempt/slots.ts';
import type { Trash } from './keeping.ts';
import type { Clock, CodeKnowledge, CodeRunner, EventStore, Ids, Model, Workspace } from './ports.ts';
import type { Worktrees } from './worktrees.ts';

/** Implementations of the ports, met only in an app's compose.ts. */
export type EnginePorts = {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: EventStore;
  /** By model id, cached by the implementation. @throws AppError model_unavailable | configuration */
  readonly model: (id: string) => Promise<Model>;
  /** By absolute directory. @throws AppError usage when it is not one */
  readonly workspace: (cwd: string) => Promise<Workspace>;
  readonly code: CodeKnowledge;
  readonly runner: CodeRunner;
  /** Instruction files (AGENTS.md and fallbacks) that hold for a directory, outermost first, each capped. */
  readonly instructions: (
    cwd: string,
  ) => Promise<readonly { readonly path: string; readonly text: string }[]>;
  /** Where what a command deletes outside the workspace is kept; absent: such a command is on its own. */
  readonly trash?: Trash;
  /** Absent: attempts cannot be sessions of their own. */
  readonly worktrees?: Worktrees;
  /** What the machine has to spare now; absent: one thing at a time. */
  readonly capacity?: () => Capacity;
  /** Null where a directory lies in no repository. Absent: sessions know nothing of each other. */
  readonly repository?: (cwd: string) => Promise<RepositoryPlace | null>;
  /** One page as text; absent when offline. */
  readonly fetchPage?: (url: string, signal: AbortSignal) => Promise<string>;
  /** Keeps text that is no event (a patch, a long output) where a person can find it; returns its absolute path. */
  readonly keepFile: (session: string, name: string, text: string) => Promise<string>;
};

/** Where a directory lies: equal `id`, one repository, through whichever of its worktrees. */
export type RepositoryPlace = {
  readonly id: string;
  /** Of the directory, from the top of its working tree; forward slashes, empty at the top. */
  readonly prefix: string;
};

export type Followed = Event | Envelope | Delta | { readonly type: 'caught_up' };

/** Paths and refs that a move back or forth changed. */
export type Moved = { readonly files: readonly string[]; readonly refs: readonly string[] };

export type Engine = {
  readonly createSession: (input: {
    readonly settings: SessionSettings;
    readonly title: string;
    readonly actor: Actor;
    /** Default: a new one. */
    readonly id?: string;
    /** The session whose attempt this one is. */
    readonly parent?: string;
  }) => Promise<{ readonly session: string }>;
  /**
   * The input is durable when this resolves; driving then goes on by itself. While a turn runs, a further input is
   * queued and taken at the next step (steering). @throws AppError busy when another process holds the session
   */
  readonly startTurn: (input: {
    readonly session: string;
    readonly text: string;
    readonly options: TurnOptions;
    readonly actor: Actor;
  }) => Promise<{ readonly turn: string }>;
  /** The running turn ends as `interrupted`, within 200 ms of work of our own. No turn running: nothing happens. */
  readonly interrupt: (session: string) => Promise<void>;
  readonly resolveApproval: (input: {
    readonly session: string;
    readonly approval: string;
    readonly decision: 'allow' | 'deny';
    readonly note?: string;
    /** What was filled in, of a question with fields. */
    readonly values?: Readonly<Record<string, string>>;
    readonly actor: Actor;
  }) => Promise<void>;
  /** Replay after `after`, `caught_up`, then live events and deltas, until the signal aborts. */
  readonly follow: (
    session: string,
    options: { readonly after: number; readonly signal: AbortSignal },
  ) => AsyncIterable<Followed>;
  readonly sessions: () => Promise<readonly SessionInfo[]>;
  readonly events: (session: string) => Promise<readonly (Event | Envelope)[]>;
  /** Another model or mode from the next turn on. @throws AppError busy when another process holds the session */
  readonly configure: (input: {
    readonly session: string;
    readonly model?: string | undefined;
    readonly permissionMode?: PermissionMode | undefined;
    readonly actor: Actor;
  }) => Promise<void>;
  /** Files of a workspace as its tools see them, at most `limit`. @throws AppError usage when it is no directory */
  readonly files: (input: { readonly cwd: string; readonly limit: number }) => Promise<readonly string[]>;
  /** A new session with the log up to `seq` (default: all of it). */
  readonly fork: (input: {
    readonly session: string;
    readonly seq?: number;
    readonly actor: Actor;
  }) => Promise<{
    readonly session: string;
  }>;
  /**
   * Files as before the last `turns` turns. @throws AppError conflict when there is nothing to undo, or when somebody
   * else changed what would be put back: `details.conflicts` shows it, and `force` goes over it
   */
  readonly undo: (input: {
    readonly session: string;
    readonly turns: number;
    readonly force: boolean;
    readonly actor: Actor;
  }) => Promise<Moved>;
  /** Takes back the last `times` undos and rewinds. @throws AppError conflict, as `undo` */
  readonly redo: (input: {
    readonly session: string;
    readonly times: number;
    readonly force: boolean;
    readonly actor: Actor;
  }) => Promise<Moved>;
  /** Files, conversation or both as before a turn, or at a snapshot. @throws AppError not_found | usage | conflict, as `undo` */
  readonly rewind: (input: {
    readonly session: string;
    readonly to: string;
    readonly scope: RewindScope;
    readonly force: boolean;
    readonly actor: Actor;
  }) => Promise<Moved>;
  /**
   * Brings an attempt into the person's files: the chosen one, or another by number or id. Undo takes it back.
   * @throws AppError conflict, naming the paths that the person changed meanwhile; not_found
   */
  readonly acceptAttempt: (input: {
    readonly session: string;
    readonly attempt?: string | undefined;
    readonly actor: Actor;
  }) => Promise<{ readonly files: readonly FileDelta[] }>;
  /** Worktrees of attempts, all or one, into the trash; their names. @throws AppError conflict, naming what holds them */
  readonly discardAttempts: (input: {
    readonly session: string;
    readonly attempt?: string | undefined;
    readonly despite: readonly string[];
    readonly actor: Actor;
  }) => Promise<{ readonly discarded: readonly string[] }>;
  /** Sessions that run now on the repository of a directory, and where two of them change the same. */
  readonly live: (cwd: string) => Promise<{
    readonly sessions: readonly string[];
    readonly overlaps: readonly LiveOverlap[];
  }>;
  /** Takes up what a kill left open; a session with nothing open is untouched. */
  readonly recover: (session: string) => Promise<void>;
  /** Resolves when no turn runs. */
  readonly idle: (session: string) => Promise<void>;
  readonly close: () => Promise<void>;
};
