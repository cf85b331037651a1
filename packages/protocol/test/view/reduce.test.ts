import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addUsage,
  type Event,
  initialView,
  noUsage,
  reduce,
  reduceDelta,
  type View,
} from '../../src/index.ts';
import { anyLog } from '../support/events.ts';

const fold = (events: readonly Event[], from: View = initialView): View => events.reduce(reduce, from);

const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null)
    for (const one of Object.values(Object.freeze(value))) deepFreeze(one);
  return value;
};

describe('reduce, on any log', () => {
  it('folds every prefix into a whole view', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        let view = initialView;
        for (const event of log) {
          view = reduce(deepFreeze(view), deepFreeze(event));
          expect(view.seq).toBe(event.seq);
          expect(view.live).toEqual({});
          expect(view.usage).toEqual(view.turns.map((turn) => turn.usage).reduce(addUsage, noUsage));
          for (const turn of view.turns)
            expect(new Set(turn.items.map((item) => item.id)).size).toBe(turn.items.length);
        }
      }),
    );
  });

  it('gives the same view however often and wherever the reader starts again', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(40), fc.nat(40), (log, cut, back) => {
        const whole = fold(log);
        const held = JSON.parse(JSON.stringify(fold(log.slice(0, cut)))) as View;
        expect(fold(log.slice(Math.max(0, cut - back)), held)).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
    );
  });

  it('skips what it does not know', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const view = fold(log);
        const next = { ...log[0], v: 1 as const, id: 'x', session: view.session, at: '', seq: view.seq + 1 };
        const unknown = {
          ...next,
          actor: { type: 'user' as const, id: 'a' },
          type: 'weather.changed',
          data: 1,
        };
        expect(reduce(view, unknown)).toEqual({ ...view, seq: view.seq + 1 });
      }),
    );
  });

  it('forgets deltas by the end of the turn', () => {
    fc.assert(
      fc.property(
        anyLog,
        fc.array(fc.constantFrom('itm_000001', 'itm_000002', 'itm_000009')),
        (log, items) => {
          const session = 'ses_000001';
          const done: Event = {
            v: 1,
            id: 'evt_end',
            session,
            seq: log.length + 1,
            at: '',
            actor: { type: 'agent', id: 'tandem' },
            turn: 'trn_000001',
            type: 'turn.completed',
            data: { outcome: 'ok', answer: '', files: [], verify: null, usage: noUsage, ms: 0 },
          };
          const live = items
            .map((item) => ({ type: 'item.delta', session, item, text: 'x' }) as const)
            .reduce<View>(reduceDelta, reduceDelta(fold(log), { type: 'progress', session, text: 'busy' }));
          expect(reduce(live, done)).toEqual(fold([...log, done]));
        },
      ),
    );
  });
});

describe('reduce, on a long log', () => {
  const envelope = { v: 1, session: 'ses_000001', at: '', actor: { type: 'user', id: 'a' } } as const;
  const number = (events: readonly object[]) =>
    events.map((one, index) => ({ ...envelope, id: `evt_${index}`, seq: index + 1, ...one }) as Event);
  const usage = { in: 1, cached: 0, out: 1, costUsd: 0 };
  const item = (index: number, text: string) => ({
    item: { id: `itm_${index}`, type: 'agent_message', text },
  });

  it.each([
    ['in one turn', 1, 3_300],
    ['in many turns', 1_000, 3],
  ])('folds ten thousand events %s fast enough to open', (_name, turns, steps) => {
    const log = number(
      Array.from({ length: turns }, (_, at) => {
        const turn = `trn_${at}`;
        return [
          { type: 'turn.admitted', turn, data: { text: 'x', options: {} } },
          { type: 'turn.started', turn, data: {} },
          ...Array.from({ length: steps }, (_, step) => [
            { type: 'step.started', turn, data: { step: 's', model: 'm', results: [] } },
            { type: 'item.completed', turn, data: item(at * 10_000 + step, 'words') },
            { type: 'step.completed', turn, data: { step: 's', usage, stop: 'end' } },
          ]).flat(),
        ];
      }).flat(),
    );
    expect(log.length).toBeGreaterThan(9_900);
    const start = process.cpuUsage();
    const view = fold(log);
    // Many times what it takes, in processor time: the machine may be busy, but squared work would show.
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(1_500);
    expect(view.usage.in).toBe(turns * steps);
  });
});

describe('reduce, on a turn', () => {
  const session = 'ses_000001';
  let seq = 0;
  const event = <T extends Event['type']>(type: T, data: Extract<Event, { type: T }>['data']): Event => {
    seq += 1;
    const envelope = { v: 1, id: `evt_${seq}`, session, seq, at: '', turn: 'trn_000001' } as const;
    return { ...envelope, actor: { type: 'user', id: 'ada' }, type, data } as Event;
  };

  const judged = (callId: string, decision: 'ask' | 'allow') => ({
    ...{ callId, decision, rules: [], score: 0.5 },
    ...{ reasons: ['it deletes'], category: 'fs' },
  });

  it('measures the last request to the model', () => {
    seq = 0;
    const usage = { in: 900, cached: 800, out: 50, costUsd: 0 };
    const at = (one: Event, time: string): Event => ({ ...one, at: time });
    const begun = fold([
      event('turn.admitted', { text: 'x', options: {} }),
      at(event('step.started', { step: 's', model: 'm', results: [] }), '2026-01-01T00:00:00.000Z'),
    ]);
    expect(begun.step).toEqual({ startedAt: '2026-01-01T00:00:00.000Z', usage: null, ms: null });
    const end = at(event('step.completed', { step: 's', usage, stop: 'end' }), '2026-01-01T00:00:02.000Z');
    expect(reduce(begun, end).step).toMatchObject({ usage, ms: 2_000 });
  });

  it('shows running, waiting and what came of it', () => {
    seq = 0;
    const settings = { model: 'm', cwd: '/w', permissionMode: 'default' } as const;
    const log = [
      event('session.created', { ...settings, title: '' }),
      event('turn.admitted', { text: 'fix it\nplease', options: {} }),
      event('turn.started', {}),
      event('turn.admitted', { text: 'and this', options: {} }),
      event('permission.evaluated', judged('itm_1', 'ask')),
      event('approval.requested', { approval: 'apr_1', callId: 'itm_1', question: 'Run `x`?', diff: 'd' }),
      event('permission.evaluated', judged('itm_2', 'allow')),
      event('approval.requested', { approval: 'apr_2', callId: 'itm_2', question: 'Run `y`?' }),
    ];
    const waiting = fold(log);
    expect(waiting).toMatchObject({ title: 'fix it', status: 'waiting', settings });
    expect(waiting.approvals).toEqual([
      {
        ...{ approval: 'apr_1', callId: 'itm_1', turn: 'trn_000001', question: 'Run `x`?', offer: null },
        ...{ reasons: ['it deletes'], category: 'fs', diff: 'd' },
      },
      {
        ...{ approval: 'apr_2', callId: 'itm_2', turn: 'trn_000001', question: 'Run `y`?', offer: null },
        ...{ reasons: [], category: null, diff: null },
      },
    ]);
    const answered = reduce(waiting, event('approval.resolved', { approval: 'apr_2', decision: 'deny' }));
    const running = reduce(answered, event('approval.resolved', { approval: 'apr_1', decision: 'allow' }));
    expect(running).toMatchObject({ status: 'running', turns: [{ waiting: ['and this'] }] });
    const item = { id: 'itm_9', type: 'user_message', text: 'and this' } as const;
    expect(reduce(running, event('item.completed', { item })).turns[0]?.waiting).toEqual([]);
    const usage = { in: 5, cached: 1, out: 2, costUsd: 0 };
    const files = [{ path: 'a', added: 1, removed: 0 }];
    const error = { code: 'verify_failed', message: 'no' };
    const done = reduce(
      running,
      event('turn.completed', { outcome: 'failed', answer: 'x', files, verify: null, usage, ms: 9, error }),
    );
    expect(done).toMatchObject({ status: 'idle', usage, files, lastError: error });
    expect(done.turns[0]).toMatchObject({ status: 'failed', text: 'fix it\nplease', ms: 9, error });
  });

  it('streams text into the item until it is complete', () => {
    seq = 0;
    const started = fold([
      event('turn.admitted', { text: 'x', options: {} }),
      event('turn.started', {}),
      event('step.started', { step: 'stp_1', model: 'm', results: ['itm_1'] }),
    ]);
    const delta = (text: string) => ({ type: 'item.delta', session, item: 'itm_1', text }) as const;
    const live = [delta('one '), delta('two')].reduce<View>(reduceDelta, started);
    expect(live.live).toEqual({ itm_1: 'one two' });
    const item = { id: 'itm_1', type: 'agent_message', text: 'one two' } as const;
    const done = reduce(live, event('item.completed', { item }));
    expect(done.live).toEqual({});
    // A straggler for a finished item changes nothing.
    expect(reduceDelta(done, delta('late'))).toBe(done);
  });
});
