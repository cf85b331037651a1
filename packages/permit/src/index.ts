/** The guard as the engine asks it, for every program that has both. */
export { type AskModel, createPermit, type GuardedPermit, type PermitOptions } from './guarded-permit.ts';
