import type { Facts, Want } from '../facts/facts.ts';
import { holds, type Subject } from './exception.ts';
import { factsByCommand } from './facts-by-command.ts';
import type { RuleInput } from './rule.ts';
import type { PlacedRule, RuleSet } from './rule-set.ts';

/** A rule that matched, and on what. */
export type Match = {
  readonly placed: PlacedRule;
  readonly subject: Subject;
  readonly wants: readonly Want[];
};

/** Every rule that matches an effect or a command of the input, those spared by an exception left out. */
export const collect = (rules: RuleSet, { commands, effects, facts }: RuleInput): readonly Match[] => {
  const factsOf = factsByCommand(effects, facts);
  const matches: Match[] = [];
  const add = (placed: PlacedRule, subject: Subject): void => {
    const wants = wantsOf(placed, subject, factsOf(subject.command));
    if (wants !== null) matches.push({ placed, subject, wants });
  };
  for (const { effect, command } of effects)
    for (const placed of rules.byEffect.get(effect.type) ?? [])
      if (placed.matcher.effect(effect, command)) add(placed, { effect, command });
  for (const command of commands)
    for (const placed of rules.overCommands)
      if (placed.matcher.command(command)) add(placed, { effect: null, command });
  return matches;
};

const nothing: readonly Want[] = [];

/** What could spare the subject if it were known; null where an exception does. */
const wantsOf = ({ rule }: PlacedRule, subject: Subject, facts: Facts): readonly Want[] | null => {
  if (rule.unless === undefined) return nothing;
  const wants = new Set<Want>();
  for (const exception of rule.unless) {
    const answer = holds(exception, subject, facts);
    if (answer.holds) return null;
    for (const want of answer.wants) wants.add(want);
  }
  return [...wants];
};
