/** The hands: reads, writes, runs, copies and versions files inside one directory, and keeps the event log on disk. */

/** What syntax trees tell about JavaScript, TypeScript and Python: the CodeKnowledge port. */
export { createCodeKnowledge } from './code/knowledge.ts';
/** A long-running command with its output so far. */
export type { BackgroundJob } from './exec/background.ts';
/** Starts a command that outlives the call; the signal kills it. */
export { startBackground } from './exec/background.ts';
export type { Instruction } from './instructions/read-instructions.ts';
/** AGENTS.md and its fallbacks that hold for a directory, outermost first. */
export { readInstructions } from './instructions/read-instructions.ts';
export type { WorkspaceOptions } from './open-workspace.ts';
/** Opens a directory as the Workspace port. */
export { openWorkspace } from './open-workspace.ts';
/** Runs versions of a module to learn how they behave, and commands to learn which lines ran. */
export { createCodeRunner } from './probe/code-runner.ts';
export type { SandboxOptions, SandboxReport } from './sandbox/open-sandbox.ts';
/** The strongest OS confinement that really holds a profile on this machine, and what each level holds. */
export { openSandbox, reportSandbox } from './sandbox/open-sandbox.ts';
export type { Sandbox } from './sandbox/sandbox.ts';
export type { JsonlStoreOptions } from './store/open-jsonl-store.ts';
/** An EventStore of plain files, one folder a session. */
export { openJsonlStore } from './store/open-jsonl-store.ts';
export type { TrashOptions } from './trash/trash.ts';
/** Keeps what is deleted outside the workspace: the Trash port. */
export { createTrash } from './trash/trash.ts';
