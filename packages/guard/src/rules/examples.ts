import type { Rule } from './rule.ts';

/** Ids of the rules that match a shell text, whatever they decide, layer prefix included. */
export type MatchedRules = (text: string) => readonly string[];

/**
 * Runs the examples inside each rule through a judge; one line for each that fails, none when all hold. A rule whose
 * examples fail does not do what its author thinks, so a policy with failures must not be used.
 */
export const judgeExamples = (rules: readonly Rule[], judge: MatchedRules): readonly string[] =>
  rules.flatMap((rule) => {
    const isMatched = (text: string): boolean =>
      judge(text).some((id) => id === rule.id || id.endsWith(`:${rule.id}`));
    return [
      ...rule.match
        .filter((text) => !isMatched(text))
        .map((text) => `rule '${rule.id}': match: it does not match \`${text}\``),
      ...rule.notMatch
        .filter((text) => isMatched(text))
        .map((text) => `rule '${rule.id}': not_match: it matches \`${text}\``),
    ];
  });
