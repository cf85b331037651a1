import type { PermissionMode } from '@tandem/protocol';
import type { Permission, Reason } from '../decision.ts';
import type { Effect } from '../effects/effect.ts';
import type { Layer } from '../rules/rule.ts';
import { isFileLocal, isReadOnly } from './reach.ts';

/** What a tool does at most, as the tool says. */
export type EffectClass = 'read' | 'write' | 'exec' | 'network';

/** A reason; those of rules say whose rule it is and whether it is final. */
export type ModeReason = Pick<Reason, 'decision'> & { readonly layer?: Layer; readonly final?: boolean };

export type ModeInput = {
  readonly mode: PermissionMode;
  readonly effectClass: EffectClass;
  /** The guard's, before the mode. */
  readonly decision: Permission;
  readonly reasons: readonly ModeReason[];
  readonly effects: readonly Effect[];
  /** A person said yes to this exact action: the same `actionHash`. */
  readonly isApproved: boolean;
  /** Rules of people allow all of it: `isCovered`. */
  readonly isCovered: boolean;
};

/** `rule` is `mode:…`; null where the guard's own reasons say it all. */
export type ModeDecision = {
  readonly decision: Permission;
  readonly rule: string | null;
  readonly reason: string | null;
};

/**
 * The last word on an action. A managed deny stands in every mode but bypass, where only a final one does; then a
 * person's yes to this exact action; then the mode. No mode but bypass allows what the guard denies.
 */
export const decideByMode = (input: ModeInput): ModeDecision => {
  const managed = input.reasons.filter(({ decision, layer }) => decision === 'deny' && layer === 'managed');
  if (managed.some(({ final }) => final === true)) return asGuarded('deny');
  if (input.isApproved && managed.length === 0)
    return by('allow', 'mode:approved', 'a person has said yes to this very action');
  if (input.mode === 'bypass') return by('allow', 'mode:bypass', 'everything is allowed');
  if (managed.length > 0 || input.decision === 'deny') return asGuarded('deny');
  switch (input.mode) {
    case 'plan':
      return plan(input);
    case 'auto':
      return asGuarded(input.decision);
    case 'default':
      return asking(input, isReadOnly(input));
    case 'acceptEdits':
      return asking(input, isReadOnly(input) || isFileLocal(input));
    case 'dontAsk':
      return unasked(asking(input, isReadOnly(input)));
  }
};

const asGuarded = (decision: Permission): ModeDecision => ({ decision, rule: null, reason: null });

const by = (decision: Permission, rule: string, reason: string): ModeDecision => ({ decision, rule, reason });

const plan = (input: ModeInput): ModeDecision =>
  isReadOnly(input)
    ? asGuarded(input.decision)
    : by('deny', 'mode:plan', 'while planning nothing is changed, run or sent; say it in the plan');

/** What the guard allows is still asked about unless it is free in this mode or a rule of a person allows it. */
const asking = ({ mode, decision, isCovered, effectClass }: ModeInput, isFree: boolean): ModeDecision => {
  if (decision === 'ask' || isFree || isCovered) return asGuarded(decision);
  return by('ask', `mode:${mode}`, asked[effectClass]);
};

const asked = {
  read: 'reads and does more than reading',
  write: 'changes a file',
  exec: 'runs a command that does more than read',
  network: 'reaches the network',
} as const;

const unasked = (decision: ModeDecision): ModeDecision =>
  decision.decision === 'ask'
    ? by(
        'deny',
        'mode:dontAsk',
        `${decision.reason ?? 'a person would have to be asked'}, and nobody may be asked`,
      )
    : decision;
