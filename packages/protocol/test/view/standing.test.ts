import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isStanding } from '../../src/index.ts';

test('what stands is what one reaches going back from the end, whatever was gone back over before', () => {
  // Each event either follows the one that stands last, or moves to an earlier one.
  const log = fc.array(fc.option(fc.nat(40), { nil: null, freq: 4 }), { maxLength: 40 });
  fc.assert(
    fc.property(log, (moves) => {
      const parents: number[] = [0];
      const rewinds: { at: number; to: number }[] = [];
      let head = 0;
      for (const [index, move] of moves.entries()) {
        const seq = index + 1;
        if (move === null) {
          parents[seq] = head;
          head = seq;
        } else {
          const to = Math.min(move, seq - 1);
          rewinds.push({ at: seq, to });
          head = standingAt(to, rewinds, parents);
        }
      }
      const expected = new Set<number>();
      for (let seq = head; seq > 0; seq = parents[seq] ?? 0) expected.add(seq);
      const found = moves.flatMap((move, index) =>
        move === null && isStanding(rewinds, index + 1) ? [index + 1] : [],
      );
      expect(found).toEqual([...expected].sort((a, b) => a - b));
    }),
  );
});

/** The event that stood last right after `seq`, which may itself be a rewind. */
const standingAt = (
  seq: number,
  rewinds: readonly { readonly at: number; readonly to: number }[],
  parents: readonly number[],
): number => {
  if (seq === 0 || parents[seq] !== undefined) return seq;
  const rewind = rewinds.find(({ at }) => at === seq);
  return rewind === undefined ? 0 : standingAt(rewind.to, rewinds, parents);
};
