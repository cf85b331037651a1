import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseTexts } from '../../src/choose/choose.ts';
import { dropsWords, featuresOf } from '../../src/choose/features.ts';
import { fileFacts } from '../../src/choose/file-facts.ts';
import { readForest } from '../../src/choose/forest.ts';
import { hunkFacts } from '../../src/choose/hunk-facts.ts';
import weights from '../../src/choose/weights.json' with { type: 'json' };
import { cutAtHunks, hunksOf } from '../../src/cut.ts';
import type { Versions } from '../../src/merge.ts';
import { propose } from '../../src/propose/propose.ts';

const line = fc.constantFrom('import a\n', 'a = 1\n', 'b = 2\n', 'def f():\n', '    return a\n', '\n', '}\n');
const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join(''));
const versionsOf = fc.record({ base: text, ours: text, theirs: text });

const numbersOf = (path: string, versions: Versions) => {
  const cuts = cutAtHunks(versions);
  const file = fileFacts(path, versions, cuts);
  return hunksOf(cuts).map((hunk) =>
    featuresOf({ file, facts: hunkFacts(hunk), hunk, proposals: propose(hunk, null) }),
  );
};

test('the same is measured of every proposal, in the same order, and all that the weights ask for', () => {
  fc.assert(
    fc.property(versionsOf, fc.constantFrom('a.py', 'test/a.ts', 'notes.txt'), (versions, path) => {
      for (const numbers of numbersOf(path, versions).flat()) {
        expect(Object.keys(numbers)).toEqual(weights.features);
        expect(Object.values(numbers).every(Number.isFinite)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test('what a text keeps and loses of either side is counted', () => {
  const versions = { base: 'a = 1\n', ours: 'a = 1\nb = 2\n', theirs: 'c = 1\n' };
  const measured = numbersOf('a.py', versions).flat();
  const by = (rule: string) => measured.find((numbers) => numbers[`by ${rule}`] === 1);
  expect(by('lines')).toMatchObject({ 'keeps of ours': 1, 'keeps of theirs': 1, 'removes as theirs': 1 });
  expect(by('ours')).toMatchObject({ 'keeps of ours': 1, 'lost of theirs': 1, 'removes as theirs': 0 });
  expect(by('theirs')).toMatchObject({ 'keeps of theirs': 1, 'lost of theirs': 0, 'like theirs': 1 });
});

test('each hunk gets the likeliest of the texts proposed for it', async () => {
  await fc.assert(
    fc.asyncProperty(versionsOf, async (versions) => {
      const cuts = cutAtHunks(versions);
      const choices = await chooseTexts('notes.txt', versions, cuts);
      expect(choices.map(({ hunk }) => hunk)).toEqual(hunksOf(cuts));
      const chanceOf = readForest(weights);
      for (const [index, numbers] of numbersOf('notes.txt', versions).entries()) {
        const { hunk, text: chosen, by, chance } = choices[index]!;
        expect(propose(hunk, null).find(({ rules }) => rules.includes(by))?.text).toBe(chosen);
        expect(chance).toBe(Math.max(...numbers.map(chanceOf)));
      }
    }),
    { numRuns: 40 },
  );
});

test('a text for which words of a side would go is never sure, however likely', async () => {
  const body = 'def f():\n    return a\n\n'.repeat(20);
  for (const [ours, theirs] of [
    ['limit = 2\n', 'limit = 3\n'],
    ['name = "new"\n', 'name = "other"\n'],
  ] as const) {
    const versions = { base: `${body}old = 1\n`, ours: body + ours, theirs: body + theirs };
    const [choice] = await chooseTexts('a.py', versions, cutAtHunks(versions));
    const lost = [ours, theirs].some((line) => !choice!.text.includes(line));
    if (lost) expect(choice!.isSure).toBe(false);
  }
});

test('words go where one side is taken and the other said something else', () => {
  const dropped = (versions: Versions): readonly string[] => {
    const cuts = cutAtHunks(versions);
    const texts = hunksOf(cuts).flatMap((hunk) => propose(hunk, null).map((proposal) => proposal.text));
    return texts.filter((_, index) => dropsWords(numbersOf('a.py', versions).flat()[index]!));
  };
  const both = { base: 'a(1)\n', ours: 'a(2)\n', theirs: 'a(3)\n' };
  expect(dropped(both)).toEqual(expect.arrayContaining(['a(2)\n', 'a(3)\n']));
  expect(dropped(both)).not.toContain('a(2)\na(3)\n');
  expect(dropped({ base: 'a\nb\n', ours: 'a\nB\n', theirs: 'b\n' })).not.toContain('B\n');
});

test('the threshold lets through what is likelier right than wrong', () => {
  expect(weights.threshold).toBeGreaterThan(0.5);
  expect(weights.threshold).toBeLessThan(1);
});

test('a forest adds up the leaves that the numbers lead to', () => {
  const chanceOf = readForest({
    features: ['lines', 'hunks'],
    bias: -1,
    threshold: 0.5,
    trees: ['0 2.5 1 2;=1;1 1 3 4;=-2;=3', '=0.5'],
  });
  const chance = (odds: number): number => 1 / (1 + Math.exp(-odds));
  expect(chanceOf({ lines: 2, hunks: 9 })).toBeCloseTo(chance(0.5));
  expect(chanceOf({ lines: 3, hunks: 1 })).toBeCloseTo(chance(-2.5));
  expect(chanceOf({ hunks: 2, lines: 3, unasked: 1 })).toBeCloseTo(chance(2.5));
});

test('weights that ask for what is not measured are refused', () => {
  const chanceOf = readForest({ features: ['gone'], bias: 0, threshold: 0.5, trees: [] });
  expect(() => chanceOf({ lines: 1 })).toThrow('"gone", which is not measured');
});
