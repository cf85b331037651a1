import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { policyFolders } from '@tandem/permit/places';

/** Adds a rule, as a table of TOML, to the person's own policy. */
export const allowKind = (env: Readonly<Record<string, string | undefined>>, rule: string): void => {
  const file = join(policyFolders(env).user, 'policy.toml');
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `\n${rule.trimEnd()}\n`);
};
