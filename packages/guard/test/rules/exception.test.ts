import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/effects/effect.ts';
import type { Facts } from '../../src/facts/facts.ts';
import { holds } from '../../src/rules/exception.ts';
import type { Exception } from '../../src/rules/rule.ts';
import { commandOf } from '../command-of.ts';

const workspace = '/home/user/project';
const at = (path: string, glob = false): Effect => ({
  type: 'delete',
  path: { path: `${workspace}/${path}`, place: 'workspace', sensitivity: null, glob, known: true },
  recursive: true,
});
const ask = (exception: Exception, facts: Facts, effect: Effect | null = null, text = 'git x') =>
  holds(exception, { effect, command: commandOf(text) }, { workspace, ...facts });
const yes = { holds: true, wants: [] };
const no = { holds: false, wants: [] };
const wants = (...names: readonly string[]) => ({ holds: false, wants: names });

describe('an exception', () => {
  it.each<[Exception, Facts, object]>([
    ['clean', { clean: true }, yes],
    ['clean', { clean: false }, no],
    ['clean', {}, wants('clean')],
    ['noUntracked', { untracked: 0 }, yes],
    ['noUntracked', { untracked: 2 }, no],
    ['noStash', { stashes: 0 }, yes],
    ['noStash', {}, wants('stashes')],
    ['pushed', { unpushed: 0 }, yes],
    ['pushed', { unpushed: 1 }, no],
  ])('%s with %j', (exception, facts, expected) => {
    expect(ask(exception, facts)).toEqual(expected);
  });

  it.each<[string, object]>([
    ['git branch -D a', yes],
    ['git branch -D a b', yes],
    ['git branch -D a other', no],
    ['git branch -D', no],
    ['git branch -D \uFFFC', no],
  ])('merged holds for each branch of `%s`', (text, expected) => {
    expect(ask('merged', { merged: ['a', 'b'] }, null, text)).toEqual(expected);
  });

  it('stated is what the effect says', () => {
    const git: Effect = { type: 'git', loses: 'stash', unless: 'noStash', reach: 'local', what: 'x' };
    expect(ask('stated', { stashes: 0 }, git)).toEqual(yes);
    expect(ask('stated', { stashes: 1 }, git)).toEqual(no);
    expect(
      ask('stated', { stashes: 0, clean: true }, { type: 'git', loses: 'stash', reach: 'local', what: 'x' }),
    ).toEqual(no);
  });

  it('over a pattern holds for each name', () => {
    const pattern = `${workspace}/*.x`;
    const globs = { [pattern]: [`${workspace}/a.x`, `${workspace}/b.x`] };
    const made = { createdHere: true };
    expect(ask('created', {}, at('*.x', true))).toEqual(wants(`glob:${pattern}`));
    expect(ask('created', { globs, paths: { [`${workspace}/a.x`]: made } }, at('*.x', true))).toEqual(
      wants(`path:${workspace}/b.x`),
    );
    const paths = { [`${workspace}/a.x`]: made, [`${workspace}/b.x`]: made };
    expect(ask('created', { globs, paths }, at('*.x', true))).toEqual(yes);
    expect(ask('tracked', { globs: { [pattern]: [] } }, at('*.x', true))).toEqual(yes);
  });

  it.each<[string, boolean]>([
    ['node_modules', true],
    ['packages/a/dist', true],
    ['packages/*/dist', true],
    ['dist/old/a', true],
    ['a.pyc', true],
    ['*.log', true],
    ['src', false],
    ['distant', false],
    ['builds', false],
    ['data', false],
    ['*', false],
  ])('buildOutput by name: %s is %s', (path, expected) => {
    expect(ask('buildOutput', {}, at(path)).holds).toBe(expected);
  });

  it('buildOutput counts names below the workspace only', () => {
    const effect = at('src');
    const inBuild = { workspace: '/home/user/build/project' };
    const moved = {
      ...effect,
      path: { ...(effect as { path: object }).path, path: '/home/user/build/project/src' },
    } as Effect;
    expect(ask('buildOutput', inBuild, moved).holds).toBe(false);
  });
});
