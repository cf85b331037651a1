import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CappedOutput } from '../../src/exec/output.ts';

test('whatever the pieces: all of it when short, head and tail with the true count when long', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 20 }),
      fc.integer({ min: 2, max: 200 }),
      (pieces, limit) => {
        const output = new CappedOutput(limit);
        for (const piece of pieces) output.push(piece);
        const whole = pieces.join('');
        const half = Math.floor(limit / 2);
        const expected =
          whole.length <= 2 * half
            ? whole
            : `${whole.slice(0, half)}\n[… ${whole.length - 2 * half} characters cut out …]\n${whole.slice(-half)}`;
        expect(output.text()).toBe(expected.toWellFormed());
      },
    ),
  );
});
