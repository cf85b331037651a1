import { Isolated } from '@tandem/protocol';
import { expect, it } from 'vitest';
import { planAttempts } from '../../src/attempt/plan.ts';

const given = { goal: 'Make it fast', model: 'local/one' };
const plan = (options: object): Isolated => Isolated.parse({ count: 1, ...options });

it('the first is asked as the person asked, every further one differs in seed and words', () => {
  const planned = planAttempts(plan({ count: 4, seed: 7 }), given);
  expect(planned.map(({ number, seed, model }) => [number, seed, model])).toEqual([
    [1, 7, 'local/one'],
    [2, 8, 'local/one'],
    [3, 9, 'local/one'],
    [4, 10, 'local/one'],
  ]);
  expect(planned[0]).toMatchObject({ prompt: 'Make it fast' });
  expect(planned[0]?.temperature).toBe(undefined);
  expect(new Set(planned.map(({ prompt }) => prompt)).size).toBe(4);
});

it('hypotheses and models go round; each is tried as it was said', () => {
  const planned = planAttempts(
    plan({ count: 4, hypotheses: ['a lock', 'a queue'], models: ['m/1', 'm/2'] }),
    given,
  );
  expect(planned.map(({ model, hypothesis }) => [model, hypothesis])).toEqual([
    ['m/1', 'a lock'],
    ['m/2', 'a queue'],
    ['m/1', 'a lock'],
    ['m/2', 'a queue'],
  ]);
  expect(planned[1]?.prompt).toBe('Make it fast\n\nDo it this way: a queue');
  expect(planned[2]?.prompt.startsWith('Make it fast\n\nDo it this way: a lock\n\n')).toBe(true);
});
