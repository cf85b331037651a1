import { describe, expect, it } from 'vitest';
import {
  type Event,
  type EventOf,
  type EventType,
  foldAttempts,
  initialView,
  reduce,
} from '../../src/index.ts';

let seq = 0;
const event = <T extends EventType>(type: T, data: EventOf<T>['data'], turn = 'trn_1'): Event => {
  seq += 1;
  const at = '2026-01-01T00:00:00.000Z';
  const actor = { type: 'agent', id: 'tandem' } as const;
  return { v: 1, id: `evt_${seq}`, session: 'ses_1', seq, at, actor, turn, type, data } as unknown as Event;
};

const usage = { in: 5, cached: 0, out: 2, costUsd: 0 };
const admitted = (isolated: object, turn?: string) =>
  event('turn.admitted', { text: 'go', options: { isolated } }, turn);
const started = (number: number) =>
  event('attempt.started', {
    attempt: `att_${number}`,
    number,
    session: `ses_${number + 1}`,
    worktree: `attempt-${number}`,
    model: 'm',
    seed: number,
  });
const verified = (number: number, exit: number, again = false) =>
  event('attempt.verified', {
    attempt: `att_${number}`,
    source: 'session',
    number,
    verify: { command: 'check', exit },
    ms: 10,
    tokens: { in: 5, out: 2 },
    note: '',
    usage,
    ...(again ? { again } : { files: [{ path: 'a', added: 1, removed: 0 }], diff: '/kept/1' }),
  });
const ended = (outcome: 'ok' | 'interrupted' | 'failed', turn?: string) =>
  event('turn.completed', { outcome, answer: '', files: [], verify: null, usage, ms: 7 }, turn);

describe('foldAttempts', () => {
  it('is null for a session that was never asked for any, also where the pipeline made some', () => {
    const plain = [event('turn.admitted', { text: 'go', options: {} }), verified(1, 0)];
    expect(foldAttempts(plain)).toBe(null);
    expect(foldAttempts([admitted({ count: 2 }), verified(1, 0)])?.attempts).toEqual([]);
  });

  it('follows an attempt from its plan to the person’s files and back', () => {
    const events = [
      admitted({ count: 1 }),
      started(1),
      event('worktree.created', { attempt: 'att_1', path: '/w', name: 'attempt-1' }),
      verified(1, 0),
      verified(1, 0, true),
      event('attempt.chosen', { attempt: 'att_1', reason: 'it passes', diff: '' }),
      ended('ok'),
      event('worktree.merged', { attempt: 'att_1', files: [] }),
    ];
    const run = foldAttempts(events);
    expect(run).toMatchObject({ status: 'ok', reason: 'it passes', ms: 7 });
    expect(run?.attempts[0]).toMatchObject({
      path: '/w',
      status: 'verified',
      flaky: false,
      files: [{ path: 'a', added: 1, removed: 0 }],
      diff: '/kept/1',
      ms: 20,
      chosen: true,
      landed: true,
    });
    const undone = { kind: 'undo', seq: null, code: { before: 's1', after: 's2', forced: false } } as const;
    const back = foldAttempts([...events, event('session.rewound', undone)]);
    expect(back?.attempts[0]?.landed).toBe(false);
  });

  it('one that passed and then fails is flaky', () => {
    const run = foldAttempts([admitted({ count: 1 }), started(1), verified(1, 0), verified(1, 3, true)]);
    expect(run?.attempts[0]).toMatchObject({ flaky: true, verify: { exit: 3 }, diff: '/kept/1' });
  });

  it('goes on in a later turn: what trouble ended is open again, what was done stays', () => {
    const failed = (number: number, code: string) =>
      event('attempt.failed', { attempt: `att_${number}`, error: { code, message: '' }, ms: 1 });
    const events = [
      admitted({ count: 3 }),
      started(1),
      started(2),
      started(3),
      verified(1, 1),
      failed(2, 'model_unavailable'),
      failed(3, 'verify_failed'),
      ended('failed'),
      admitted({ count: 3, resume: true }, 'trn_2'),
    ];
    const run = foldAttempts(events);
    expect(run?.attempts.map(({ status }) => status)).toEqual(['verified', 'open', 'failed']);
    expect([run?.turn, run?.status]).toEqual(['trn_1', 'open']);
    expect(foldAttempts([...events, ended('ok', 'trn_2')])).toMatchObject({ status: 'ok', ms: 14 });
  });

  it('a new goal begins anew', () => {
    const run = foldAttempts([
      admitted({ count: 1 }),
      started(1),
      ended('ok'),
      admitted({ count: 2 }, 'trn_2'),
    ]);
    expect(run).toMatchObject({ turn: 'trn_2', attempts: [] });
  });
});

describe('overlaps in the view', () => {
  const overlap = (session: string, advice: 'wait' | 'split') =>
    event('overlap.noticed', { with: { session, title: '', cwd: '/w' }, overlaps: [], advice, why: '' });

  it('are the last word on each other session, until the next turn', () => {
    const events = [
      event('turn.admitted', { text: 'go', options: {} }),
      event('turn.started', {}),
      overlap('ses_8', 'wait'),
      overlap('ses_9', 'wait'),
      overlap('ses_8', 'split'),
    ];
    const view = events.reduce(reduce, initialView);
    expect(view.overlaps.map((one) => [one.with.session, one.advice])).toEqual([
      ['ses_9', 'wait'],
      ['ses_8', 'split'],
    ]);
    const next = [
      event('turn.admitted', { text: 'on', options: {} }, 'trn_2'),
      event('turn.started', {}, 'trn_2'),
    ];
    expect(next.reduce(reduce, view).overlaps).toEqual([]);
  });
});
