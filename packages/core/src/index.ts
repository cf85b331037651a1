/** The agent: decides what happens next in a session. */

export type * from './engine.ts';
export type * from './ports.ts';
