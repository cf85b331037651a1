import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutAtHunks, frameOf, hunksOf } from '../src/cut.ts';
import type { Versions } from '../src/merge.ts';

const line = fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n', '\n', '}\n');
const text = fc.array(line, { maxLength: 10 }).map((lines) => lines.join(''));
const versionsOf = fc.record({ base: text, ours: text, theirs: text });
const filled = (versions: Versions, side: keyof Versions): string =>
  cutAtHunks(versions)
    .map((cut) => (cut.type === 'text' ? cut.text : cut.hunk[side]))
    .join('');

test('the same places are in question whichever side is ours', () => {
  fc.assert(
    fc.property(versionsOf, ({ base, ours, theirs }) => {
      const hunks = hunksOf(cutAtHunks({ base, ours, theirs }));
      const swapped = hunksOf(cutAtHunks({ base, ours: theirs, theirs: ours }));
      expect(swapped.map(({ ours: theirs, theirs: ours, ...rest }) => ({ ...rest, ours, theirs }))).toEqual(
        hunks,
      );
    }),
    { numRuns: 300 },
  );
});

test('no line that only one side has is lost outside of hunks', () => {
  fc.assert(
    fc.property(versionsOf, (versions) => {
      const old = new Set(versions.base.split('\n'));
      for (const side of ['ours', 'theirs'] as const) {
        const lines = new Set(filled(versions, side).split('\n'));
        for (const added of versions[side].split('\n')) if (!old.has(added)) expect(lines).toContain(added);
      }
    }),
    { numRuns: 300 },
  );
});

test('changes that touch are one hunk; with an untouched line between them none', () => {
  const base = 'a\nb\nc\n';
  expect(hunksOf(cutAtHunks({ base, ours: 'A\nb\nc\n', theirs: 'a\nB\nc\n' }))).toMatchObject([
    { base: 'a\nb\n', ours: 'A\nb\n', theirs: 'a\nB\n', before: '', after: 'c\n' },
  ]);
  const apart = cutAtHunks({ base, ours: 'A\nb\nc\n', theirs: 'a\nb\nC\n' });
  expect(frameOf(apart)).toEqual(['A\n', 'b\n', 'C\n']);
});

test('what both sides changed alike is in question nowhere', () => {
  fc.assert(
    fc.property(text, text, (base, side) => {
      const cuts = cutAtHunks({ base, ours: side, theirs: side });
      expect(hunksOf(cuts)).toEqual([]);
      expect(frameOf(cuts).join('')).toBe(side);
    }),
    { numRuns: 100 },
  );
});
