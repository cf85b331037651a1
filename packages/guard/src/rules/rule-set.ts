import { type Matcher, matcherOf } from './match.ts';
import { type Layer, layers, type Rule } from './rule.ts';

/** A rule in its layer, ready to match. */
export type PlacedRule = { readonly rule: Rule; readonly layer: Layer; readonly matcher: Matcher };

/** All rules that hold together, by what they look at. */
export type RuleSet = {
  readonly all: readonly PlacedRule[];
  readonly byEffect: ReadonlyMap<string, readonly PlacedRule[]>;
  readonly overCommands: readonly PlacedRule[];
  /** Is there any allow rule of a person? Without one nothing is covered or lifted. */
  readonly lifts: boolean;
  /** What was left out of a policy and why, for the person. */
  readonly notes: readonly string[];
};

/** The rules of each layer; a layer that is left out has none. */
export type LayerRules = Readonly<Partial<Record<Layer, readonly Rule[]>>> & {
  /** May the workspace's policy lower a decision? A person has said so. */
  readonly workspaceTrusted?: boolean;
};

/**
 * Puts the layers together. Managed stands above user above workspace above default, and what that means is said at
 * `evaluate`. The allow rules of a workspace that nobody trusts are left out, with a note.
 */
export const ruleSet = (given: LayerRules): RuleSet => {
  const placed: PlacedRule[] = [];
  const notes: string[] = [];
  for (const layer of layers)
    for (const rule of given[layer] ?? []) {
      if (layer === 'workspace' && rule.decision === 'allow' && given.workspaceTrusted !== true)
        notes.push(
          `the workspace's rule '${rule.id}' allows something; it is ignored until you trust the workspace`,
        );
      else placed.push({ rule, layer, matcher: matcherOf(rule) });
    }
  return { ...indexed(placed), notes };
};

/** The same rules and one more, as its layer would have it. */
export const withRule = (rules: RuleSet, rule: Rule, layer: Layer): RuleSet => ({
  ...indexed([...rules.all, { rule, layer, matcher: matcherOf(rule) }]),
  notes: rules.notes,
});

const indexed = (placed: readonly PlacedRule[]): Omit<RuleSet, 'notes'> => {
  const byEffect = new Map<string, PlacedRule[]>();
  for (const one of placed)
    for (const type of new Set(one.rule.effect ?? [])) {
      const rules = byEffect.get(type) ?? [];
      rules.push(one);
      byEffect.set(type, rules);
    }
  return {
    all: placed,
    byEffect,
    overCommands: placed.filter(({ rule }) => rule.effect === undefined),
    lifts: placed.some(isOfPerson),
  };
};

export const isOfPerson = ({ rule, layer }: PlacedRule): boolean =>
  rule.decision === 'allow' && layer !== 'default';
