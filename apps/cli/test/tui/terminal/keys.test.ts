import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameOf } from '../../../src/tui/app/key-name.ts';
import { type Input, KeyReader } from '../../../src/tui/terminal/keys.ts';

const read = (...chunks: string[]): readonly Input[] => {
  const reader = new KeyReader();
  return [...chunks.flatMap((chunk) => reader.read(chunk)), ...reader.flush()];
};
const names = (text: string): readonly string[] =>
  read(text).map((input) => (input.type === 'key' ? nameOf(input) : `paste ${input.text}`));

test.each([
  ['letters and wide characters', 'aB加👍', ['a', 'B', '加', '👍']],
  ['arrows of three kinds', '\x1b[A\x1bOB\x1b[1;5C', ['up', 'down', 'ctrl-right']],
  ['new lines', '\r\n\x1b\r\x1b[13;2u', ['enter', 'ctrl-j', 'alt-enter', 'shift-enter']],
  ['kitty and xterm spellings of Ctrl-C', '\x03\x1b[99;5u\x1b[27;5;99~', ['ctrl-c', 'ctrl-c', 'ctrl-c']],
  ['shift-tab', '\x1b[Z\x1b[9;2u', ['shift-tab', 'shift-tab']],
  ['escape alone, and twice', '\x1b', ['escape']],
  ['escape escape', '\x1b\x1b', ['escape', 'escape']],
  ['erasing', '\x7f\x1b\x7f\x1b[3~', ['backspace', 'alt-backspace', 'delete']],
  ['a paste with keys in it', '\x1b[200~a\x1b[A\r\nb\x1b[201~c', ['paste a\x1b[A\nb', 'c']],
  ['answers nobody asked for', '\x1b]11;rgb:0/0/0\x07x\x1b[?62;c', ['x']],
])('%s', (_, text, expected) => {
  expect(names(text)).toEqual(expected);
});

const pieces = fc.array(
  fc.constantFrom(
    'a',
    '加',
    '👍',
    '\x1b[A',
    '\x1b[1;5C',
    '\x1bOB',
    '\x1b[13;2u',
    '\x1b[200~p\nq\x1b[201~',
    '\x03',
    '\x1bf',
    '\x1b[3~',
  ),
  { maxLength: 12 },
);

test('the same keys, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(80), { maxLength: 6 }), (parts, cuts) => {
      const text = parts.join('');
      const at = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort(
        (a, b) => a - b,
      );
      const chunks = at.slice(1).map((end, index) => text.slice(at[index], end));
      expect(read(...chunks)).toEqual(read(text));
    }),
  );
});

test('nothing a terminal sends is a bug', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary' })),
      fc.array(fc.constantFrom('\x1b', '[', 'O', ';', '~', 'u', '\x1b[200~', '9')),
      (a, b) => {
        for (const input of read(...a, b.join(''), ...a))
          if (input.type === 'key') expect(nameOf(input)).not.toBe('');
      },
    ),
    { numRuns: 30 },
  );
});
