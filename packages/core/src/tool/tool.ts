import type { FileDelta } from '@tandem/protocol';
import type { ToolSpec, Workspace } from '../ports.ts';
import type { AskPerson } from '../turn/questions.ts';
import type { Background } from './background.ts';

/** What a session has done with files so far: folded from its log. */
export type FileHistory = {
  /** Files the model has read or written, so that it knows what it changes. */
  readonly seen: ReadonlySet<string>;
  /** Edits of a file that failed since one last worked. */
  readonly failedEdits: ReadonlyMap<string, number>;
};

export type ToolContext = {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  readonly history: FileHistory;
  readonly onOutput: (text: string) => void;
  readonly background: Background;
  /** An id that no command in the background of this session has had. */
  readonly nextBackground: () => string;
  /** Asks a person in the middle of the call; absent: there is nobody. */
  readonly ask?: AskPerson;
  readonly fetchPage: ((url: string, signal: AbortSignal) => Promise<string>) | undefined;
};

/** What a person sees of the call, beside its output. */
export type ToolView =
  | { readonly type: 'tool_call' }
  | { readonly type: 'command'; readonly command: string; readonly exit: number }
  | { readonly type: 'file_change'; readonly files: readonly FileDelta[]; readonly diff: string }
  | { readonly type: 'plan'; readonly steps: readonly PlanStep[] };

export type PlanStep = { readonly text: string; readonly status: 'pending' | 'in_progress' | 'completed' };

/** A failure is an outcome that the model sees, not a rejection. */
export type ToolOutcome = { readonly output: string; readonly isError: boolean; readonly view: ToolView };

/** A file before and after a call; null where it does not exist. */
export type FilePreview = {
  /** Relative to the workspace. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
};

export type ToolArguments = Readonly<Record<string, unknown>>;

export type Tool = {
  readonly spec: ToolSpec;
  readonly effect: 'read' | 'write' | 'exec' | 'network';
  /** `safe`: doing it twice is as good as once, so a call cut short by a kill is made again. */
  readonly replay: 'safe' | 'never';
  /**
   * Of a tool that programs of others serve, of which nothing is known but what they say: whether the person has allowed this
   * call by its name. Absent: what a call does is known here.
   */
  readonly outside?: (given: ToolArguments) => 'unknown' | 'allowed';
  /** All that it does it has done by a session of its own, in which each action is judged: the call itself is not. */
  readonly delegates?: true;
  /** What a person is asked about a call; absent: by its name and path. */
  readonly question?: (given: ToolArguments) => string;
  /** What a call would make of a file, without doing it, or the failure it would be. Arguments are checked. */
  readonly preview?: (
    given: ToolArguments,
    context: Pick<ToolContext, 'workspace' | 'history'>,
  ) => Promise<FilePreview | ToolOutcome>;
  /** Arguments are checked against the schema. Rejects only with the signal's reason or an AppError. */
  readonly run: (given: ToolArguments, context: ToolContext) => Promise<ToolOutcome>;
};

/** A tool that needs a workspace and nothing of a session. */
export type LookTool = Omit<Tool, 'run'> & {
  readonly run: (given: ToolArguments, context: Pick<ToolContext, 'workspace'>) => Promise<ToolOutcome>;
};

export const success = (output: string, view: ToolView = { type: 'tool_call' }): ToolOutcome => ({
  output,
  isError: false,
  view,
});

export const failure = (output: string, view: ToolView = { type: 'tool_call' }): ToolOutcome => ({
  output,
  isError: true,
  view,
});
