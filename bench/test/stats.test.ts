import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median, wilson } from '../stats.ts';

describe('wilson', () => {
  test('agrees with published values', () => {
    const { low, high } = wilson(8, 10);
    expect(low).toBeCloseTo(0.4902, 3);
    expect(high).toBeCloseTo(0.9433, 3);
  });

  test('is open at one side only when all or none are solved', () => {
    expect(wilson(0, 10).low).toBe(0);
    expect(wilson(0, 10).high).toBeCloseTo(0.2775, 3);
    expect(wilson(10, 10).high).toBeCloseTo(1, 9);
    expect(wilson(10, 10).low).toBeCloseTo(0.7225, 3);
  });

  test('says nothing when nothing was tried', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  test('holds the rate, stays in range, and narrows with more tasks', async () => {
    await fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 200 }), (a, total) => {
        const solved = Math.min(a, total);
        const { low, high } = wilson(solved, total);
        const wider = high - low;
        const more = wilson(solved * 4, total * 4);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(solved / total + 1e-9);
        expect(high).toBeGreaterThanOrEqual(solved / total - 1e-9);
        expect(more.high - more.low).toBeLessThan(wider);
      }),
    );
  });
});

describe('median', () => {
  test.each([
    [[], null],
    [[3], 3],
    [[10, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('of %j is %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
