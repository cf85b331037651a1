/**
 * Every effect the agent has on the world crosses one of these. Owner: core. Nothing here may name a provider, a
 * file format or a screen. All methods may reject with AppError; those that take a signal reject with its reason.
 */
import type { Delta, Envelope, Event, NewEvent, Usage } from '@tandem/protocol';
import type { Restored, RestoreRequest, SnapshotTaken } from './keeping.ts';

// ---------------------------------------------------------------------------------------------- time and names

export type Clock = {
  /** Now, ISO 8601 UTC. May jump. */
  readonly iso: () => string;
  /** Monotonic milliseconds from an arbitrary start; never jumps back. */
  readonly ms: () => number;
  /** Resolves after `ms`; rejects with the signal's reason. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export type Ids = {
  readonly next: (prefix: 'ses' | 'trn' | 'stp' | 'itm' | 'att' | 'snp' | 'evt' | 'apr') => string;
};

// ---------------------------------------------------------------------------------------------------- the log

export type SessionSummary = {
  readonly id: string;
  readonly title: string;
  readonly cwd: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly events: number;
  /** The session whose attempt it is. */
  readonly parent?: string | undefined;
};

/** The right to append to one session. Held by one process at a time. */
export type Lease = {
  readonly session: string;
  readonly fence: number;
  readonly release: () => Promise<void>;
};

export type EventStore = {
  /**
   * Atomic: all events become durable in order, or none. They get seq `expectedSeq + 1 …`. When the promise resolves
   * they survive a kill. Never call twice with the same events: the second is refused, because the log has moved on.
   * @throws AppError conflict when the last seq is not `expectedSeq` or the fence is stale; disk when there is no room
   */
  readonly append: (input: {
    readonly session: string;
    readonly expectedSeq: number;
    readonly events: readonly NewEvent[];
    readonly fence?: number;
  }) => Promise<readonly Event[]>;
  /** Events with seq > `after`, in order. An incomplete last record (a kill mid-write) is not seen. @throws AppError not_found */
  readonly read: (session: string, after?: number) => Promise<readonly (Event | Envelope)[]>;
  /**
   * Replay after `after`, then `{ type: 'caught_up' }`, then live events as they are committed. The queue of one
   * follower is bounded (10,000); a slower one is ended alone, with AppError conflict, and may follow again.
   */
  readonly follow: (
    session: string,
    options: { readonly after: number; readonly signal: AbortSignal },
  ) => AsyncIterable<Event | Envelope | { readonly type: 'caught_up' }>;
  /** Newest first. */
  readonly list: () => Promise<readonly SessionSummary[]>;
  /** @throws AppError busy, naming the holder, when another live process holds the session. */
  readonly acquire: (session: string) => Promise<Lease>;
  /** Whether a live process holds the session now; false for one that is not there. */
  readonly held: (session: string) => Promise<boolean>;
  /** Large payloads beside the log, by SHA-256 hex. Putting the same bytes twice is one blob. */
  readonly putBlob: (bytes: Uint8Array) => Promise<string>;
  readonly getBlob: (hash: string) => Promise<Uint8Array | null>;
};

/** Where live fragments go. Never blocks and never throws: a screen that is slow misses deltas, not events. */
export type LiveSink = (delta: Delta) => void;

// -------------------------------------------------------------------------------------------------- the model

export type ToolSpec = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments: an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
};

export type ToolCall = { readonly id: string; readonly name: string; readonly arguments: unknown };

export type Message =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls?: readonly ToolCall[] }
  | {
      readonly role: 'tool';
      readonly callId: string;
      readonly name: string;
      readonly text: string;
      readonly isError: boolean;
    };

export type GenerateRequest = {
  /** Append-only between steps of a session: earlier messages are byte-stable, so that caches hold. */
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolSpec[];
  readonly maxTokens: number;
  /** 0 is greedy. */
  readonly temperature?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  /** Text the answer is made to begin with, where the provider can; the result's text includes it. */
  readonly prefill?: string;
  /** JSON Schema the whole answer must follow, for short envelopes only, where the provider can. */
  readonly schema?: Readonly<Record<string, unknown>>;
};

export type StopReason = 'end' | 'length' | 'tool';

export type Generated = {
  readonly text: string;
  readonly reasoning?: string;
  readonly toolCalls: readonly ToolCall[];
  readonly stop: StopReason;
  readonly usage: Usage;
};

export type ModelFacts = {
  /** Tokens that really fit, probed, not promised. */
  readonly contextWindow: number;
  readonly maxOutput: number;
  readonly nativeTools: boolean;
  /** `small` (≤ 4 billion parameters) is driven by the pipeline, `strong` by the free loop. */
  readonly strength: 'small' | 'strong';
  /** Billions of parameters, where known: decides samples and repair rounds. */
  readonly parameters?: number;
  /** True when it needs no network at all. */
  readonly local: boolean;
};

export type GenerateOptions = {
  readonly signal: AbortSignal;
  /** Called with each fragment as it streams. */
  readonly onText?: (text: string) => void;
};

/** What turns a context into streamed text and tool calls. Calls on one Model may overlap; it queues what it must. */
export type Model = {
  readonly id: string;
  /** Loads or probes on first use; later calls are free. @throws AppError model_unavailable, saying what to do */
  readonly facts: (signal: AbortSignal) => Promise<ModelFacts>;
  /**
   * Rejects within 200 ms of an abort. @throws AppError model_overflow before sending when it cannot fit;
   * model_failed after retries; model_unavailable
   */
  readonly generate: (request: GenerateRequest, options: GenerateOptions) => Promise<Generated>;
  /**
   * The same prompt, one result per seed, yielded as each is done, evaluated in one batch that shares the prefix where
   * the provider can. Ending the iteration early cancels the rest.
   */
  readonly samples: (
    request: GenerateRequest,
    options: { readonly seeds: readonly number[]; readonly signal: AbortSignal },
  ) => AsyncIterable<Generated>;
  /** Mean log-probability per token of each completion after the prompt. Absent where the provider gives none. */
  readonly score?: (
    input: { readonly messages: readonly Message[]; readonly completions: readonly string[] },
    options: { readonly signal: AbortSignal },
  ) => Promise<readonly number[]>;
  /** Exact or safely over-estimated. */
  readonly countTokens: (text: string) => number;
  readonly close: () => Promise<void>;
};

// -------------------------------------------------------------------------------------------------- the hands

/** Text of a file with what must survive an edit. `text` has LF only and no BOM. */
export type TextFile = {
  readonly path: string;
  readonly text: string;
  readonly eol: 'lf' | 'crlf';
  readonly bom: boolean;
};

export type RunResult = {
  /** Exit code; 128 + n for a signal; 124 when it ran past its limit. */
  readonly exit: number;
  /** stdout and stderr as they came, the middle cut out past the cap with a line saying how much. */
  readonly output: string;
  readonly timedOut: boolean;
  readonly ms: number;
};

export type RunRequest = {
  /** A shell line from the user or the agent; or an argv that no shell sees. */
  readonly command: string | readonly string[];
  /** Relative to the workspace root. */
  readonly cwd?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: (text: string) => void;
  /** Characters kept of the output; default 64,000. */
  readonly maxOutput?: number;
};

/** `full` is no confinement at all: a command has the rights of the person. */
export type SandboxProfile = 'read-only' | 'workspace-write' | 'full';

/** What really confines commands on this machine, as probed when it was opened; never more than holds. */
export type SandboxFacts = {
  readonly profile: SandboxProfile;
  /** `none` with `full` only. */
  readonly level: 'bubblewrap' | 'namespaces' | 'landlock' | 'seatbelt' | 'none';
  /** `hosts`: through a proxy, to those that were listed. */
  readonly egress: 'open' | 'off' | 'hosts';
  /** Of a whole command (a control group), or of each of its processes. */
  readonly limits: 'command' | 'process' | 'none';
};

export type GrepHit = { readonly path: string; readonly line: number; readonly text: string };

export type StartRequest = Pick<RunRequest, 'command' | 'cwd' | 'env' | 'signal' | 'maxOutput'>;

/** A command that runs on, such as a development server. */
export type BackgroundCommand = {
  /** Head and tail of what it printed so far. */
  readonly output: () => string;
  /** Null while it runs. */
  readonly exit: () => number | null;
  /** Exit code, once it and its children are gone. Never rejects. */
  readonly exited: Promise<number>;
  /** May be called twice. Resolves when all its processes are gone. */
  readonly kill: () => Promise<number>;
};

/** A directory the agent may work in, with its limits. Paths are relative to `root`, forward slashes, no `..`. */
export type Workspace = {
  readonly root: string;
  /** What confines `run`; absent: nothing does. The file methods never depend on it. */
  readonly sandbox?: SandboxFacts;
  /** Null when there is none. @throws AppError usage for a path outside, a binary file or one over 2 MB */
  readonly read: (path: string) => Promise<TextFile | null>;
  /** Temp file and rename; keeps EOL, BOM, mode and symlink target of what was there; makes folders. */
  readonly write: (path: string, text: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  /** Files git tracks or does not ignore (all files where there is no git), sorted, at most `limit` (default 20,000). */
  readonly list: (options?: {
    readonly glob?: string;
    readonly limit?: number;
  }) => Promise<readonly string[]>;
  readonly grep: (options: {
    readonly pattern: string;
    readonly glob?: string;
    readonly limit: number;
    readonly ignoreCase?: boolean;
  }) => Promise<readonly GrepHit[]>;
  /** Runs in its own process group, killed whole on abort or timeout. Never rejects for a failing command. */
  readonly run: (request: RunRequest) => Promise<RunResult>;
  /** Starts a command that goes on after this resolves; the signal ends it. @throws AppError usage for a bad folder */
  readonly start: (request: StartRequest) => Promise<BackgroundCommand>;
  /** Unified diff of the files between a snapshot and now, and the line counts. */
  readonly diffSince: (snapshot: string) => Promise<{
    readonly diff: string;
    readonly files: readonly { readonly path: string; readonly added: number; readonly removed: number }[];
  }>;
  /**
   * Everything in the workspace now, with the refs, index, stash and objects of its repositories, kept outside the
   * user's .git. What belongs to a session is kept as long as that session is in use.
   */
  readonly snapshot: (id: string, options?: { readonly session?: string }) => Promise<SnapshotTaken>;
  /** Puts back, byte for byte, what the agent changed. @throws AppError not_found for a snapshot that has gone; conflict */
  readonly restore: (request: RestoreRequest) => Promise<Restored>;
  /** A throw-away copy of this workspace, as it is now, sharing dependency folders. Removed by `dispose`. */
  readonly scratch: (name: string) => Promise<ScratchWorkspace>;
};

export type ScratchWorkspace = Workspace & { readonly dispose: () => Promise<void> };

// ------------------------------------------------------------------------------------------------ code knowledge

export type Language = 'javascript' | 'typescript' | 'tsx' | 'python' | 'other';

/** A function, class, method or top-level binding. Lines are 1-based and inclusive; offsets index the LF text. */
export type CodeSymbol = {
  readonly name: string;
  /** `Class.method` where nested. */
  readonly qualified: string;
  readonly kind: 'function' | 'class' | 'method' | 'variable' | 'type';
  readonly startLine: number;
  readonly endLine: number;
  readonly start: number;
  readonly end: number;
  /** The head line(s) without the body, one line. */
  readonly signature: string;
  /** Offsets that also cover the comment and decorators above it. */
  readonly docStart: number;
  readonly exported: boolean;
};

/** One small change of the syntax tree: what simple bugs undo. */
export type Mutation = {
  readonly text: string;
  readonly line: number;
  /** `comparison`, `arithmetic`, `constant`, `name`, `negation`, `argument`, `return`, `await`, `statement`, `boundary`, … */
  readonly operator: string;
  readonly before: string;
  readonly after: string;
};

/** A call found in a test or in the examples of a comment, with the value it should give, as source text. */
export type Example = { readonly call: string; readonly expected: string };

/** A file that a request is likely about. Scores compare only within one ranking; `symbols` are those of that file. */
export type RankedFile = {
  readonly path: string;
  readonly score: number;
  readonly symbols: readonly CodeSymbol[];
};

export type CodeKnowledge = {
  readonly languageOf: (path: string) => Language;
  /** Empty for a language without a grammar. */
  readonly symbols: (path: string, text: string) => Promise<readonly CodeSymbol[]>;
  /** Null when it parses (or no grammar is known), else the first error. */
  readonly syntaxError: (
    path: string,
    text: string,
  ) => Promise<{ readonly line: number; readonly message: string } | null>;
  /** Module specifiers as written, with the names they bind. */
  readonly imports: (
    path: string,
    text: string,
  ) => Promise<readonly { readonly module: string; readonly names: readonly string[] }[]>;
  /** Workspace paths that a specifier in `from` may mean, nearest first. */
  readonly resolveImport: (from: string, module: string, files: ReadonlySet<string>) => readonly string[];
  /** Identifiers used in a range of lines (whole text when absent), without keywords. */
  readonly identifiers: (path: string, text: string) => Promise<ReadonlySet<string>>;
  /** Distinct, each parses, at most `limit`, those on `lines` only (1-based) when given. Most likely bugs first. */
  readonly mutations: (
    path: string,
    text: string,
    options: { readonly lines?: ReadonlySet<number>; readonly limit: number },
  ) => Promise<readonly Mutation[]>;
  /** The same text with the body of the named function taken out, its comment and head kept; null if not found. */
  readonly withoutBody: (path: string, text: string, qualified: string) => Promise<string | null>;
  /** Names used but bound nowhere in the file and known to no runtime, in order of use. Errs on the side of silence. */
  readonly undefinedNames: (path: string, text: string) => Promise<readonly string[]>;
  /** The files that a request's words and the references between files point at, best first, at most `limit`. */
  readonly rank: (input: {
    readonly files: readonly { readonly path: string; readonly text: string }[];
    readonly query: readonly string[];
    readonly limit: number;
  }) => Promise<readonly RankedFile[]>;
};

/** What an expression gave in one version of a module. `text` is canonical: equal values have equal text. */
export type ProbeValue = { readonly type: 'value' | 'error' | 'timeout'; readonly text: string };

/** Runs code to learn about it, in a scratch workspace only. */
export type CodeRunner = {
  /**
   * Evaluates every expression against every version (`texts`) of the module at `path`, each version in a world of its
   * own, each expression within `expressionMs`. Shape: texts × expressions. Null where the language cannot be probed.
   */
  readonly probe: (input: {
    readonly workspace: ScratchWorkspace;
    readonly path: string;
    readonly texts: readonly string[];
    readonly expressions: readonly string[];
    readonly expressionMs: number;
    readonly signal: AbortSignal;
  }) => Promise<readonly (readonly ProbeValue[])[] | null>;
  /**
   * Of the modules that a file at `path` imports, those whose package is neither built in, nor of the workspace, nor declared
   * or installed. Errs on the side of silence: empty where it cannot tell. Nothing of a package is run.
   */
  readonly absentPackages: (input: {
    readonly workspace: ScratchWorkspace;
    /** Of the workspace that the scratch was made from, absolute: what is installed above it counts. */
    readonly root: string;
    readonly path: string;
    readonly modules: readonly string[];
    readonly files: ReadonlySet<string>;
    readonly signal: AbortSignal;
  }) => Promise<readonly string[]>;
  /** Lines (1-based) that ran, by workspace path, while the command ran; empty where the runtime does not say. */
  readonly coverage: (input: {
    readonly workspace: ScratchWorkspace;
    readonly command: string;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }) => Promise<{ readonly run: RunResult; readonly lines: ReadonlyMap<string, ReadonlySet<number>> }>;
};
