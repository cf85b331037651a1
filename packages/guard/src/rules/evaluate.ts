import type { Effect } from '../effects/effect.ts';
import type { Command } from '../shell/command.ts';
import { collect, type Match } from './collect.ts';
import { isNamedPlace, lifts } from './lift.ts';
import { reasonText } from './reason-text.ts';
import { layers, type RuleInput, type RuleReason } from './rule.ts';
import { isOfPerson, type RuleSet } from './rule-set.ts';

/**
 * What speaks against an action, strictest first; allow rules of people that matched come last. Empty where nothing
 * does. The order of rules in a file has no influence.
 *
 * All matching rules of all layers are collected, and the strictest decides. Only this lowers a decision:
 * - An allow rule lifts what speaks against the same effect or command in a layer below its own: managed over user
 *   over workspace over default. A rule of the same layer or one above it stays.
 * - It lifts only reasons of the category that it names; without one, asks of ordinary categories, and no deny. Never
 *   a deny marked `final`; and the workspace's, even trusted, no deny at all.
 * - A rule over commands lifts what its own command does. It lifts nothing of a command under a wrapper or on
 *   another machine that it does not name, nor what a redirect writes.
 * - The exceptions of a rule (`unless`) hold in fact.
 * Each command of a compound keeps its reasons until a rule lifts them. An effect that no rule at all knows is asked
 * about.
 */
export const evaluate = (rules: RuleSet, input: RuleInput): readonly RuleReason[] => {
  const matches = collect(rules, input);
  const allows = matches.filter(({ placed }) => isOfPerson(placed));
  const about = bySubject(allows);
  const known = new Set(matches.map(({ subject }) => subject.effect));
  const against = matches.filter(
    (match) => match.placed.rule.decision !== 'allow' && !about(match).some((allow) => lifts(allow, match)),
  );
  return distinct([
    ...few(against).map(reasonOf),
    ...input.effects.filter(({ effect }) => !known.has(effect)).map(({ effect }) => unknownEffect(effect)),
    ...few(allows).map(reasonOf),
  ]).sort(byStrictness);
};

/**
 * Do rules of people allow all of it: each command, or each thing that it does? Then no guess is needed, and no mode
 * asks again.
 */
export const isCovered = (rules: RuleSet, input: RuleInput): boolean => {
  if (!rules.lifts) return false;
  const allows = collect(rules, input).filter(
    (match) =>
      isOfPerson(match.placed) &&
      (match.subject.command === null || isNamedPlace(match.placed.rule, match.subject.command)),
  );
  const commands = new Set(allows.map(({ subject }) => (subject.effect === null ? subject.command : null)));
  const effects = new Set(allows.map(({ subject }) => subject.effect));
  const doing = new Set(input.effects.map(({ command }) => command));
  return (
    input.commands.length + input.effects.length > 0 &&
    input.commands.every((command) => commands.has(command) || doing.has(command)) &&
    input.effects.every(
      ({ effect, command }) => effects.has(effect) || (command !== null && commands.has(command)),
    )
  );
};

/** The allow rules that may be about the same effect or command. */
const bySubject = (allows: readonly Match[]): ((match: Match) => readonly Match[]) => {
  const found = new Map<Effect | Command, Match[]>();
  for (const allow of allows) {
    const key = allow.subject.effect ?? allow.subject.command;
    if (key !== null) found.set(key, [...(found.get(key) ?? []), allow]);
  }
  const at = (key: Effect | Command | null): readonly Match[] => (key === null ? [] : (found.get(key) ?? []));
  return ({ subject }) => (found.size === 0 ? [] : [...at(subject.effect), ...at(subject.command)]);
};

/** Nobody reads more reasons of one rule, and facts are not gathered for more. */
const mostOfOne = 20;

const few = (matches: readonly Match[]): readonly Match[] => {
  const counts = new Map<unknown, number>();
  return matches.filter(({ placed }) => {
    const count = (counts.get(placed) ?? 0) + 1;
    counts.set(placed, count);
    return count <= mostOfOne;
  });
};

const reasonOf = ({ placed: { rule, layer }, subject, wants }: Match): RuleReason => ({
  decision: rule.decision,
  category: rule.category,
  rule: layer === 'default' ? rule.id : `${layer}:${rule.id}`,
  clause: rule.clause,
  message: reasonText(rule.reason, subject),
  layer,
  final: rule.final,
  wants,
});

/** Fails closed: an effect that the rules were never told about is a person's to judge. */
const unknownEffect = (effect: Effect): RuleReason => ({
  decision: 'ask',
  category: 'opaque',
  rule: 'unknown-effect',
  clause: 'be-clear',
  message: `no rule knows the effect '${effect.type}'`,
  layer: 'default',
  final: false,
  wants: [],
});

const strictness = { deny: 0, ask: 1, allow: 2 } as const;

const byStrictness = (first: RuleReason, second: RuleReason): number =>
  strictness[first.decision] - strictness[second.decision] ||
  layers.indexOf(first.layer) - layers.indexOf(second.layer) ||
  compare(first.rule, second.rule) ||
  compare(first.message, second.message);

const compare = (first: string, second: string): number => (first < second ? -1 : first > second ? 1 : 0);

/** One reason for each rule and message; what any of them wanted is kept. */
const distinct = (reasons: readonly RuleReason[]): RuleReason[] => {
  const found = new Map<string, RuleReason>();
  for (const reason of reasons) {
    const key = `${reason.rule}\n${reason.message}`;
    const before = found.get(key);
    found.set(
      key,
      before === undefined ? reason : { ...reason, wants: [...new Set([...before.wants, ...reason.wants])] },
    );
  }
  return [...found.values()];
};
