import { expect, test } from 'vitest';
import { soundChoices } from '../../src/check/sound.ts';
import { cutAtHunks, hunksOf } from '../../src/cut.ts';
import type { Versions } from '../../src/merge.ts';

/** Which of the texts, one a hunk with its chance, are left. */
const left = async (path: string, versions: Versions, texts: readonly (readonly [string, number])[]) => {
  const cuts = cutAtHunks(versions);
  const hunks = hunksOf(cuts);
  expect(hunks).toHaveLength(texts.length);
  const choices = texts.map(([text, chance], index) => ({
    hunk: hunks[index]!,
    text,
    by: 'lines' as const,
    chance,
    isSure: true,
  }));
  const sound = await soundChoices(path, versions, { cuts, choices });
  return sound.map((choice) => choice?.text ?? null);
};

const two = (a: string, b: string): string => `first(${a});\nrest();\nrest();\nlast(${b});\n`;
const versions = { base: two('1', '1'), ours: two('2', '2'), theirs: two('3', '3') };

test('what does not parse is taken back, the rest stays', async () => {
  const texts = [
    ['first(2);\n', 0.9],
    ['last(2;\n', 0.95],
  ] as const;
  expect(await left('a.js', versions, texts)).toEqual(['first(2);\n', null]);
});

test('texts that only hold without each other lose the less likely', async () => {
  const named = (a: string, b: string): string => `${a}\nrest();\nrest();\n${b}\n`;
  const moved = {
    base: named('const a = 0;', 'const b = 0;'),
    ours: named('const one = 1;', 'const b = 1;'),
    theirs: named('const a = 2;', 'const one = 2;'),
  };
  const texts = [
    ['const one = 1;\n', 0.8],
    ['const one = 2;\n', 0.9],
  ] as const;
  expect(await left('a.js', moved, texts)).toEqual([null, 'const one = 2;\n']);
});

test('words that no version has are not taken', async () => {
  const texts = [
    ['first(some, words, from, nowhere);\n', 0.9],
    ['last(3);\n', 0.9],
  ] as const;
  expect(await left('a.js', versions, texts)).toEqual([null, 'last(3);\n']);
});

test('JSON that a text would break is left open', async () => {
  const json = (value: string): string => `{\n  "a": ${value}\n}\n`;
  const settings = { base: json('1'), ours: json('2'), theirs: json('3') };
  expect(await left('a.json', settings, [['  "a": 2,\n', 0.9]])).toEqual([null]);
  expect(await left('a.json', settings, [['  "a": 2\n', 0.9]])).toEqual(['  "a": 2\n']);
});

test('of a language that nobody knows only the words are looked at', async () => {
  expect(await left('notes.txt', { base: '(\n', ours: '((\n', theirs: ')\n' }, [['(()\n', 0.9]])).toEqual([
    '(()\n',
  ]);
});
