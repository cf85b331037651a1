import { expect, it } from 'vitest';
import { costOf, priceOf } from '../src/pricing.ts';

it('knows a dated name of a model, and neither its siblings nor its successors', () => {
  expect(priceOf('openai/gpt-4.1-2025-04-14')).toEqual(priceOf('openai/gpt-4.1'));
  expect(priceOf('openai/gpt-4.1-mini')).not.toEqual(priceOf('openai/gpt-4.1'));
  expect(priceOf('anthropic/claude-sonnet-4-5-20250929')?.in).toBe(3);
  expect(priceOf('anthropic/claude-opus-4-20250514')?.in).toBe(15);
  expect(priceOf('anthropic/claude-opus-4-9')).toBeNull();
  expect(priceOf('openai/gpt-5.9')).toBeNull();
  expect(priceOf('openai/gpt-4.1-turbo-x')).toBeNull();
});

it('counts cached and written tokens at their own price', () => {
  const price = { in: 10, cached: 1, cacheWrite: 12, out: 100 };
  expect(costOf(price, { in: 1_000_000, cached: 500_000, cacheWritten: 250_000, out: 10_000 })).toBeCloseTo(
    2.5 + 0.5 + 3 + 1,
    10,
  );
});
