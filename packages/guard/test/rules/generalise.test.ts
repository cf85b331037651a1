import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect, PathRef } from '../../src/effects/effect.ts';
import { defaultRules } from '../../src/rules/default-rules.ts';
import { evaluate } from '../../src/rules/evaluate.ts';
import { generalise } from '../../src/rules/generalise.ts';
import { readRules } from '../../src/rules/read-rules.ts';
import type { RuleInput } from '../../src/rules/rule.ts';
import { ruleSet } from '../../src/rules/rule-set.ts';
import type { Command } from '../../src/shell/command.ts';
import { commandOf } from '../command-of.ts';
import { inputArbitrary } from './rule-arbitrary.ts';

const rules = ruleSet({ default: defaultRules() });
const inputOf = (text: string, effect: Effect, overrides: Partial<Command> = {}): RuleInput => {
  const command = commandOf(text, overrides);
  return { commands: [command], effects: [{ effect, command }], facts: {} };
};
const home = (path: string, more: Partial<PathRef> = {}): PathRef => ({
  path,
  place: 'home',
  sensitivity: null,
  glob: false,
  known: true,
  ...more,
});

const push: Effect = { type: 'git', loses: 'nothing', reach: 'publish', what: 'pushes' };
const fetch: Effect = { type: 'reach', host: 'example.com', how: 'fetch', local: false, what: 'GET' };
const install: Effect = { type: 'package', change: 'install', scope: 'project', what: 'installs' };
const exec: Effect = { type: 'package', change: 'exec', scope: 'project', what: 'runs' };
const write: Effect = { type: 'write', path: home('/home/user/notes/a.txt'), how: 'overwrite' };
const create: Effect = { type: 'remote', system: 'forge', change: 'create', what: 'opens' };
const scale: Effect = { type: 'remote', system: 'k8s', change: 'update', what: 'scales' };

const offered: readonly (readonly [string, RuleInput, string])[] = [
  ['git push origin main', inputOf('git push origin main', push), 'Allow `git push` from now on'],
  ['curl', inputOf('curl -s https://example.com/a', fetch), 'Allow `curl` with example.com from now on'],
  ['npm install', inputOf('npm install left-pad', install), 'Allow `npm install` from now on'],
  ['npx', inputOf('npx cowsay hi', exec), 'Allow `npx cowsay` from now on'],
  ['cp', inputOf('cp a ~/notes/a.txt', write), 'Allow `cp` in /home/user/notes/* from now on'],
  ['gh pr create', inputOf('gh pr create --fill', create), 'Allow `gh pr create` from now on'],
];

describe('allow this kind here', () => {
  it.each(offered)('offers one rule for %s', (_, input, explain) => {
    const offer = generalise(rules, input);
    expect(offer?.explain).toContain(explain);
    const user = readRules(offer?.toml ?? '', 'policy.toml');
    expect(user).toEqual([offer?.rule]);
    expect(
      evaluate(ruleSet({ default: defaultRules(), user }), input).map(({ decision }) => decision),
    ).toEqual(['allow']);
  });

  it.each<[string, RuleInput]>([
    ['what is allowed', inputOf('git status', { ...push, reach: 'local' })],
    ['a shell', inputOf('bash x', fetch)],
    ['an interpreter', inputOf('python3.12 x', fetch)],
    ['a wrapped command', inputOf('git push', push, { wrappers: ['sudo'] })],
    ['another machine', inputOf('git push', push, { elsewhere: 'host' })],
    ['a program in a folder', inputOf('./git push', push)],
    ['a host that is not known', inputOf('curl $X', { ...fetch, host: null })],
    ['a subcommand that is not known', inputOf('git -C x push', push)],
    [
      'a file that is not known',
      inputOf('cp a $X', { ...write, path: home('/home/user/\uFFFC', { known: false }) }),
    ],
    [
      'secrets',
      inputOf('cp a ~/.ssh/k', { ...write, path: home('/home/user/.ssh/k', { sensitivity: 'secret' }) }),
    ],
    ['a cluster', inputOf('kubectl scale deployment a', scale)],
    ['destruction', inputOf('kubectl delete pod a', { ...scale, change: 'destroy' })],
    [
      'a command in a container',
      inputOf('docker run alpine', { ...scale, system: 'container', change: 'run' }),
    ],
    ['what is denied', inputOf('curl x', { ...fetch, how: 'send', payload: 'secret' })],
    [
      'an unknown effect of a compound',
      { commands: [], effects: [{ effect: push, command: null }], facts: {} },
    ],
  ])('offers nothing for %s', (_, input) => {
    expect(generalise(rules, input)).toBeNull();
  });

  it('offers nothing that a managed policy would not let go', () => {
    const managed = readRules(
      '[[rule]]\nid = "m"\ndecision = "ask"\ncategory = "git.publish"\nclause = "c"\nreason = "no"\nprogram = "git"',
      'policy.toml',
    );
    const input = inputOf('git push', push);
    expect(generalise(ruleSet({ default: defaultRules(), managed }), input)).toBeNull();
  });

  it('offers nothing for two kinds at once', () => {
    const first = inputOf('git push', push);
    const second = inputOf('npm install x', install);
    const both = {
      ...first,
      commands: [...first.commands, ...second.commands],
      effects: [...first.effects, ...second.effects],
    };
    expect(generalise(rules, both)).toBeNull();
  });

  it('lifts only reasons of its own category, whatever it is compounded with', () => {
    fc.assert(
      fc.property(fc.constantFrom(...offered), inputArbitrary, ([, input], other) => {
        const offer = generalise(rules, input);
        const compound = {
          commands: [...input.commands, ...other.commands],
          effects: [...input.effects, ...other.effects],
          facts: other.facts,
        };
        const user = [offer!.rule];
        const before = evaluate(rules, compound);
        const after = new Set(
          evaluate(ruleSet({ default: defaultRules(), user }), compound).map(({ rule }) => rule),
        );
        const lifted = before.filter(({ rule }) => !after.has(rule));
        expect(
          lifted.every(({ category, decision }) => category === offer!.rule.category && decision === 'ask'),
        ).toBe(true);
      }),
    );
  });

  it('gives different offers different ids, and the same offer the same', () => {
    const ids = offered.map(([, input]) => generalise(rules, input)?.rule.id);
    expect(new Set(ids).size).toBe(offered.length);
    expect(generalise(rules, inputOf('git push --tags', push))?.rule.id).toBe(ids[0]);
  });
});
