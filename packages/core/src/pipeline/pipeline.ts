import type { FileDelta, NewEvent, TurnOptions, Usage, VerifyOutcome } from '@tandem/protocol';
import type { Clock, CodeKnowledge, CodeRunner, Ids, Model, Workspace } from '../ports.ts';
import type { FilePreview } from '../tool/tool.ts';

/** What the pipeline writes: an event without the envelope that the turn adds. */
export type PipelineEvent = {
  [T in NewEvent['type']]: Pick<Extract<NewEvent, { type: T }>, 'type' | 'data'>;
}[NewEvent['type']];

export type PipelineContext = {
  readonly request: string;
  readonly options: TurnOptions;
  readonly workspace: Workspace;
  readonly code: CodeKnowledge;
  readonly runner: CodeRunner;
  readonly model: Model;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly signal: AbortSignal;
  /** Text of AGENTS.md and its fallbacks, outermost first. */
  readonly instructions: readonly { readonly path: string; readonly text: string }[];
  /** Earlier requests and answers of this session, oldest first. */
  readonly history: readonly { readonly request: string; readonly answer: string }[];
  /** Durable when it resolves. */
  readonly record: (...events: readonly PipelineEvent[]) => Promise<void>;
  readonly progress: (text: string, count?: { readonly done: number; readonly total: number }) => void;
  /** Streams a fragment of the answer to whoever watches. */
  readonly say: (text: string) => void;
  /** Why these changes may not be written into the workspace; null where they may. */
  readonly withheld: (changes: readonly FilePreview[]) => Promise<string | null>;
  /** Keeps a patch outside the workspace; returns its path. */
  readonly keepFile: (name: string, text: string) => Promise<string>;
};

/**
 * `unverified`: changed, but nothing could say whether it is right. `unsolved`: no attempt passed; the tree is as it was.
 * `withheld`: one passed that may not be written; it is kept as a patch.
 */
export type PipelineOutcome = {
  readonly type: 'answered' | 'solved' | 'unverified' | 'unsolved' | 'withheld';
  readonly answer: string;
  readonly files: readonly FileDelta[];
  readonly diff: string;
  readonly verify: VerifyOutcome | null;
  readonly usage: Usage;
  readonly patch?: string;
};
