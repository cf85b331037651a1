import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdit } from '../../src/tool/edit.ts';

const file = `class A {
  one() {
    return 1;
  }

  two(x) {
    if (x > 0) {
      return this.one() + x;
    }
    return 2;
  }
}
`;

describe('exact', () => {
  test('replaces what occurs once', () => {
    expect(applyEdit({ text: file, oldText: 'return 2', newText: 'return 3' })).toEqual({
      type: 'applied',
      text: file.replace('return 2', 'return 3'),
      how: 'exact',
      line: 10,
    });
  });

  test('names the lines when it occurs often, and replaces all when asked to', () => {
    expect(applyEdit({ text: file, oldText: 'return', newText: 'yield' })).toEqual({
      type: 'ambiguous',
      lines: [3, 8, 10],
    });
    expect(applyEdit({ text: file, oldText: 'return', newText: 'yield', replaceAll: true })).toEqual({
      type: 'applied',
      text: file.replaceAll('return', 'yield'),
      how: 'exact',
      line: 3,
    });
  });

  test('takes the new text as it is, dollar signs and all', () => {
    const outcome = applyEdit({ text: 'a b', oldText: 'b', newText: "$& $' $1" });
    expect(outcome).toMatchObject({ text: "a $& $' $1" });
  });

  test('an edit that changes nothing is told apart', () => {
    expect(applyEdit({ text: file, oldText: 'one', newText: 'one' })).toEqual({ type: 'same' });
  });

  test('empty old text fills an empty file only', () => {
    expect(applyEdit({ text: '', oldText: '', newText: 'x' })).toMatchObject({ type: 'applied', text: 'x' });
    expect(applyEdit({ text: file, oldText: '', newText: 'x' })).toMatchObject({ type: 'missing' });
  });

  test('any piece of any text that occurs once is replaced', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', ' ', '\n', '\t', '}'), { maxLength: 40 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, fc.nat(), fc.integer({ min: 1, max: 12 }), text, (whole, from, length, fresh) => {
        const start = from % (whole.length + 1);
        const old = whole.slice(start, start + length);
        fc.pre(old !== '' && old !== fresh && whole.indexOf(old) === whole.lastIndexOf(old));
        expect(applyEdit({ text: whole, oldText: old, newText: fresh })).toMatchObject({
          type: 'applied',
          how: 'exact',
          text: whole.slice(0, start) + fresh + whole.slice(start + old.length),
        });
      }),
    );
  });
});

describe('whitespace', () => {
  test('line ends and trailing blanks may differ; lines left alone keep theirs', () => {
    const text = 'a  \nb\t\nc\n';
    expect(applyEdit({ text, oldText: 'a\r\nb\r\n', newText: 'a\r\nB\r\n' })).toEqual({
      type: 'applied',
      text: 'a  \nB\nc\n',
      how: 'whitespace',
      line: 1,
    });
  });

  test('blank lines around the quote do not matter', () => {
    expect(
      applyEdit({ text: file, oldText: '\n\n    return 2;  \n\n', newText: '\n    return 5;\n' }),
    ).toMatchObject({
      text: file.replace('return 2', 'return 5'),
      how: 'whitespace',
    });
  });

  test('twice is ambiguous here too', () => {
    expect(applyEdit({ text: 'x \ny\nx \n', oldText: 'x\t\n', newText: 'z\n' })).toEqual({
      type: 'ambiguous',
      lines: [1, 3],
    });
  });

  test('lines can be taken out', () => {
    expect(applyEdit({ text: 'a\nb \nc\n', oldText: 'b\t\n', newText: '' })).toMatchObject({
      text: 'a\nc\n',
    });
  });
});

describe('indent', () => {
  test('a quote without its indentation is put back at its depth', () => {
    const oldText = 'two(x) {\n  if (x > 0) {\n    return this.one() + x;\n  }\n  return 2;\n}';
    const newText = 'two(x) {\n  if (x > 0) {\n    while (x) {\n      x--;\n    }\n  }\n  return 3;\n}';
    expect(applyEdit({ text: file, oldText, newText })).toEqual({
      type: 'applied',
      text: file
        .replace('      return this.one() + x;', '      while (x) {\n        x--;\n      }')
        .replace('return 2', 'return 3'),
      how: 'indent',
      line: 6,
    });
  });

  test('spaces become the tabs of the file', () => {
    const text = 'def f():\n\tif x:\n\t\treturn 1\n\treturn 2\n';
    const oldText = '    if x:\n        return 1\n';
    const newText = '    if x:\n        if y:\n            return 0\n        return 1\n';
    expect(applyEdit({ text, oldText, newText })).toMatchObject({
      text: 'def f():\n\tif x:\n\t\tif y:\n\t\t\treturn 0\n\t\treturn 1\n\treturn 2\n',
      how: 'indent',
    });
  });

  test('a first line quoted from its first letter', () => {
    const oldText = 'if (x > 0) {\n      return this.one() + x ;\n    }'.replace(' ;', ';');
    const outcome = applyEdit({
      text: file.replace(/ {4}if/, '\tif'),
      oldText: `  ${oldText}`,
      newText: oldText.replace('> 0', '>= 0'),
    });
    expect(outcome).toMatchObject({ type: 'applied', how: 'indent' });
  });

  test('whatever the depth of the file, an edit quoted flat lands at that depth', () => {
    const code = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.constantFrom('aa', 'bb', 'cc', 'dd')), {
      minLength: 1,
      maxLength: 6,
    });
    const render = (lines: readonly (readonly [number, string])[], prefix: string): string =>
      lines.map(([depth, word]) => `${prefix}${'  '.repeat(depth)}${word}`).join('\n');
    fc.assert(
      fc.property(code, code, fc.constantFrom('  ', '    ', '      '), (old, fresh, prefix) => {
        const start = [[0, 'start'] as const, ...old];
        const end = [[0, 'start'] as const, ...fresh];
        fc.pre(render(start, '') !== render(end, ''));
        const text = `head {\n${render(start, prefix)}\n}\n`;
        expect(applyEdit({ text, oldText: render(start, ''), newText: render(end, '') })).toEqual({
          type: 'applied',
          how: 'indent',
          text: `head {\n${render(end, prefix)}\n}\n`,
          line: 2,
        });
      }),
    );
  });
});

describe('fuzzy', () => {
  test('a misquoted line is found; lines left alone stay as they are in the file', () => {
    const oldText = '    if (x >= 0) {\n      return this.one() + x;\n    }\n    return 2\n';
    const newText = '    if (x >= 0) {\n      return this.one() + x;\n    }\n    return 7;\n';
    expect(applyEdit({ text: file, oldText, newText })).toEqual({
      type: 'applied',
      text: file.replace('return 2', 'return 7'),
      how: 'fuzzy',
      line: 7,
    });
  });

  test('two places alike are ambiguous', () => {
    const text = 'const alpha = compute(one, two);\nother\nconst alpha = compute(one, three);\n';
    expect(applyEdit({ text, oldText: 'const alpha = compute(one, twoo);', newText: 'x' })).toEqual({
      type: 'ambiguous',
      lines: [1, 3],
    });
  });

  test('what is not there is missing, with the nearest place', () => {
    const outcome = applyEdit({ text: file, oldText: 'if (y < 9) {\n  return that.none();', newText: 'x' });
    expect(outcome).toMatchObject({ type: 'missing', nearest: { line: 7 } });
    expect(outcome.type === 'missing' && outcome.nearest.similarity).toBeLessThan(0.8);
  });

  test('whatever the texts: never throws, never touches lines far from the place it names', () => {
    const line = fc.constantFrom(
      'return value + 1;',
      'return value - 1;',
      '  const total = 0;',
      'const total = 1;',
      '}',
      '',
    );
    const lines = fc.array(line, { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(lines, fc.array(line, { minLength: 1, maxLength: 4 }), lines, (text, old, fresh) => {
        const outcome = applyEdit({
          text: text.join('\n'),
          oldText: old.join('\n'),
          newText: fresh.join('\n'),
        });
        if (outcome.type !== 'applied') return;
        const result = outcome.text.split('\n');
        expect(result.slice(0, outcome.line - 1)).toEqual(text.slice(0, outcome.line - 1));
        const after = text.slice(outcome.line - 1 + old.length);
        if (after.length > 0) expect(result.slice(-after.length)).toEqual(after);
      }),
    );
  });
});
