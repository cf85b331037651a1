import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineEdits } from '../../src/diff/line-edits.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 });

it('leads from one list to the other', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const result: string[] = [];
      let at = 0;
      for (const block of lineEdits(before, after)) {
        result.push(...before.slice(at, block.beforeStart), ...after.slice(block.afterStart, block.afterEnd));
        at = block.beforeEnd;
      }
      expect([...result, ...before.slice(at)]).toEqual(after);
    }),
  );
});

it('takes the shortest way', () => {
  expect(lineEdits(['a', 'b', 'c'], ['a', 'c', 'd'])).toEqual([
    { beforeStart: 1, beforeEnd: 2, afterStart: 1, afterEnd: 1 },
    { beforeStart: 3, beforeEnd: 3, afterStart: 2, afterEnd: 3 },
  ]);
});
