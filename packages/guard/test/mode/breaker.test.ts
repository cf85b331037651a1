import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Permission } from '../../src/decision.ts';
import { afterDecision, breakerOf, closedBreaker, handOver } from '../../src/mode/breaker.ts';

const fold = (decisions: readonly Permission[]) => decisions.reduce(afterDecision, closedBreaker);
const evaluated = (decision: Permission) => ({ type: 'permission.evaluated', data: { decision } });
const denied = (count: number): Permission[] => Array.from({ length: count }, () => 'deny');

describe('the circuit breaker', () => {
  it.each<[string, readonly Permission[], boolean]>([
    ['two denials', denied(2), false],
    ['three denials', denied(3), true],
    ['three with a question between', ['deny', 'deny', 'ask', 'deny'], true],
    ['three with an allowed action between', ['deny', 'deny', 'allow', 'deny'], false],
    [
      'twenty, never three in a row',
      Array.from({ length: 20 }, () => ['allow', 'deny'] as const).flat(),
      true,
    ],
    [
      'nineteen, never three in a row',
      Array.from({ length: 19 }, () => ['allow', 'deny'] as const).flat(),
      false,
    ],
    [
      'twenty and an allowed action',
      Array.from({ length: 20 }, () => ['deny', 'allow'] as const).flat(),
      false,
    ],
  ])('after %s hands over: %s', (_, decisions, isOpen) => {
    expect(handOver(fold(decisions)) !== null).toBe(isOpen);
  });

  it('is the same from the events of a session as live', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Permission>('allow', 'ask', 'deny'), { maxLength: 60 }),
        (decisions) => {
          const events = decisions.flatMap((decision) => [
            { type: 'tool.started', data: {} },
            evaluated(decision),
          ]);
          expect(breakerOf(events)).toEqual(fold(decisions));
        },
      ),
    );
  });

  it('begins a new row when a person speaks, and forgets no denial of the session', () => {
    const events = [...denied(3).map(evaluated), { type: 'turn.admitted', data: {} }];
    expect(breakerOf(events)).toEqual({ inRow: 0, inSession: 3 });
    expect(handOver(breakerOf(events))).toBeNull();
  });

  it('counts an event that cannot be read as a denial', () => {
    const events = [null, {}, { decision: 'perhaps' }].map((data) => ({
      type: 'permission.evaluated',
      data,
    }));
    expect(handOver(breakerOf(events))).toContain('3 actions in a row');
  });
});
