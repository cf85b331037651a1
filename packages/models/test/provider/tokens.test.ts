import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTokenCounter } from '../../src/provider/tokens.ts';
import { request } from '../conformance.ts';

it('comes close to what a model reports, from above, for text of the same kind', () => {
  fc.assert(
    fc.property(fc.double({ min: 2.2, max: 4.4, noNaN: true }), (ratio) => {
      const counter = createTokenCounter();
      const one = request('abcdefgh '.repeat(2_000));
      const real = Math.ceil(one.messages.reduce((sum, message) => sum + message.text.length, 0) / ratio);
      counter.learn(one, real);
      const estimate = counter.countRequest(one);
      expect(estimate).toBeGreaterThanOrEqual(real);
      expect(estimate).toBeLessThan(real * 1.2);
    }),
  );
});

it('keeps to the densest of the last answers, and forgets it after eight', () => {
  const counter = createTokenCounter();
  const one = request('x'.repeat(8_000));
  counter.learn(one, 4_000);
  counter.learn(one, 2_000);
  const dense = counter.count('x'.repeat(1_000));
  for (let round = 0; round < 8; round += 1) counter.learn(one, 2_000);
  expect(dense).toBeGreaterThan(500);
  expect(counter.count('x'.repeat(1_000))).toBeLessThan(300);
});

it('takes no lesson from a short prompt or from nonsense', () => {
  const counter = createTokenCounter();
  const before = counter.count('some text to count');
  counter.learn(request('hi'), 900);
  counter.learn(request('x'.repeat(5_000)), 0);
  expect(counter.count('some text to count')).toBe(before);
});

it('counts a character of another script as a token at least', () => {
  expect(createTokenCounter().count('修复测试')).toBeGreaterThanOrEqual(4);
});
