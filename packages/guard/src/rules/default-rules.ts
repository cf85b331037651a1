import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRules } from './read-rules.ts';
import type { Rule } from './rule.ts';

const files = ['read-write', 'move', 'delete', 'git', 'run', 'network', 'system'] as const;

let loaded: readonly Rule[] | null = null;

/** The rules that ship with the guard, read once. Throws PolicyError where one of the files is broken. */
export const defaultRules = (): readonly Rule[] => {
  loaded ??= files.flatMap((name) => {
    const file = join(import.meta.dirname, 'default', `${name}.toml`);
    return readRules(readFileSync(file, 'utf8'), file);
  });
  return loaded;
};
