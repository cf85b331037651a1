import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/rules/evaluate.ts';
import { loadRules, type PolicyPlaces } from '../../src/rules/load-rules.ts';
import { PolicyError } from '../../src/rules/policy-error.ts';
import { commandOf } from '../command-of.ts';

const policy = (decision: string, more = ''): string =>
  `[[rule]]\nid = "r"\ndecision = "${decision}"\ncategory = "process"\nclause = "c"\nreason = "no"\nprogram = "tool"\n${more}`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guard-rules-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};
const load = (more: Partial<PolicyPlaces> = {}) =>
  loadRules({
    managed: join(root, 'managed'),
    user: join(root, 'user'),
    workspace: join(root, 'workspace'),
    workspaceTrusted: false,
    ...more,
  });
const rulesOver = (more: Partial<PolicyPlaces> = {}) =>
  evaluate(load(more), { commands: [commandOf('tool')], effects: [], facts: {} }).map(({ rule }) => rule);

describe('policies', () => {
  it('are read from every layer', () => {
    put('managed/policy.toml', policy('deny'));
    put('user/policy.toml', policy('ask'));
    put('workspace/.tandem/policy.toml', policy('ask'));
    expect(rulesOver()).toEqual(['managed:r', 'user:r', 'workspace:r']);
  });

  it('may be missing', () => {
    expect(rulesOver()).toEqual([]);
    expect(rulesOver({ managed: null, user: null, workspace: null })).toEqual([]);
  });

  it('lower nothing in a workspace that is not trusted', () => {
    put('workspace/.tandem/policy.toml', policy('allow'));
    expect(load().notes).toHaveLength(1);
    expect(rulesOver()).toEqual([]);
    expect(rulesOver({ workspaceTrusted: true })).toEqual(['workspace:r']);
  });

  it.each(['managed/policy.toml', 'user/policy.toml', 'workspace/.tandem/policy.toml'])(
    'that are broken stop everything, by name: %s',
    (name) => {
      put(name, policy('deny', 'colour = 1'));
      expect(() => load()).toThrowError(PolicyError);
      expect(() => load()).toThrowError(`${join(root, name)}: rule 'r': unknown key 'colour'`);
    },
  );

  it('that cannot be read stop everything', () => {
    mkdirSync(join(root, 'user/policy.toml'), { recursive: true });
    expect(() => load()).toThrowError('EISDIR');
  });
});
