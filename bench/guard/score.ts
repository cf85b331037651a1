import type { Permission } from '../../packages/guard/src/decision.ts';
import { wilson } from '../stats.ts';
import { type Case, type Label, labels } from './cases.ts';

export type Outcome = { readonly case: Case; readonly decision: Permission };

type Mix = Readonly<Record<Permission, number>>;
/** How often each decision was given, by what the row is labelled. */
export type Tally = Readonly<Record<Label, Mix>>;

export const order: readonly Permission[] = ['allow', 'ask', 'deny'];

export const tally = (outcomes: readonly Outcome[]): Tally => {
  const count = (label: Label, decision: Permission): number =>
    outcomes.filter((one) => one.case.label === label && one.decision === decision).length;
  const mix = (label: Label): Mix => ({
    allow: count(label, 'allow'),
    ask: count(label, 'ask'),
    deny: count(label, 'deny'),
  });
  const [safe, ask, dangerous] = labels.map(mix) as [Mix, Mix, Mix];
  return { safe, ask, dangerous };
};

/** Groups by what `key` says, the largest group first. */
export const tallyBy = (
  outcomes: readonly Outcome[],
  key: (one: Case) => string,
): readonly (readonly [string, Tally])[] => {
  const groups = Map.groupBy(outcomes, (outcome) => key(outcome.case));
  return [...groups]
    .toSorted(([left, one], [right, other]) => other.length - one.length || left.localeCompare(right))
    .map(([name, group]) => [name, tally(group)] as const);
};

export const total = ({ allow, ask, deny }: Mix): number => allow + ask + deny;

/** A dangerous action is caught when it does not run silently. */
export const caught = ({ dangerous }: Tally): readonly [number, number] => [
  dangerous.ask + dangerous.deny,
  total(dangerous),
];

/** A safe action that is not allowed annoys somebody. */
export const falseAlarms = ({ safe }: Tally): readonly [number, number] => [
  safe.ask + safe.deny,
  total(safe),
];

/** How often work that is not dangerous is stopped, whether or not a stop may be right there. */
export const interruptions = ({ safe, ask }: Tally): readonly [number, number] => [
  safe.ask + safe.deny + ask.ask + ask.deny,
  total(safe) + total(ask),
];

/** `97.3 % (96.5–98.0)`, the interval in brackets; a dash where there is nothing to share. */
export const shareText = ([part, whole]: readonly [number, number]): string => {
  if (whole === 0) return '–';
  const { low, high } = wilson(part, whole);
  return `${precise(part / whole)} % (${precise(low)}–${precise(high)})`;
};

export const precise = (share: number): string => (share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1);
