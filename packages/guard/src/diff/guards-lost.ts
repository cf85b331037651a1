import type { Reason } from '../decision.ts';
import type { Edit } from './edit.ts';
import type { GuardKind } from './guard-facts.ts';
import { guardFeatures, type LostGuard } from './guard-features.ts';

/**
 * What each feature weighs. A logistic regression over the reversed security fixes and the ordinary commits of many
 * repositories, whole repositories left out to choose the features; rounded. Positive speaks for a lost guard.
 */
const weights: Readonly<Record<string, number>> = {
  // What kind of change it is: a lost guard leaves less code behind, and brings in little that is new.
  shrinks: 0.69,
  lostShare: 0.68,
  lostSome: 0.52,
  novel: -0.33,
  blocks: -0.31,
  // Who changes what a check does on purpose says so in a test; new functions and conditions are development.
  testsAdded: -2.89,
  'definition+': -0.39,
  'exit+': -0.57,
  'cleanWord+': -0.84,
  'compatWord+': -0.32,
  'checkWord~': -1.49,
  // What is lost.
  trustLostFew: 0.8,
  trustLostTwice: 0.4,
  'trustWord-': 1.04,
  'trustWord~': 1.22,
  'trustWord+': 0.64,
  'trustText-': 1.57,
  commentGone: 2.25,
  patternWeaker: 2.54,
  'dangerText-': 0.53,
  'prototypeWord-': 0.32,
  'cleanCall-': 0.35,
  'condition-': 0.3,
  'refusal-': 0.28,
  'handler-': 0.38,
  'inputWord-': 0.24,
  'listEntry-': 0.37,
  'call~': 0.33,
  // Where: beside other checks, or in a file named for them.
  around: 0.26,
  path: 0.85,
};
const bias = -2.79;

/** Above this a person is asked: about one ordinary commit in two hundred gets there. */
const threshold = 1.9;

/** A check that the change takes out of code that stays. The score is 0 where nothing is lost. */
export const guardReasons = (
  edits: readonly Edit[],
): { readonly reasons: readonly Reason[]; readonly score: number } => {
  const { values, lost } = guardFeatures(edits);
  if (values.lostSome !== 1 || lost.length === 0) return { reasons: [], score: 0 };
  const sum = Object.entries(weights).reduce(
    (total, [name, weight]) => total + weight * (values[name] ?? 0),
    bias,
  );
  const score = 1 / (1 + Math.exp(threshold - sum));
  if (sum <= threshold) return { reasons: [], score };
  const shown = mostTelling(lost);
  const isHandler = shown[0]!.kind === 'handler';
  const reasons = shown.map(
    (fact): Reason => ({
      decision: 'ask',
      category: isHandler ? 'edit.error_handling' : 'edit.security_removal',
      rule: 'edit.guard-lost',
      clause: 'keep-checks',
      message: `It looks as if a check goes (${descriptions[fact.kind] ?? 'a line beside one'}): ${lineOf(fact)}`,
      path: fact.edit.path,
      line: fact.edit.before.numberOf(fact.line),
    }),
  );
  return { reasons, score };
};

const descriptions: Partial<Record<GuardKind, string>> = {
  trustExit: 'a condition on what is not trusted',
  pattern: 'a pattern lets more through',
  trustWord: 'a name that speaks of trust',
  checkCall: 'a call that checks',
  cleanCall: 'a call that cleans',
  prototypeWord: 'a guard of prototypes',
  dangerText: 'a text that only checks look for',
  refusal: 'a refusal',
  exit: 'an early exit',
  trustText: 'a message about security',
  securityComment: 'a remark about security',
  handler: 'handling of an error',
  condition: 'a condition',
};

const order = Object.keys(descriptions) as readonly GuardKind[];

/** Up to three lost guards on different lines, the most telling first. */
const mostTelling = (lost: readonly LostGuard[]): readonly LostGuard[] => {
  const rank = (fact: LostGuard): number =>
    order.includes(fact.kind) ? order.indexOf(fact.kind) : order.length;
  const shown: LostGuard[] = [];
  for (const fact of [...lost].sort((left, right) => rank(left) - rank(right))) {
    if (shown.length < 3 && !shown.some((other) => other.edit === fact.edit && other.line === fact.line))
      shown.push(fact);
  }
  return shown;
};

const lineOf = (fact: LostGuard): string => (fact.edit.before.lines[fact.line] ?? '').trim().slice(0, 100);
