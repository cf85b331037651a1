import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancedEnd } from '../../src/pipeline/example-scan.ts';
import { findExamples } from '../../src/pipeline/examples.ts';

const names = new Set(['f', 'add', 'Parser']);
const only = (text: string) => findExamples(text, names);

describe('findExamples reads what people write', () => {
  const rows: readonly (readonly [text: string, call: string, expected: string])[] = [
    ['>>> f(1)\n2\n', 'f(1)', '2'],
    ['assert(JSON.stringify(f(3)) === JSON.stringify([1, 2.0]))', 'f(3)', '[1, 2.0]'],
    ['f(3) = [1, 3]', 'f(3)', '[1, 3]'],
    ['    >>> f([1, 2])\n    [2,\n     3]\n    """', 'f([1, 2])', '[2, 3]'],
    ['>>> f("a")\n\'b c\'\n>>> f(2)', 'f("a")', "'b c'"],
    [' * f(1) // => 2', 'f(1)', '2'],
    ['f(1) // 2', 'f(1)', '2'],
    ['print(f(1))  # 2', 'f(1)', '2'],
    ['console.log(f(1)); // [1, 2]', 'f(1)', '[1, 2]'],
    ['f(1) -> 2', 'f(1)', '2'],
    ['f(1) → "x, y"', 'f(1)', '"x, y"'],
    ['f(1) == 2', 'f(1)', '2'],
    ['`f(1)` returns `-2.5`', 'f(1)', '-2.5'],
    ['f(1) returns 2.', 'f(1)', '2'],
    ['Example: f(1, (2)) should return {"a": [1]} always', 'f(1, (2))', '{"a": [1]}'],
    ['f(")") should be True', 'f(")")', 'True'],
    ['assert f(1) == 2', 'f(1)', '2'],
    ['assert f(1) == g(2, 3), "message"', 'f(1)', 'g(2, 3)'],
    ['assert f(1) is None', 'f(1)', 'None'],
    ['assert f("a,b") == "c d" and True', 'f("a,b")', '"c d"'],
    ['expect(f(1)).toBe(2);', 'f(1)', '2'],
    ['expect(await f(1)).toEqual({ a: [1, 2] });', 'await f(1)', '{ a: [1, 2] }'],
    ['expect(f()).toBeNull()', 'f()', 'null'],
    ['expect(f(1)).to.deep.equal([1])', 'f(1)', '[1]'],
    ['assert.equal(f(1), 2)', 'f(1)', '2'],
    ['assert.deepEqual(f([1]), [2], "why")', 'f([1])', '[2]'],
    ['self.assertEqual(f(1), 2)', 'f(1)', '2'],
    ['t.is(f(1), 2)', 'f(1)', '2'],
    ['console.assert(f(1) === 2)', 'f(1)', '2'],
    ['assert m.f(1).x[0] == 3', 'm.f(1).x[0]', '3'],
    ['new Parser("a").run() // => null', 'new Parser("a").run()', 'null'],
    ['assert f(\n    1,\n    2,\n) == 3', 'f( 1, 2, )', '3'],
  ];
  it.each(rows)('%j', (text, call, expected) => {
    expect(only(text)).toEqual([{ call, expected }]);
  });

  it('leaves out what is no example', () => {
    const texts = [
      'function f(a) { return 2 }',
      'def f(a):\n  return 2',
      'f(1) returns the number of things',
      'call f(1) to get something',
      'x = f(1)',
      'f(1) != 2',
      'f(1',
      'assert.notEqual(f(1), 2)',
      '>>> f(1)\nTraceback (most recent call last):',
      'other(1) == 2',
    ];
    expect(texts.flatMap((text) => only(text))).toEqual([]);
  });

  it('says each example once and at most 64', () => {
    expect(only('f(1) == 2\nf(1) == 2')).toHaveLength(1);
    const many = Array.from({ length: 200 }, (_, index) => `f(${index}) == ${index}`).join('\n');
    expect(only(many)).toHaveLength(64);
  });
});

describe('findExamples on any text', () => {
  const piece = fc.constantFrom(
    'f(',
    ')',
    '(',
    '[',
    ']',
    '"',
    "'",
    '`',
    '\n',
    '>>> ',
    ' == ',
    ' // => ',
    '1',
    ',',
    '\\',
  );
  it('never throws, and its calls are balanced', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 60 }), (pieces) => {
        for (const example of only(pieces.join(''))) {
          const open = example.call.indexOf('(');
          expect(balancedEnd(example.call, open)).not.toBeNull();
          expect(example.expected).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('respects strings and nesting in arguments', () => {
    const literal: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.integer().map(String),
        fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text)),
        fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      ),
    })).value;
    fc.assert(
      fc.property(literal, literal, (argument, value) => {
        expect(only(`assert f(${argument}) == ${value}`)).toEqual([
          { call: `f(${argument})`, expected: value },
        ]);
        expect(only(`f(${argument}) // => ${value}`)).toEqual([{ call: `f(${argument})`, expected: value }]);
      }),
    );
  });
});
