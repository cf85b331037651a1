/** The words of the product: every shape that crosses a boundary or is stored. */
export {
  CreateSession,
  ForkSession,
  Mechanism,
  RedoTimes,
  ResolveApproval,
  RewindScope,
  RewindSession,
  SessionInfo,
  StartTurn,
  TurnOptions,
  UndoTurns,
} from './command.ts';
export { AppError, ErrorCode, isAppError } from './error.ts';
export type { Event, EventOf, EventType, NewEvent, VerifyOutcome } from './event.ts';
export {
  Actor,
  Delta,
  EffectClass,
  Envelope,
  eventData,
  eventTypes,
  isKnown,
  PermissionMode,
  parseEvent,
  ReplayClass,
  SessionSettings,
  TurnOutcome,
} from './event.ts';
export type { IdPrefix } from './ids.ts';
export { ItemId, idPrefixes, SessionId, TurnId } from './ids.ts';
export type { ItemType } from './item.ts';
export { FileDelta, Item, ItemStatus } from './item.ts';
export { addUsage, noUsage, Usage } from './usage.ts';
export { reduce, reduceDelta } from './view/reduce.ts';
export type { Rewind } from './view/standing.ts';
export { isStanding } from './view/standing.ts';
export type { View, ViewApproval, ViewAttempt, ViewStatus, ViewTurn } from './view/view.ts';
export { initialView } from './view/view.ts';
