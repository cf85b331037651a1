import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Compared, isEligible, rank } from '../../src/attempt/rank.ts';

const base: Compared = {
  attempt: 'att_1',
  number: 1,
  passed: true,
  regressions: 0,
  checks: null,
  agreement: null,
  lines: 10,
};
const of = (number: number, given: Partial<Compared>): Compared => ({
  ...base,
  attempt: `att_${number}`,
  number,
  ...given,
});

describe('rank', () => {
  it.each([
    [
      'the only one that passes',
      [of(1, { passed: false, lines: 1 }), of(2, { lines: 90 })],
      ['att_2', 'the only one that passes', 'verify fails'],
    ],
    [
      'no regression before size',
      [of(1, { regressions: 2, lines: 1 }), of(2, {})],
      ['att_2', 'of 2 that pass: breaks nothing that passed before', 'breaks 2 that passed before'],
    ],
    [
      'checks before agreement',
      [
        of(1, { checks: { held: 1, total: 2 }, agreement: 0.9 }),
        of(2, { checks: { held: 2, total: 2 }, agreement: 0.1 }),
      ],
      [
        'att_2',
        'of 2 that pass: holds most of the checks made here (2 of 2)',
        'holds 1 of 2 checks made here',
      ],
    ],
    [
      'agreement before size',
      [of(1, { agreement: 0.3, lines: 1 }), of(2, { agreement: 0.7 })],
      [
        'att_2',
        'of 2 that pass: most of the others behave as it does',
        'fewer of the others behave as it does',
      ],
    ],
    [
      'the smaller change',
      [of(1, { lines: 9 }), of(2, { lines: 1 })],
      ['att_2', 'of 2 that pass: the smallest change (1 line)', 'a larger change (9 lines, not 1)'],
    ],
    [
      'the earlier one',
      [of(1, {}), of(2, {})],
      ['att_1', 'of 2 that pass: level with 2 and made first', 'no better than attempt 1, and made later'],
    ],
  ] as const)('%s', (_, all, [best, why, otherWhy]) => {
    const order = rank([...all]);
    expect([order[0]?.attempt, order[0]?.why, order[1]?.why]).toEqual([best, why, otherWhy]);
  });

  it('one that fails, or breaks what passed, is never first before one that does neither', () => {
    const any = fc.record({
      passed: fc.constantFrom(true, false, null),
      regressions: fc.nat(2),
      checks: fc.option(fc.nat(4).map((held) => ({ held, total: 4 }))),
      agreement: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      lines: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 6 }), (given) => {
        const order = rank(given.map((one, index) => of(index + 1, one)));
        expect(order).toHaveLength(given.length);
        expect(isEligible(order[0]!)).toBe(given.some((one) => isEligible(one)));
        expect(order.every(({ why }) => why !== '')).toBe(true);
      }),
    );
  });
});
