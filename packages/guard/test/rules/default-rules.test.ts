import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect, PathRef, PlaceName, Sensitivity } from '../../src/effects/effect.ts';
import type { Facts } from '../../src/facts/facts.ts';
import { defaultRules } from '../../src/rules/default-rules.ts';
import { evaluate } from '../../src/rules/evaluate.ts';
import { ruleSet } from '../../src/rules/rule-set.ts';
import { commandOf } from '../command-of.ts';
import { effectArbitrary } from './effect-arbitrary.ts';

const rules = ruleSet({ default: defaultRules() });
const workspace = '/home/user/project';

const path = (text: string, place: PlaceName, more: Partial<PathRef> = {}): PathRef => ({
  path: text,
  place,
  sensitivity: null,
  glob: false,
  known: true,
  ...more,
});
const sensitive = (sensitivity: Sensitivity, place: PlaceName = 'workspace'): PathRef =>
  path('/home/user/project/x', place, { sensitivity });

const reasonsFor = (effect: Effect, facts: Facts = {}, text = 'tool') =>
  evaluate(rules, {
    commands: [commandOf(text)],
    effects: [{ effect, command: commandOf(text) }],
    facts: { workspace, ...facts },
  });
const decide = (effect: Effect, facts: Facts = {}, text = 'tool'): string => {
  const [first] = reasonsFor(effect, facts, text);
  return first === undefined ? 'allow' : `${first.decision} ${first.category}`;
};

const remove = (target: PathRef, recursive = false): Effect => ({ type: 'delete', path: target, recursive });
const write = (target: PathRef, how: 'create' | 'overwrite' = 'overwrite'): Effect => ({
  type: 'write',
  path: target,
  how,
});
const reach = (how: 'fetch' | 'query' | 'send' | 'listen', more: object = {}): Effect =>
  ({ type: 'reach', how, host: 'example.com', local: false, what: 'goes out', ...more }) as Effect;
const git = (loses: 'nothing' | 'worktree' | 'remote', more: object = {}): Effect =>
  ({ type: 'git', loses, reach: loses === 'remote' ? 'publish' : 'local', what: 'git', ...more }) as Effect;

describe('the rules that ship', () => {
  it('know every effect with every value of every field', () => {
    fc.assert(
      fc.property(effectArbitrary, (effect) => {
        expect(reasonsFor(effect).filter(({ rule }) => rule === 'unknown-effect')).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each<[string, string, Effect, Facts?]>([
    ['a read', 'allow', { type: 'read', path: path('/etc/hosts', 'system') }],
    ['a read of a secret', 'ask secret.access', { type: 'read', path: sensitive('secret', 'home') }],
    ['a write inside', 'allow', write(path('/home/user/project/a', 'workspace'))],
    ['a write to nowhere', 'allow', write(path('/dev/null', 'sink'))],
    ['a new folder in the home', 'allow', write(path('/home/user/bin', 'home'), 'create')],
    ['a write in the home', 'ask fs.outside_write', write(path('/home/user/a', 'home'))],
    ['a write to the system', 'ask fs.system_write', write(path('/etc/a', 'system'))],
    ['a write to a device', 'deny disk', write(path('/dev/sda', 'device'))],
    ['a write to what starts', 'ask persistence', write(sensitive('startup'))],
    ['a write to a policy', 'ask guard.bypass', write(sensitive('policy'))],
    [
      'a write to the guard',
      'deny guard.bypass',
      write(path('/home/user/project/.tandem/policy.toml', 'workspace', { sensitivity: 'policy' })),
    ],
    ['one file', 'allow', remove(path('/home/user/project/a.txt', 'workspace'))],
    ['a folder', 'ask fs.mass_delete', remove(path('/home/user/project/src', 'workspace'), true)],
    ['node_modules', 'allow', remove(path('/home/user/project/node_modules', 'workspace'), true)],
    ['a folder in build output', 'allow', remove(path('/home/user/project/dist/a', 'workspace'), true)],
    [
      'build output that git knows',
      'ask fs.mass_delete',
      remove(path('/home/user/project/dist', 'workspace'), true),
      { paths: { '/home/user/project/dist': { tracked: true, clean: false } } },
    ],
    [
      'a tracked, clean folder',
      'allow',
      remove(path('/home/user/project/src', 'workspace'), true),
      { paths: { '/home/user/project/src': { tracked: true, clean: true } } },
    ],
    ['a pattern', 'ask fs.delete', remove(path('/home/user/project/*.ts', 'workspace', { glob: true }))],
    [
      'a pattern of files made here',
      'allow',
      remove(path('/home/user/project/*.ts', 'workspace', { glob: true })),
      {
        globs: { '/home/user/project/*.ts': ['/home/user/project/a.ts'] },
        paths: { '/home/user/project/a.ts': { createdHere: true } },
      },
    ],
    ['a temporary folder', 'allow', remove(path('/tmp/x', 'temp'), true)],
    ['all temporary files', 'ask fs.mass_delete', remove(path('/tmp', 'temp'), true)],
    ['what is not known', 'ask opaque', remove(path('\uFFFC', 'unknown', { known: false }), true)],
    ['the workspace', 'deny fs.mass_delete', remove(path(workspace, 'workspaceRoot'), true)],
    ['a folder of the home', 'deny fs.mass_delete', remove(path('/home/user/docs', 'home'), true)],
    ['the home', 'deny fs.mass_delete', remove(path('/home/user', 'homeRoot'), true)],
    ['the root', 'deny fs.mass_delete', remove(path('/', 'root'), true)],
    ['a file of the system', 'ask fs.system_write', remove(path('/etc/motd', 'system'))],
    ['the repository', 'ask git.history', remove(sensitive('repository'), true)],
    ['local git', 'allow', git('nothing')],
    ['a push', 'ask git.publish', git('nothing', { reach: 'publish' })],
    ['a hard reset', 'ask git.worktree_loss', git('worktree', { unless: 'clean' })],
    ['a hard reset of a clean tree', 'allow', git('worktree', { unless: 'clean' }), { clean: true }],
    ['a forced push', 'ask git.remote_destroy', git('remote')],
    ['a fetch', 'ask net.fetch', reach('fetch')],
    ['a local fetch', 'allow', reach('fetch', { local: true })],
    ['a question to a name server', 'allow', reach('query')],
    ['a sent file', 'ask net.exfil', reach('send', { payload: 'file' })],
    ['a sent secret', 'deny net.exfil', reach('send', { payload: 'secret' })],
    ['fetched code', 'deny net.rce', { type: 'run', program: 'sh', origin: 'fetched', what: 'runs' }],
    ['an unknown tool', 'allow', { type: 'run', program: 'x', origin: 'unknown', what: 'runs x' }],
    ['a text that cannot be read', 'ask opaque', { type: 'opaque', at: 'text', what: 'a text' }],
    ['an opaque command', 'ask opaque', { type: 'opaque', at: 'command', what: 'a command' }],
  ])('decide %s: %s', (_, decision, effect, facts) => {
    expect(decide(effect, facts)).toBe(decision);
  });

  it('say which facts could lower a decision', () => {
    const target = '/home/user/project/src';
    const [reason] = reasonsFor(remove(path(target, 'workspace'), true));
    expect(reason?.wants).toEqual([`path:${target}`]);
    expect(reasonsFor(git('worktree', { unless: 'noUntracked' }))[0]?.wants).toEqual(['untracked']);
  });

  it('deny the destruction of what is named like production', () => {
    const effect: Effect = { type: 'remote', system: 'k8s', change: 'destroy', what: 'deletes a namespace' };
    expect(decide(effect, {}, 'kubectl delete namespace shop-prod')).toBe('deny k8s.destroy');
    expect(decide(effect, {}, 'kubectl delete namespace product')).toBe('ask k8s.destroy');
  });

  it('deny a forced push to a branch that all build on', () => {
    expect(decide(git('remote'), {}, 'git push --force origin main')).toBe('deny git.remote_destroy');
  });

  it('have ids of their own, across their files', () => {
    const ids = defaultRules().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tell of themselves by examples', () => {
    const bare = defaultRules().filter(({ match, notMatch }) => match.length === 0 && notMatch.length === 0);
    expect(bare.map(({ id }) => id)).toEqual(['write.unresolved']);
  });
});
