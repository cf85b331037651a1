import type { Constitution } from './constitution/constitution.ts';
import { readConstitution } from './constitution/read-constitution.ts';
import { constitutionSources } from './constitution/sources.ts';
import { type Guard, loadGuard } from './load-guard.ts';
import { judgeExamples } from './rules/examples.ts';
import { loadRules, type PolicyPlaces } from './rules/load-rules.ts';
import { PolicyError } from './rules/policy-error.ts';
import type { RuleSet } from './rules/rule-set.ts';

/** The guard with the policy and the constitution of a person, a workspace and the machine. */
export type OpenGuard = {
  readonly guard: Guard;
  readonly rules: RuleSet;
  readonly constitution: Constitution;
};

/**
 * Reads every policy and constitution and proves the examples inside the rules of people. @throws PolicyError where one is
 * wrong: whoever gets it denies, for there is no half-read policy
 */
export const openGuard = async (places: Omit<PolicyPlaces, 'more'>): Promise<OpenGuard> => {
  const constitution = readConstitution(constitutionSources(places));
  const rules = loadRules({ ...places, more: constitution.rules });
  const guard = await loadGuard({ rules });
  await proveExamples(guard, rules);
  return { guard, rules, constitution };
};

const proveExamples = async (guard: Guard, rules: RuleSet): Promise<void> => {
  const own = rules.all.filter(({ layer }) => layer !== 'default').map(({ rule }) => rule);
  if (own.length === 0) return;
  await guard.ready({ kind: 'bash', input: 'python node' });
  const failures = judgeExamples(own, (input) =>
    guard.judge({ kind: 'bash', input }).ruleReasons.map(({ rule }) => rule),
  );
  if (failures.length > 0) throw new PolicyError(failures.join('\n'));
};
