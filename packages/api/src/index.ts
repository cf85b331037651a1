/** The HTTP and server-sent-events routes over an engine. */
export { type ApiOptions, createApi } from './create-api.ts';
/** Problem details (RFC 9457) as every route answers a refusal. */
export { Problem, problemOf, statusOf } from './problem.ts';
/** What a team server puts behind its routes. */
export type { Asked, Caller, Following, Identity, Once, PageOf, Team } from './team/port.ts';
