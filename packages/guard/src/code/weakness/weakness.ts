import { lookUp, type Program, type TreeCall } from '../program.ts';
import { configurationRules, configurationWeaknesses } from './configuration.ts';
import { cryptoRules, cryptoWeaknesses } from './cryptography.ts';
import { injectionRules, injectionWeaknesses } from './injection.ts';
import { markupRules, markupWeaknesses } from './markup.ts';
import { parsingRules } from './parsing.ts';
import { secretWeaknesses } from './secrets.ts';

/** Something insecure in code, as far as the text shows. */
export type Weakness = {
  readonly id: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
  /** `high`: insecure as it stands; `low`: only if what comes in is not trusted. */
  readonly certainty: Certainty;
};

export type Certainty = 'high' | 'low';

/** A call that is insecure where `check` says so. */
export type CallRule = {
  readonly id: string;
  readonly message: string;
  readonly check: (call: TreeCall) => Certainty | null;
};

/** All weaknesses of a text by line; the same one on one line counts once. */
export const weaknessesOf = (program: Program): readonly Weakness[] => {
  const found: Weakness[] = [];
  for (const call of program.calls) {
    if (call.name.startsWith('local:')) continue;
    for (const rules of families) {
      const rule = lookUp(rules, call.name);
      const certainty = rule?.check(call) ?? null;
      if (rule !== undefined && certainty !== null)
        found.push({ id: rule.id, line: call.node.line, message: rule.message, certainty });
    }
  }
  for (const search of searches) found.push(...search(program));
  return strongest(found).sort((left, right) => left.line - right.line || left.id.localeCompare(right.id));
};

const families = [injectionRules, cryptoRules, configurationRules, markupRules, parsingRules];
const searches = [
  injectionWeaknesses,
  cryptoWeaknesses,
  configurationWeaknesses,
  markupWeaknesses,
  secretWeaknesses,
];

const strongest = (found: readonly Weakness[]): Weakness[] => {
  const kept = new Map<string, Weakness>();
  for (const weakness of found) {
    const key = `${weakness.line} ${weakness.id}`;
    if (kept.get(key)?.certainty !== 'high') kept.set(key, weakness);
  }
  return [...kept.values()];
};
