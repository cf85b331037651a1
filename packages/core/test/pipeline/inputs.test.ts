import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probeExpressions } from '../../src/pipeline/agree.ts';
import { callArguments, literalVariants, splitTopLevel } from '../../src/pipeline/inputs.ts';

describe('callArguments', () => {
  it('splits at the commas of the call itself', () => {
    expect(callArguments('f([1, 2], "a,b", g(3, 4))')).toEqual({
      head: 'f(',
      parts: ['[1, 2]', '"a,b"', 'g(3, 4)'],
      tail: ')',
    });
  });

  it.each(['f', 'f(1].x', 'f(1).length'])('leaves %s alone', (text) => {
    expect(callArguments(text)).toBeNull();
  });
});

describe('splitTopLevel', () => {
  it('joined again gives the same text, whatever it is given', () => {
    const value = fc.oneof(
      fc.integer().map(String),
      fc.constantFrom('"a,b"', "'('", '[1, [2]]', '{a: 1}', 'g(1, 2)'),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (parts) => {
        expect(splitTopLevel(parts.join(', '))).toEqual(parts);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => splitTopLevel(text) === null || true));
  });
});

describe('literalVariants', () => {
  it('moves the numbers inside a text and keeps their width', () => {
    expect(literalVariants("'03-11'")).toEqual(
      expect.arrayContaining(["'04-11'", "'13-11'", "'03-00'", "'03-31'"]),
    );
  });

  it('never gives the value it was given', () => {
    const literal = fc.oneof(
      fc.integer().map(String),
      fc.stringMatching(/^[a-z ]{0,8}$/).map((text) => `"${text}"`),
      fc.array(fc.integer(), { maxLength: 4 }).map((list) => `[${list.join(', ')}]`),
    );
    fc.assert(fc.property(literal, (text) => !literalVariants(text).includes(text)));
  });
});

describe('probeExpressions', () => {
  it('keeps the calls of the examples and is capped', () => {
    const examples = Array.from({ length: 30 }, (_, index) => ({
      call: `f([${index}, 2], "ab")`,
      expected: '1',
    }));
    const made = probeExpressions(examples);
    expect(made.slice(0, 2)).toEqual(['f([0, 2], "ab")', 'f([1, 2], "ab")']);
    expect(made.length).toBe(96);
  });
});
