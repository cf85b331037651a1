import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/effects/effect.ts';
import { matcherOf } from '../../src/rules/match.ts';
import { readRules } from '../../src/rules/read-rules.ts';
import type { Command } from '../../src/shell/command.ts';
import { commandOf } from '../command-of.ts';

const matcher = (conditions: string) =>
  matcherOf(readRules(`[[rule]]\nid = "r"\ndecision = "allow"\n${conditions}`, 'policy.toml')[0]!);

describe('conditions over a command', () => {
  it.each<[string, string, boolean, Partial<Command>?]>([
    ['program = "git"', 'git status', true],
    ['program = "git"', '/usr/bin/git status', true],
    ['program = "git"', 'gitx status', false],
    ['program = "git"', '$X', false, { name: null }],
    ['program = "py*n"', 'python a', true],
    ['program = "*"', '$X', false, { name: null }],
    ['args = ["push"]', 'git push origin', true],
    ['args = ["push"]', 'git', false],
    ['args = ["push", ["a", "b"]]', 'git push b', true],
    ['args = ["push", ["a", "b"]]', 'git push c', false],
    ['args = ["*"]', 'git \uFFFC', false],
    ['flags = ["-f", "--force"]', 'rm -rf x', true],
    ['flags = ["-f", "--force"]', 'rm --force=yes x', true],
    ['flags = ["-f", "--force"]', 'rm --format x', false],
    ['flags = ["-f"]', 'rm --file x', false],
    ['wrapper = ["sudo"]', 'ls', true, { wrappers: ['env', 'sudo'] }],
    ['wrapper = ["sudo"]', 'ls', false],
    ['elsewhere = true', 'ls', true, { elsewhere: 'host' }],
    ['elsewhere = false', 'ls', false, { elsewhere: 'host' }],
    ['mentions = ["prod"]', 'kubectl delete ns shop-PROD', true],
    ['mentions = ["prod"]', 'kubectl delete ns product', false],
  ])('%s on `%s`: %s', (conditions, text, matches, overrides) => {
    expect(matcher(conditions).command(commandOf(text, overrides))).toBe(matches);
  });
});

describe('conditions over an effect', () => {
  const reach: Effect = { type: 'reach', host: 'api.example.com', how: 'send', local: false, what: 'x' };
  it.each<[string, boolean]>([
    ['where = { host = "api.example.com" }', true],
    ['where = { host = "*.example.com" }', true],
    ['where = { host = "*.example.org" }', false],
    ['where = { host = "api.*.example.com" }', false],
    ['where = { payload = "none" }', true],
    ['where = { payload = ["file", "text"] }', false],
    ['where = { local = false, how = ["fetch", "send"] }', true],
    ['where = { how = "send" }\nexcept = { host = "*.example.com" }', false],
    ['where = { how = "send" }\nprogram = "curl"', true],
    ['where = { how = "send" }\nprogram = "wget"', false],
  ])('%s: %s', (conditions, matches) => {
    expect(matcher(`effect = "reach"\n${conditions}`).effect(reach, commandOf('curl x'))).toBe(matches);
  });

  it('of a command do not hold where the effect has no command', () => {
    expect(matcher('effect = "reach"\nprogram = "curl"').effect(reach, null)).toBe(false);
    expect(matcher('effect = "reach"').effect(reach, null)).toBe(true);
  });

  it('with many wildcards are looked for in linear time', () => {
    const long: Effect = { ...reach, host: 'a'.repeat(100_000) };
    expect(matcher(`effect = "reach"\nwhere = { host = "${'a*'.repeat(60)}b" }`).effect(long, null)).toBe(
      false,
    );
  });
});
