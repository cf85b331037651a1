import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText, encodeText } from '../../src/files/text.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(data);

const piece = fc.constantFrom('a', 'b', '\n', '\r\n', '\r', 'é', '\uFEFF', '\r\r\n', '');
const anyText = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));

test('unchanged text gives the same bytes, whatever the line ends', () => {
  fc.assert(
    fc.property(anyText, (raw) => {
      const decoded = decodeText(bytes(raw));
      expect(text(encodeText(decoded?.text ?? '', bytes(raw)))).toBe(raw);
    }),
  );
});

test('what is written reads back as the same text', () => {
  const clean = fc
    .array(fc.constantFrom('a', 'b', '\n', 'é'), { maxLength: 20 })
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(anyText, clean, (raw, wanted) => {
      expect(decodeText(encodeText(wanted, bytes(raw)))?.text).toBe(wanted);
    }),
  );
});

test('keeps BOM and CRLF', () => {
  const old = bytes('\uFEFFone\r\ntwo\r\n');
  expect(decodeText(old)).toEqual({ text: 'one\ntwo\n', eol: 'crlf', bom: true });
  expect(text(encodeText('one\n2\nthree\n', old))).toBe('\uFEFFone\r\n2\r\nthree\r\n');
});

test('in a file with mixed ends only the changed lines get the majority end', () => {
  const old = bytes('a\nb\r\nc\r\nd\ne\r\n');
  expect(text(encodeText('a\nb\nC\nX\nd\ne\n', old))).toBe('a\nb\r\nC\r\nX\r\nd\ne\r\n');
});

test('binary and other encodings are no text', () => {
  expect(decodeText(new Uint8Array([0x61, 0, 0x62]))).toBeNull();
  expect(decodeText(new Uint8Array([0x63, 0x61, 0x66, 0xe9]))).toBeNull();
});
