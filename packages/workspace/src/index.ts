/** The hands: reads, writes, runs, copies and versions files inside one directory, and keeps the event log on disk. */

export type { WorktreeFacts, WorktreeHold } from '@tandem/core';
/** A program of the person's own, with its streams apart and no secrets in its environment. */
export { type ProgramRequest, type ProgramResult, runProgram } from './exec/run-program.ts';
/** The refusal that a person can act on, where the disk said no. */
export { diskError } from './files/write.ts';
/** Tells which directories belong to one repository, and where in it they lie. */
export { createRepositoryPlaces } from './git/repository-place.ts';
export type { Instruction } from './instructions/read-instructions.ts';
/** AGENTS.md and its fallbacks that hold for a directory, outermost first. */
export { readInstructions } from './instructions/read-instructions.ts';
export type { Answers, MergeRun, Person } from './merge/conclude.ts';
export type { Choice, MergeReport, OpenHunk, PathConflict } from './merge/conflict.ts';
export type { MergeGate } from './merge/gate.ts';
/** Merges a commit into the branch of a working tree, which is touched once, at the end. */
export { createMergeGate } from './merge/gate.ts';
export type { WorkspaceOptions } from './open-workspace.ts';
/** Opens a directory as the Workspace port. */
export { openWorkspace } from './open-workspace.ts';
export type { SandboxOptions, SandboxReport } from './sandbox/open-sandbox.ts';
/** The strongest OS confinement that really holds a profile on this machine, and what each level holds. */
export { isNoLevel, openSandbox, reportSandbox } from './sandbox/open-sandbox.ts';
export type { Sandbox } from './sandbox/sandbox.ts';
export type { JsonlStoreOptions } from './store/open-jsonl-store.ts';
/** An EventStore of plain files, one folder a session. */
export { openJsonlStore } from './store/open-jsonl-store.ts';
export type { TrashOptions } from './trash/trash.ts';
/** Keeps what is deleted outside the workspace: the Trash port. */
export { createTrash } from './trash/trash.ts';
export type { KeptWorktrees, TrashedWorktree, WorktreesOptions } from './worktree/create-worktrees.ts';
/** Git worktrees below the state folder: the Worktrees port. */
export { createWorktrees } from './worktree/create-worktrees.ts';
