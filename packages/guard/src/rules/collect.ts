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
  const open: Match[] = [];
  const add = (placed: PlacedRule, subject: Subject): void => {
    const now = factsOf(subject.command);
    const missing = missingOf(placed, subject, now);
    const wants = wantsOf(placed, subject, now);
    if (wants === null || missing === null) return;
    (missing.length > 0 ? open : matches).push({ placed, subject, wants: [...wants, ...missing] });
  };
  for (const { effect, command } of effects)
    for (const placed of rules.byEffect.get(effect.type) ?? [])
      if (placed.matcher.effect(effect, command)) add(placed, { effect, command });
  for (const command of commands)
    for (const placed of rules.overCommands)
      if (placed.matcher.command(command)) add(placed, { effect: null, command });
  return open.length === 0 ? matches : matches.map((match) => withWants(match, open));
};

/** What a rule about the same subject would have to know is worth looking at too. */
const withWants = (match: Match, open: readonly Match[]): Match => ({
  ...match,
  wants: [
    ...match.wants,
    ...open.flatMap(({ subject, wants }) =>
      subject.effect === match.subject.effect && subject.command === match.subject.command ? wants : [],
    ),
  ],
});

/** What a rule needs to be so and nobody knows; null where it is known not to be so. */
const missingOf = ({ rule }: PlacedRule, subject: Subject, facts: Facts): readonly Want[] | null => {
  const answers = (rule.when ?? []).map((condition) => holds(condition, subject, facts));
  const missing = answers.filter((answer) => !answer.holds);
  return missing.some((answer) => answer.wants.length === 0) ? null : missing.flatMap(({ wants }) => wants);
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
