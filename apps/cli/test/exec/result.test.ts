import { type Event, noUsage } from '@tandem/protocol';
import { expect, test } from 'vitest';
import { exitOf, resultOf, type TurnEnd } from '../../src/exec/result.ts';

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

test('an attempt that was verified again is one attempt, by its last outcome; one that failed is one too', () => {
  const event = (type: string, data: object): Event =>
    ({
      v: 1,
      id: 'e',
      session: 's',
      seq: 1,
      at: '',
      actor: { type: 'agent', id: 'a' },
      turn: 't',
      type,
      data,
    }) as Event;
  const tokens = { in: 3, out: 1 };
  const verified = (attempt: string, exit: number) =>
    event('attempt.verified', {
      attempt,
      source: 'session',
      verify: { command: 'x', exit },
      ms: 5,
      tokens,
      note: '',
    });
  const events = [
    verified('att_1', 0),
    event('attempt.failed', { attempt: 'att_2', error: { code: 'disk', message: 'full' }, ms: 2 }),
    verified('att_3', 0),
    verified('att_1', 1),
    event('attempt.chosen', { attempt: 'att_3', reason: '', diff: '' }),
  ];
  expect(resultOf('s', 't', events).result.attempts).toEqual([
    { id: 'att_1', verify: { command: 'x', exit: 1 }, chosen: false, ms: 10, tokens },
    { id: 'att_2', verify: null, chosen: false, ms: 2, tokens: { in: 0, out: 0 } },
    { id: 'att_3', verify: { command: 'x', exit: 0 }, chosen: true, ms: 5, tokens },
  ]);
});
