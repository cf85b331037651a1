import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Permission } from '../../src/decision.ts';
import type { Effect } from '../../src/effects/effect.ts';
import { defaultRules } from '../../src/rules/default-rules.ts';
import { evaluate, isCovered } from '../../src/rules/evaluate.ts';
import { readRules } from '../../src/rules/read-rules.ts';
import type { Rule, RuleInput } from '../../src/rules/rule.ts';
import { type LayerRules, ruleSet } from '../../src/rules/rule-set.ts';
import type { Command } from '../../src/shell/command.ts';
import { commandOf, word } from '../command-of.ts';
import { inputArbitrary, ruleArbitrary } from './rule-arbitrary.ts';

const rank = { allow: 0, ask: 1, deny: 2 } as const;
const decide = (layers: LayerRules, input: RuleInput): Permission =>
  evaluate(ruleSet({ default: defaultRules(), ...layers }), input)[0]?.decision ?? 'allow';
const rule = (toml: string): readonly Rule[] => readRules(`[[rule]]\nid = "r"\n${toml}`, 'policy.toml');

const push: Effect = { type: 'git', loses: 'nothing', reach: 'publish', what: 'pushes' };
const inputOf = (...pairs: readonly (readonly [Command, ...Effect[]])[]): RuleInput => ({
  commands: pairs.map(([command]) => command),
  effects: pairs.flatMap(([command, ...effects]) => effects.map((effect) => ({ effect, command }))),
  facts: {},
});
const pushing = (overrides: Partial<Command> = {}): RuleInput =>
  inputOf([commandOf('git push origin main', overrides), push]);
const allowPush = rule('decision = "allow"\nprogram = "git"\nargs = ["push"]');
const allowNamed = rule('decision = "allow"\ncategory = "git.publish"\nprogram = "git"\nargs = ["push"]');
const finalPush = rule(
  'decision = "deny"\nfinal = true\ncategory = "git.publish"\nclause = "c"\nreason = "no"\nprogram = "git"',
);
const askPush = rule(
  'decision = "ask"\ncategory = "git.publish"\nclause = "c"\nreason = "no"\nprogram = "git"',
);
const denyPush = rule(
  'decision = "deny"\ncategory = "git.publish"\nclause = "c"\nreason = "no"\nprogram = "git"',
);

describe('layers', () => {
  it.each<[string, Permission, LayerRules]>([
    ['the default alone', 'ask', {}],
    ["a person's allow", 'allow', { user: allowPush }],
    ["a trusted workspace's allow", 'allow', { workspace: allowPush, workspaceTrusted: true }],
    ["an untrusted workspace's allow", 'ask', { workspace: allowPush }],
    ["a person's allow over a managed deny", 'deny', { user: allowNamed, managed: denyPush }],
    ["a person's allow over a managed question", 'ask', { user: allowNamed, managed: askPush }],
    ["a person's allow over a final deny", 'deny', { user: allowNamed, workspace: finalPush }],
    [
      "a trusted workspace's allow over a person's question",
      'ask',
      {
        workspace: allowNamed,
        workspaceTrusted: true,
        user: askPush,
      },
    ],
    ["a managed allow over a person's deny", 'deny', { managed: allowPush, user: denyPush }],
    [
      "a managed allow of that category over a person's deny",
      'allow',
      { managed: allowNamed, user: denyPush },
    ],
    ["a person's allow over a workspace's deny", 'allow', { user: allowNamed, workspace: denyPush }],
    ["a workspace's deny", 'deny', { workspace: denyPush }],
    [
      "a workspace's allow over a person's deny",
      'deny',
      {
        workspace: allowNamed,
        workspaceTrusted: true,
        user: denyPush,
      },
    ],
    [
      'allow and deny of the same layer',
      'deny',
      { user: [...allowNamed, ...denyPush.map((one) => ({ ...one, id: 's' }))] },
    ],
  ])('decide %s: %s', (_, decision, layers) => {
    expect(decide(layers, pushing())).toBe(decision);
  });

  it('say that an untrusted workspace was not heard', () => {
    expect(ruleSet({ workspace: allowPush }).notes).toEqual([expect.stringContaining("rule 'r' allows")]);
    expect(ruleSet({ workspace: allowPush, workspaceTrusted: true }).notes).toEqual([]);
  });

  it('name the layer in the id of the rule, the default one excepted', () => {
    const reasons = evaluate(ruleSet({ default: defaultRules(), managed: denyPush }), pushing());
    expect(reasons.map((reason) => reason.rule)).toEqual(['managed:r', 'git.publish']);
  });

  it('never let a rule of an untrusted workspace lower a decision', () => {
    fc.assert(
      fc.property(
        fc.array(ruleArbitrary, { maxLength: 3 }),
        ruleArbitrary,
        inputArbitrary,
        (user, added, input) => {
          const before = decide({ user }, input);
          expect(rank[decide({ user, workspace: [added] }, input)]).toBeGreaterThanOrEqual(rank[before]);
        },
      ),
    );
  });

  it('let a managed deny win, whatever others allow', () => {
    fc.assert(
      fc.property(fc.array(ruleArbitrary, { maxLength: 4 }), inputArbitrary, (others, input) => {
        const managed = rule(
          'decision = "deny"\ncategory = "process"\nclause = "c"\nreason = "no"\nprogram = ["git", "npm", "rm", "curl", "make"]',
        );
        const decision = decide({ managed, user: others, workspace: others, workspaceTrusted: true }, input);
        if (input.commands.length > 0) expect(decision).toBe('deny');
      }),
    );
  });

  it('do not depend on the order of rules', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(ruleArbitrary, { maxLength: 6, selector: ({ id }) => id }),
        inputArbitrary,
        (user, input) => {
          const first = evaluate(ruleSet({ default: defaultRules(), user }), input);
          expect(
            evaluate(ruleSet({ default: defaultRules().toReversed(), user: user.toReversed() }), input).map(
              ({ rule: id, message }) => [id, message],
            ),
          ).toEqual(first.map(({ rule: id, message }) => [id, message]));
        },
      ),
    );
  });

  it('never let a person lift a final deny', () => {
    fc.assert(
      fc.property(fc.array(ruleArbitrary, { maxLength: 4 }), inputArbitrary, (user, input) => {
        const finals = evaluate(ruleSet({ default: defaultRules() }), input).filter(({ final }) => final);
        if (finals.length > 0) expect(decide({ user }, input)).toBe('deny');
      }),
    );
  });
});

describe('an allow rule of a person', () => {
  const fetch: Effect = { type: 'reach', host: 'example.com', how: 'fetch', local: false, what: 'GET' };
  const curl = commandOf('curl https://example.com');

  it('leaves the other commands of a compound as they are', () => {
    const input = inputOf([commandOf('git push'), push], [curl, fetch]);
    expect(decide({ user: allowPush }, input)).toBe('ask');
    const both = [
      ...allowPush,
      ...rule('decision = "allow"\nprogram = "curl"').map((one) => ({ ...one, id: 's' })),
    ];
    expect(decide({ user: both }, input)).toBe('allow');
  });

  it.each<[string, Partial<Command>]>([
    ['sudo', { wrappers: ['sudo'] }],
    ['another machine', { wrappers: ['ssh'], elsewhere: 'host' }],
    ['xargs', { wrappers: ['xargs'] }],
    ['another PATH', { env: { PATH: word('.') } }],
  ])('does not reach through %s', (_, overrides) => {
    expect(decide({ user: allowPush }, pushing(overrides))).toBe('ask');
  });

  it.each<[string, Permission]>([
    ['/usr/bin/git push', 'allow'],
    ['./git push', 'ask'],
    ['/tmp/bin/git push', 'ask'],
  ])('means the program of that name: %s is %s', (text, decision) => {
    expect(decide({ user: allowPush }, inputOf([commandOf(text), push]))).toBe(decision);
    const byPath = rule('decision = "allow"\nprogram = "./git"');
    expect(decide({ user: byPath }, inputOf([commandOf('./git push'), push]))).toBe('allow');
  });

  it('reaches through a wrapper that it names, and through one that changes nothing', () => {
    const named = rule('decision = "allow"\nprogram = "git"\nwrapper = "sudo"');
    expect(decide({ user: named }, pushing({ wrappers: ['sudo'] }))).toBe('allow');
    expect(decide({ user: allowPush }, pushing({ wrappers: ['timeout'] }))).toBe('allow');
  });

  it('allows neither what a redirect writes nor what the environment loads', () => {
    const path = { path: '/etc/motd', place: 'system', sensitivity: null, glob: false, known: true } as const;
    const command = commandOf('git push', { redirects: [{ operator: '>', target: word('/etc/motd') }] });
    expect(
      decide({ user: allowPush }, inputOf([command, push, { type: 'write', path, how: 'overwrite' }])),
    ).toBe('ask');
    expect(
      decide(
        { user: allowPush },
        inputOf([commandOf('git push'), push, { type: 'loader', variable: 'LD_PRELOAD', what: 'loads' }]),
      ),
    ).toBe('ask');
  });

  it('lifts what is not ordinary only if it names the category', () => {
    const path = {
      path: '/home/user/.ssh/id',
      place: 'home',
      sensitivity: 'secret',
      glob: false,
      known: true,
    } as const;
    const input = inputOf([commandOf('cat x'), { type: 'read', path }]);
    expect(decide({ user: rule('decision = "allow"\nprogram = "cat"') }, input)).toBe('ask');
    const named = rule('decision = "allow"\ncategory = "secret.access"\nprogram = "cat"');
    expect(decide({ user: named }, input)).toBe('allow');
  });

  it('lifts only its category, if it names one', () => {
    const install: Effect = { type: 'package', change: 'install', scope: 'project', what: 'installs' };
    const user = rule('decision = "allow"\ncategory = "git.publish"\nprogram = "git"');
    expect(decide({ user }, pushing())).toBe('allow');
    expect(decide({ user }, inputOf([commandOf('git push'), push, install]))).toBe('ask');
  });

  it('covers an input when each command has one', () => {
    const rules = ruleSet({ default: defaultRules(), user: allowPush });
    expect(isCovered(rules, pushing())).toBe(true);
    expect(isCovered(rules, inputOf([commandOf('git push')], [commandOf('ls')]))).toBe(false);
    expect(isCovered(rules, inputOf())).toBe(false);
    expect(isCovered(rules, pushing({ wrappers: ['xargs'] }))).toBe(false);
  });

  it('over effects covers a command when each of its effects is', () => {
    const user = rule('decision = "allow"\neffect = "git"');
    const rules = ruleSet({ default: defaultRules(), user });
    expect(isCovered(rules, pushing())).toBe(true);
    expect(isCovered(rules, inputOf([commandOf('git push'), push, fetch]))).toBe(false);
    expect(isCovered(rules, inputOf([commandOf('git push')]))).toBe(false);
    expect(isCovered(rules, { commands: [], effects: [{ effect: push, command: null }], facts: {} })).toBe(
      true,
    );
  });
});

describe('reasons', () => {
  it('show unknown stretches and control characters plainly', () => {
    const path = {
      path: '/a/\uFFFC\u001b[2J',
      place: 'outside',
      sensitivity: null,
      glob: false,
      known: false,
    } as const;
    const [reason] = evaluate(
      ruleSet({ default: defaultRules() }),
      inputOf([commandOf('rm x'), { type: 'delete', path, recursive: false }]),
    );
    expect(reason?.message).toMatch(/\/a\/… \[2J/);
  });

  it('ask about an effect that no rule knows', () => {
    expect(evaluate(ruleSet({}), pushing()).map((reason) => [reason.decision, reason.rule])).toEqual([
      ['ask', 'unknown-effect'],
    ]);
  });
});

describe('facts', () => {
  const workspace = '/home/user/project';
  const reset: Effect = { type: 'git', loses: 'worktree', unless: 'clean', reach: 'local', what: 'resets' };
  const kept: Effect = { type: 'git', loses: 'nothing', reach: 'local', what: 'git' };
  it.each<[string, Permission]>([
    ['git fetch', 'allow'],
    ['git commit -am x', 'allow'],
    ['git stash pop', 'ask'],
    ['git checkout other', 'ask'],
  ])('of a clean tree, after `%s`, make a hard reset %s', (text, decision) => {
    const input = inputOf([commandOf(text), kept], [commandOf('git reset --hard'), reset]);
    expect(decide({}, { ...input, facts: { workspace, clean: true } })).toBe(decision);
  });

  it.each<[string, Partial<Command>]>([
    ['git reset --hard', { cwd: '/elsewhere' }],
    ['git reset --hard', { cwd: null }],
    ['git reset --hard', { elsewhere: 'host' }],
    ['git reset --hard', { env: { GIT_DIR: word('/x') } }],
    ['git -C /elsewhere reset --hard', {}],
    ['git --work-tree=/elsewhere reset --hard', {}],
  ])('of a clean tree say nothing of another repository: `%s` %j', (text, overrides) => {
    const input = inputOf([commandOf(text, overrides), reset]);
    expect(decide({}, { ...input, facts: { workspace, clean: true } })).toBe('ask');
  });

  it('of a missing path do not hold once something was moved', () => {
    const at = (path: string) =>
      ({ path, place: 'workspace', sensitivity: null, glob: false, known: true }) as const;
    const input = inputOf(
      [commandOf('mv notes x'), { type: 'move', from: at('/p/notes'), to: at('/p/x') }],
      [commandOf('rm -r x'), { type: 'delete', path: at('/p/x'), recursive: true }],
    );
    expect(decide({}, { ...input, facts: { paths: { '/p/x': { kind: 'missing' } } } })).toBe('ask');
    const alone = { ...input, commands: input.commands.slice(1), effects: input.effects.slice(1) };
    expect(decide({}, { ...alone, facts: { paths: { '/p/x': { kind: 'missing' } } } })).toBe('allow');
  });
});
