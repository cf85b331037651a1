/** Fakes of the ports, for the tests of every room, and the suites that every implementation of a port must pass. */
export type { ConformanceKit } from './event-store-conformance.ts';
export { eventStoreConformance } from './event-store-conformance.ts';
export type { ManualClock } from './manual-clock.ts';
export { manualClock } from './manual-clock.ts';
export type { MemoryStore } from './memory-store.ts';
export { createMemoryStore } from './memory-store.ts';
export type { MemoryFiles, MemoryRun, MemoryWorkspace, MemoryWorkspaceOptions } from './memory-workspace.ts';
export { memoryWorkspace } from './memory-workspace.ts';
export type { Script, ScriptedModel, ScriptedTurn } from './scripted-model.ts';
export { scriptedModel } from './scripted-model.ts';
export { sequentialIds } from './sequential-ids.ts';
