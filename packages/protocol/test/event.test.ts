import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError, isAppError, isKnown, parseEvent } from '../src/index.ts';
import { anyEvent } from './support/events.ts';

describe('parseEvent', () => {
  it('gives back every event that went through a log line', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(JSON.parse(JSON.stringify(event)));
      }),
    );
  });

  it('keeps an event of a later version as it is', () => {
    const later = {
      v: 1,
      id: 'evt_000001',
      session: 'ses_000001',
      seq: 1,
      at: '2026-01-01T00:00:00.000Z',
      actor: { type: 'user', id: 'ada' },
      type: 'weather.changed',
      data: { sun: true },
      extra: 'kept',
    };
    const event = parseEvent(later);
    expect(event).toEqual(later);
    expect(isKnown(event)).toBe(false);
  });

  it.each([
    ['no envelope', { type: 'turn.started', data: {} }],
    [
      'seq 0',
      { v: 1, id: 'e', session: 's', seq: 0, at: '', actor: { type: 'user', id: 'a' }, type: 'x', data: 0 },
    ],
    [
      'wrong data',
      {
        v: 1,
        id: 'e',
        session: 's',
        seq: 1,
        at: '',
        actor: { type: 'user', id: 'a' },
        type: 'turn.completed',
        data: {},
      },
    ],
  ])('refuses %s', (_name, value) => {
    expect(() => parseEvent(value)).toThrow();
  });
});

describe('AppError', () => {
  it('is known by its brand, and nothing else is', () => {
    expect(isAppError(new AppError('busy', 'held'))).toBe(true);
    expect(isAppError({ code: 'busy', message: 'held' })).toBe(false);
    expect(isAppError(null)).toBe(false);
  });
});
