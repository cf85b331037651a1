import type { Event, PermissionMode, SessionSettings } from '@tandem/protocol';
import type { AgentDefinition } from '../agent/agent-tool.ts';
import type { Instructions } from '../context/system-prompt.ts';
import type { EnginePorts } from '../engine.ts';
import type { Hooks } from '../hooks.ts';
import type { PipelineContext, PipelineOutcome } from '../pipeline/pipeline.ts';
import type { LiveSink, Model, ModelFacts, Workspace } from '../ports.ts';
import type { Draft, SessionLog } from '../session/log.ts';
import type { Background } from '../tool/background.ts';
import { type Tool, toolTable } from '../tool/table.ts';
import type { End } from './complete.ts';
import type { Gate } from './gate.ts';
import type { Permit } from './permit.ts';
import type { Questions } from './questions.ts';
import { foldTurn, type OpenTurn } from './state.ts';

/** The parts of the drive that another room writes, or a guard replaces. */
export type DriveParts = {
  readonly runPipeline: (context: PipelineContext) => Promise<PipelineOutcome>;
  readonly permit: Permit;
  /** Asked and told at the moments of a turn; absent: nobody is. */
  readonly hooks?: Hooks;
  /** Tools of the free loop beside its own, for a session that works in this directory; the same for the same directory. */
  readonly tools?: (cwd: string, signal: AbortSignal) => Promise<readonly Tool[]>;
  /** To whom work can be given by a session in this directory; the same for the same directory. */
  readonly agents?: (cwd: string) => Promise<readonly AgentDefinition[]>;
  /** The tools by which it is given. */
  readonly delegates?: (work: Work) => Promise<readonly Tool[]>;
  /** What a command wrote is judged after it ran; absent: it stays. */
  readonly gate?: Gate;
  /** A turn as several attempts, each a session of its own. */
  readonly attempts?: (work: Work) => Promise<End>;
  /** Looks for others who change the same; called after a step that may have changed files. */
  readonly notice?: (work: Work) => Promise<void>;
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
  readonly background: Background;
  readonly questions: Questions;
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

/** What this turn was asked with, else what its session is set to. */
export const modeOf = ({ now, settings }: Work): PermissionMode =>
  now().options.permissionMode ?? settings.permissionMode;

export const createWork = (
  given: Pick<
    Work,
    | 'turn'
    | 'log'
    | 'ports'
    | 'parts'
    | 'settings'
    | 'workspace'
    | 'live'
    | 'signal'
    | 'background'
    | 'questions'
  >,
): Work => ({
  ...given,
  tools: toolTable(given.ports.fetchPage !== undefined),
  now: () => foldTurn(given.log.events, given.turn),
  record: (...drafts) => given.log.append(drafts.map((draft) => ({ ...draft, turn: given.turn }))),
  progress: (text, count) =>
    given.live({ type: 'progress', session: given.log.session, text, ...(count ?? {}) }),
});
