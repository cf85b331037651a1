/** May this action run? Effects of an intended action, and allow, ask or deny with reasons. */

export { rubricText } from './constitution/words.ts';
export type { Category, Decision, Permission, Reason } from './decision.ts';
export type { Change, FileChange } from './diff/change.ts';
export type { Effect, PathRef } from './effects/effect.ts';
export type { Facts, PathFacts } from './facts/facts.ts';
export { judgeWithFacts } from './judge-with-facts.ts';
export { type Guard, type Judged, loadGuard } from './load-guard.ts';
export { actionHash, type HashedAction } from './mode/action-hash.ts';
export { afterDecision, type Breaker, breakerOf, handOver } from './mode/breaker.ts';
export { decideByMode, type ModeDecision } from './mode/decide-by-mode.ts';
export { type OpenGuard, openGuard } from './open-guard.ts';
export { isOpen, type Opinion, opinionPrompt, readOpinion } from './opinion/opinion.ts';
export { type JudgeRequest, kindOf, type RequestKind, requestKinds } from './request.ts';
export { generalise, type Offer } from './rules/generalise.ts';
export { loadRules, type PolicyPlaces } from './rules/load-rules.ts';
export { PolicyError } from './rules/policy-error.ts';
