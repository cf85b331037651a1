/** The agent: decides what happens next in a session. */

export type { AgentDefinition } from './agent/agent-tool.ts';
export type * from './engine.ts';
export type * from './hooks.ts';
export type * from './keeping.ts';
export type { PipelineContext, PipelineEvent, PipelineOutcome } from './pipeline/pipeline.ts';
/** localise → propose → verify → select → repair, for a model that writes code but does not choose tools. */
export { runPipeline } from './pipeline/run.ts';
export type * from './ports.ts';
/** The engine over its ports; `parts` replaces the guard by mode with another. */
export { createEngine } from './session/create-engine.ts';
/** read, grep and glob without a session, for a program that serves them. */
export { type Looking, lookIn } from './tool/look.ts';
/** What a tool gives back. */
export {
  failure,
  success,
  type Tool,
  type ToolArguments,
  type ToolContext,
  type ToolOutcome,
} from './tool/tool.ts';
export type { Gate, Ran } from './turn/gate.ts';
export type { Action, Permit, PermitDecision } from './turn/permit.ts';
/** The interim guard: decides by permission mode and effect class. */
export { permitByMode } from './turn/permit.ts';
export type { AskPerson, Said } from './turn/questions.ts';
export type { DriveParts } from './turn/work.ts';
export type * from './worktrees.ts';
