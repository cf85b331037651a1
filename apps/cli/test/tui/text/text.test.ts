import { Unicode11Addon } from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellWidth, clean } from '../../../src/tui/text/cells.ts';
import { diffLines } from '../../../src/tui/text/diff.ts';
import { draw, type Line, line, lineWidth, span, textOf, truncate } from '../../../src/tui/text/line.ts';
import { markdown } from '../../../src/tui/text/markdown.ts';
import { themes } from '../../../src/tui/text/style.ts';
import { wrap } from '../../../src/tui/text/wrap.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const nasty = fc
  .array(
    fc.oneof(
      anyText,
      fc.constantFrom(
        '\x1b[2J',
        '\x1b]0;t\x07',
        '\x9b31m',
        '\x1bP',
        '\r',
        '\t',
        '加',
        '👩‍👩‍👧',
        'é',
        '\u202e',
      ),
    ),
  )
  .map((parts) => parts.join(''));

test('no text writes anything to the terminal but itself', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const drawn = draw(line(span(text, 'added')), themes.terminal);
      const bare = drawn.replace(new RegExp(`${'\x1b'}\\[(?:0|32)m`, 'g'), '');
      expect([...bare].some((one) => /\p{Cc}|\p{Cf}/u.test(one))).toBe(false);
    }),
  );
});

test('cleaning twice is cleaning once', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(clean(clean(text))).toBe(clean(text));
    }),
  );
});

test('a width is what a terminal makes of it', async () => {
  const terminal = new xterm.Terminal({ cols: 200, rows: 2, allowProposedApi: true });
  terminal.loadAddon(new Unicode11Addon() as never);
  terminal.unicode.activeVersion = '11';
  const samples = [
    'plain',
    '加法',
    'ｆｕｌｌ',
    '👍🏽',
    '👩‍👩‍👧',
    '❤️',
    'éé',
    'ﾊﾝｶｸ',
    '한글',
    '→✓',
    'a\u200bb',
  ];
  for (const sample of samples) {
    const text = clean(sample);
    await new Promise<void>((resolve) => terminal.write(`\r\x1b[K${text}`, resolve));
    expect([sample, terminal.buffer.active.cursorX]).toEqual([sample, cellWidth(text)]);
  }
});

describe('wrapping', () => {
  test('keeps every word and every width', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 2, max: 40 }), (text, width) => {
        const of = line(text);
        const wrapped = wrap(of, width);
        for (const one of wrapped) expect(lineWidth(one)).toBeLessThanOrEqual(width);
        const words = (lines: readonly Line[]): string => lines.map(textOf).join('').replaceAll(' ', '');
        expect(words(wrapped)).toBe(words([of]));
        for (const one of wrap(of, width, { exact: true })) expect(lineWidth(one)).toBeLessThanOrEqual(width);
        expect(lineWidth(truncate(of, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('breaks at blanks, and cuts what is longer than a line', () => {
    expect(wrap(line('one two three'), 8).map(textOf)).toEqual(['one two', 'three']);
    expect(wrap(line('abcdefghij'), 4).map(textOf)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap(line('a  b'), 10).map(textOf)).toEqual(['a  b']);
  });
});

describe('markdown', () => {
  const shown = (text: string, width = 40): readonly string[] => markdown(text, width).lines.map(textOf);

  test('says what the marks mean', () => {
    expect(
      shown('# Head\n\nSome **bold** and `code`.\n\n1. one\n   - two\n\n> said\n\n```js\nconst a = 1;\n```'),
    ).toEqual([
      'Head',
      '',
      'Some bold and code.',
      '',
      '1. one',
      '   • two',
      '',
      '│ said',
      '',
      '│ const a = 1;',
    ]);
    expect(shown('[click](http://x.y)')).toEqual(['click (http://x.y)']);
    expect(shown('snake_case_name and 2*3*4')).toEqual(['snake_case_name and 2*3*4']);
  });

  test('what is stable stays while more text comes', () => {
    const source = fc.array(
      fc.constantFrom(
        '# h',
        'text **b',
        'x** y',
        '```ts',
        'const x',
        '```',
        '| a | b |',
        '|---|---|',
        '',
        '- item',
        '> q',
      ),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(source, fc.nat(200), (parts, cut) => {
        const text = parts.join('\n');
        const early = markdown(text.slice(0, cut), 30);
        const whole = markdown(text, 30);
        expect(whole.lines.slice(0, early.stable)).toEqual(early.lines.slice(0, early.stable));
      }),
    );
  });
});

describe('a diff', () => {
  const diff =
    '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n keep\n-const a = one;\n+const a = two;\n--- not a header\n';

  test('shows every line with its number, and marks the words', () => {
    const lines = diffLines(diff, 40);
    expect(lines.map(textOf)).toEqual([
      ' 1   keep',
      ' 2 - const a = one;',
      ' 2 + const a = two;',
      ' 3 - -- not a header',
    ]);
    expect(lines[1]!.find(({ style }) => style === 'removedWord')?.text).toBe('one');
    expect(lines[2]!.find(({ style }) => style === 'addedWord')?.text).toBe('two');
  });
});
