/** The words of the product: every shape that crosses a boundary or is stored. */
export { AskedField } from './asked-field.ts';
export { AttemptRank, Overlap, OverlapAdvice, TestRun } from './attempt-event.ts';
export { AttemptsReport } from './attempts-report.ts';
export {
  AcceptAttempt,
  ConfigureSession,
  CreateSession,
  DiscardAttempts,
  ForkSession,
  Isolated,
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
export type { ErrorCode } from './error.ts';
export { AppError, errorCodes, isAppError, isErrorCode, isModelError } from './error.ts';
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
export { noUsage } from './no-usage.ts';
export { DeviceRight, deviceRights, ServedWorkspace } from './served.ts';
export { addUsage, Usage } from './usage.ts';
export type { AttemptsRun, IsolatedAttempt } from './view/attempts-run.ts';
export { foldAttempts } from './view/attempts-run.ts';
export { reduce, reduceDelta } from './view/reduce.ts';
export type { Rewind } from './view/standing.ts';
export { isStanding } from './view/standing.ts';
export type {
  View,
  ViewApproval,
  ViewAttempt,
  ViewJudged,
  ViewOverlap,
  ViewStatus,
  ViewStep,
  ViewTurn,
} from './view/view.ts';
export { initialView } from './view/view.ts';
