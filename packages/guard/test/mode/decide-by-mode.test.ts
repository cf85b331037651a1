import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Permission } from '../../src/decision.ts';
import type { Effect, PathRef } from '../../src/effects/effect.ts';
import { decideByMode, type EffectClass, type ModeInput } from '../../src/mode/decide-by-mode.ts';
import { effectArbitrary } from '../rules/effect-arbitrary.ts';

const modes = ['default', 'acceptEdits', 'plan', 'auto', 'dontAsk', 'bypass'] as const;
const inside: PathRef = { path: '/p/a', place: 'workspace', sensitivity: null, glob: false, known: true };
const read: Effect = { type: 'read', path: inside };
const write: Effect = { type: 'write', path: inside, how: 'overwrite' };
const move: Effect = { type: 'move', from: inside, to: inside };
const writeHome: Effect = { type: 'write', path: { ...inside, place: 'home' }, how: 'create' };
const remove: Effect = { type: 'delete', path: inside, recursive: false };
const known: Effect = { type: 'run', program: 'git', origin: 'known', what: 'git status' };
const project: Effect = { type: 'run', program: 'npm', origin: 'project', what: 'npm test' };

const input = (more: Partial<ModeInput>): ModeInput => ({
  mode: 'auto',
  effectClass: 'exec',
  decision: 'allow',
  reasons: [],
  effects: [],
  isApproved: false,
  isCovered: false,
  ...more,
});

type Row = readonly [string, EffectClass, Permission, readonly Effect[], readonly Permission[]];

describe('modes decide', () => {
  // default, acceptEdits, plan, auto, dontAsk, bypass
  it.each<Row>([
    ['a read', 'read', 'allow', [read], ['allow', 'allow', 'allow', 'allow', 'allow', 'allow']],
    ['a secret read', 'read', 'ask', [read], ['ask', 'ask', 'ask', 'ask', 'deny', 'allow']],
    ['an edit', 'write', 'allow', [write], ['ask', 'allow', 'deny', 'allow', 'deny', 'allow']],
    ['an edit without effects', 'write', 'allow', [], ['ask', 'ask', 'deny', 'allow', 'deny', 'allow']],
    ['an edit at home', 'write', 'allow', [writeHome], ['ask', 'ask', 'deny', 'allow', 'deny', 'allow']],
    ['an edit that is asked about', 'write', 'ask', [write], ['ask', 'ask', 'deny', 'ask', 'deny', 'allow']],
    [
      'a reading command',
      'exec',
      'allow',
      [read, known],
      ['allow', 'allow', 'allow', 'allow', 'allow', 'allow'],
    ],
    ['mkdir', 'exec', 'allow', [write], ['ask', 'allow', 'deny', 'allow', 'deny', 'allow']],
    ['mv', 'exec', 'allow', [move], ['ask', 'allow', 'deny', 'allow', 'deny', 'allow']],
    ['rm', 'exec', 'allow', [remove], ['ask', 'ask', 'deny', 'allow', 'deny', 'allow']],
    ['npm test', 'exec', 'allow', [project], ['ask', 'ask', 'deny', 'allow', 'deny', 'allow']],
    ['a push', 'exec', 'ask', [project], ['ask', 'ask', 'deny', 'ask', 'deny', 'allow']],
    ['rm -rf /', 'exec', 'deny', [remove], ['deny', 'deny', 'deny', 'deny', 'deny', 'allow']],
    ['a fetch tool', 'network', 'allow', [], ['ask', 'ask', 'deny', 'allow', 'deny', 'allow']],
  ])('%s', (_, effectClass, decision, effects, expected) => {
    const decided = modes.map(
      (mode) => decideByMode(input({ mode, effectClass, decision, effects })).decision,
    );
    expect(decided).toEqual(expected);
  });

  it('what a rule of a person covers without asking', () => {
    for (const mode of ['default', 'acceptEdits', 'dontAsk'] as const)
      expect(decideByMode(input({ mode, effects: [project], isCovered: true })).decision).toBe('allow');
  });

  it('and name themselves where they change the decision', () => {
    expect(decideByMode(input({ mode: 'dontAsk', effects: [project] }))).toEqual({
      decision: 'deny',
      rule: 'mode:dontAsk',
      reason: 'runs a command that does more than read, and nobody may be asked',
    });
    expect(decideByMode(input({ mode: 'auto', effects: [project] }))).toEqual({
      decision: 'allow',
      rule: null,
      reason: null,
    });
  });
});

const inputs = fc.record({
  mode: fc.constantFrom(...modes),
  effectClass: fc.constantFrom('read' as const, 'write' as const, 'exec' as const, 'network' as const),
  decision: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const),
  reasons: fc.constant([]),
  effects: fc.array(effectArbitrary, { maxLength: 4 }),
  isApproved: fc.boolean(),
  isCovered: fc.boolean(),
});
const managed = (final: boolean) => [{ decision: 'deny', layer: 'managed', final } as const];

describe('whatever the mode', () => {
  it('a final managed deny stands', () => {
    fc.assert(
      fc.property(inputs, (one) => {
        expect(decideByMode({ ...one, reasons: managed(true) }).decision).toBe('deny');
      }),
    );
  });

  it('a managed deny stands but in bypass', () => {
    fc.assert(
      fc.property(inputs, (one) => {
        const { decision } = decideByMode({ ...one, reasons: managed(false) });
        expect(decision).toBe(one.mode === 'bypass' ? 'allow' : 'deny');
      }),
    );
  });

  it('a yes to this very action wins over everything else', () => {
    fc.assert(
      fc.property(inputs, (one) => {
        expect(decideByMode({ ...one, isApproved: true }).decision).toBe('allow');
      }),
    );
  });

  it('only bypass and a yes lower what the guard decided', () => {
    const rank = { allow: 0, ask: 1, deny: 2 } as const;
    fc.assert(
      fc.property(inputs, (one) => {
        const { decision } = decideByMode(one);
        if (one.mode !== 'bypass' && !one.isApproved)
          expect(rank[decision]).toBeGreaterThanOrEqual(rank[one.decision]);
      }),
    );
  });

  it('planning changes nothing', () => {
    fc.assert(
      fc.property(inputs, (one) => {
        const changes = one.effects.some(
          ({ type }) =>
            !['read', 'run', 'reach', 'system', 'remote', 'package', 'opaque', 'write'].includes(type),
        );
        const { decision } = decideByMode({ ...one, mode: 'plan', isApproved: false });
        if (changes || one.effectClass === 'write' || one.effectClass === 'network')
          expect(decision).toBe('deny');
      }),
    );
  });
});
