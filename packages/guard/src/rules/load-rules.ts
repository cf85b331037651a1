import { join } from 'node:path';
import { defaultRules } from './default-rules.ts';
import { policyText } from './policy-file.ts';
import { readRules } from './read-rules.ts';
import type { Rule } from './rule.ts';
import { type RuleSet, ruleSet } from './rule-set.ts';

/** Where policies are looked for, as absolute folders; null leaves a layer out. */
export type PolicyPlaces = {
  /** Usually `/etc/tandem`. */
  readonly managed: string | null;
  /** Usually `~/.config/tandem`. */
  readonly user: string | null;
  readonly workspace: string | null;
  readonly workspaceTrusted: boolean;
  /** Rules from elsewhere, such as `[[rule]]` in config.toml or a constitution. */
  readonly more?: { readonly user?: readonly Rule[]; readonly workspace?: readonly Rule[] };
};

/**
 * The rules of all layers. A file that is missing holds no rules; one that cannot be read or is wrong throws, and the
 * caller denies: PolicyError, or what the file system said.
 */
export const loadRules = (places: PolicyPlaces): RuleSet =>
  ruleSet({
    managed: readPolicy(places.managed, 'policy.toml'),
    user: [...readPolicy(places.user, 'policy.toml'), ...(places.more?.user ?? [])],
    workspace: [
      ...readPolicy(places.workspace, join('.tandem', 'policy.toml')),
      ...(places.more?.workspace ?? []),
    ],
    default: defaultRules(),
    workspaceTrusted: places.workspaceTrusted,
  });

const readPolicy = (folder: string | null, name: string): readonly Rule[] => {
  if (folder === null) return [];
  const file = join(folder, name);
  const text = policyText(file);
  return text === null ? [] : readRules(text, file);
};
