import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Versions } from '../../src/merge.ts';
import { propose, type Rule } from '../../src/propose/propose.ts';
import { bare } from '../../src/text/tokens.ts';

const proposals = (versions: Versions, structure: string | null = null) =>
  propose({ ...versions, before: '', after: '' }, structure);
const by = (rule: Rule, versions: Versions): string | null =>
  proposals(versions).find(({ rules }) => rules.includes(rule))?.text ?? null;

test('lines that only touch are woven', () => {
  const versions = { base: 'a = 1\nb = 2\n', ours: 'a = 10\nb = 2\n', theirs: 'a = 1\nb = 20\n' };
  expect(by('lines', versions)).toBe('a = 10\nb = 20\n');
});

test('words of one line that are apart are woven', () => {
  const versions = { base: 'f(a, b)\n', ours: 'f(a, b, c)\n', theirs: 'g(a, b)\n' };
  expect(by('lines', versions)).toBeNull();
  expect(by('lines and tokens', versions)).toBe('g(a, b, c)\n');
});

test('two changes of one word stay in question for the cautious rules', () => {
  const versions = { base: 'limit = 1\n', ours: 'limit = 2\n', theirs: 'limit = 3\n' };
  for (const rule of ['lines', 'lines and tokens', 'tokens apart', 'tokens'] as const)
    expect(by(rule, versions)).toBeNull();
});

test('what both sides added comes in either order', () => {
  const versions = { base: '', ours: 'x();\n', theirs: 'b();\n' };
  expect(by('lines, ours first', versions)).toBe('x();\nb();\n');
  expect(by('lines, theirs first', versions)).toBe('b();\nx();\n');
});

test('words of the two sides never run together', () => {
  const texts = proposals({ base: '', ours: 'one\n', theirs: 'two\n' }).map((one) => one.text);
  expect(texts).toEqual(expect.arrayContaining(['one\n', 'two\n']));
  expect(texts).not.toContain('onetwo\n');
});

test('a list that both keep in order stays in order', () => {
  const versions = {
    base: 'apple\ncherry\nfig\n',
    ours: 'apple\nBanana\ncherry\nfig\n',
    theirs: 'apple\nbeet\nfig\n',
  };
  expect(by('sorted lines', versions)).toBe('apple\nBanana\nbeet\nfig\n');
  expect(by('sorted lines', { ...versions, theirs: 'fig\napple\n' })).toBeNull();
});

test('a line that one side added moves with the lines that the other side indented', () => {
  const versions = {
    base: '  one\n  two\n',
    ours: '    one\n    two\n',
    theirs: '  one\n  two\n  three\n',
  };
  expect(by('lines', versions)).toBe('    one\n    two\n    three\n');
});

test('what the syntax says is a proposal like the others, and comes first', () => {
  const found = proposals({ base: 'a\n', ours: 'b\n', theirs: 'c\n' }, 'd\n');
  expect(found[0]).toMatchObject({ text: 'd\n', rules: ['structure'] });
});

test('of a hunk too long to weave there are only the two sides', () => {
  const base = 'x = 1\n'.repeat(10_000);
  const found = proposals({ base, ours: `${base}a\n`, theirs: `${base}b\n` });
  expect(found.map(({ rules }) => rules)).toEqual([['ours'], ['theirs']]);
});

const line = fc.constantFrom('a = 1\n', 'b = 2\n', '  c(a, b)\n', 'd(a)\n', '\n', '}\n');
const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join(''));

test('each text is proposed once, both sides are, and rules come to one text each', () => {
  fc.assert(
    fc.property(text, text, text, (base, ours, theirs) => {
      const found = proposals({ base, ours, theirs });
      const texts = found.map((one) => bare(one.text));
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts).toEqual(expect.arrayContaining([bare(ours), bare(theirs)]));
      const named = found.flatMap(({ rules }) => rules);
      expect(new Set(named).size).toBe(named.length);
    }),
    { numRuns: 100 },
  );
});

test('where one side changed nothing, weaving gives the other side', () => {
  fc.assert(
    fc.property(text, text, (base, side) => {
      for (const rule of ['lines', 'tokens'] as const) {
        expect(bare(by(rule, { base, ours: side, theirs: base }) ?? '-')).toBe(bare(side));
        expect(bare(by(rule, { base, ours: base, theirs: side }) ?? '-')).toBe(bare(side));
      }
    }),
    { numRuns: 100 },
  );
});

test('weaving without precedence loses no word that a side added', () => {
  const words = (value: string): readonly string[] => value.match(/\w+/g) ?? [];
  fc.assert(
    fc.property(text, text, text, (base, ours, theirs) => {
      for (const rule of ['lines', 'lines and tokens', 'tokens apart', 'tokens'] as const) {
        const woven = by(rule, { base, ours, theirs });
        if (woven === null) continue;
        const old = new Set(words(base));
        for (const word of words(ours + theirs)) if (!old.has(word)) expect(words(woven)).toContain(word);
      }
    }),
    { numRuns: 100 },
  );
});
