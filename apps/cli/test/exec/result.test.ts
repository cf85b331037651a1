import { noUsage } from '@tandem/protocol';
import { expect, test } from 'vitest';
import { exitOf, type TurnEnd } from '../../src/exec/result.ts';

const end = (change: Partial<TurnEnd>): TurnEnd => ({
  outcome: 'ok',
  answer: '',
  files: [],
  verify: null,
  usage: noUsage,
  ms: 1,
  ...change,
});
const failed = (code: string) => end({ outcome: 'failed', error: { code, message: '' } });

test('how a turn ends decides the exit code', () => {
  const cases: [TurnEnd | null, number][] = [
    [end({}), 0],
    [end({ verify: { command: 'x', exit: 0 } }), 0],
    [end({ verify: { command: 'x', exit: 1 } }), 4],
    [failed('verify_failed'), 4],
    [failed('model_failed'), 1],
    [failed('a code of a later version'), 1],
    [failed('configuration'), 2],
    [failed('approval_required'), 3],
    [end({ outcome: 'failed' }), 1],
    [end({ outcome: 'limit' }), 53],
    [end({ outcome: 'interrupted' }), 130],
    [null, 130],
  ];
  expect(cases.map(([turn]) => exitOf(turn))).toEqual(cases.map(([, code]) => code));
});
