import type { Event, SessionSettings } from '@tandem/protocol';
import type { Instructions } from '../context/system-prompt.ts';
import type { EnginePorts } from '../engine.ts';
import type { PipelineContext, PipelineOutcome } from '../pipeline/pipeline.ts';
import type { LiveSink, Model, ModelFacts, Workspace } from '../ports.ts';
import type { Draft, SessionLog } from '../session/log.ts';
import { type Tool, toolTable } from '../tool/table.ts';
import type { Gate } from './gate.ts';
import type { Permit } from './permit.ts';
import { foldTurn, type OpenTurn } from './state.ts';

/** The parts of the drive that another room writes, or a guard replaces. */
export type DriveParts = {
  readonly runPipeline: (context: PipelineContext) => Promise<PipelineOutcome>;
  readonly permit: Permit;
  /** What a command wrote is judged after it ran; absent: it stays. */
  readonly gate?: Gate;
};

/** What driving one turn needs at hand. */
export type Work = {
  readonly turn: string;
  readonly log: SessionLog;
  readonly ports: EnginePorts;
  readonly parts: DriveParts;
  readonly settings: SessionSettings;
  readonly workspace: Workspace;
  readonly live: LiveSink;
  readonly signal: AbortSignal;
  readonly tools: readonly Tool[];
  /** The turn as the log has it now. */
  readonly now: () => OpenTurn;
  /** Appends events of this turn; durable when it resolves. */
  readonly record: (...drafts: readonly Draft[]) => Promise<readonly Event[]>;
  readonly progress: (text: string, count?: { readonly done: number; readonly total: number }) => void;
};

/** The same with the model, which may take long to load and is not needed to put files back. */
export type MindedWork = Work & {
  readonly model: Model;
  readonly facts: ModelFacts;
  readonly instructions: Instructions;
};

export const createWork = (
  given: Pick<Work, 'turn' | 'log' | 'ports' | 'parts' | 'settings' | 'workspace' | 'live' | 'signal'>,
): Work => ({
  ...given,
  tools: toolTable(given.ports.fetchPage !== undefined),
  now: () => foldTurn(given.log.events, given.turn),
  record: (...drafts) => given.log.append(drafts.map((draft) => ({ ...draft, turn: given.turn }))),
  progress: (text, count) =>
    given.live({ type: 'progress', session: given.log.session, text, ...(count ?? {}) }),
});
