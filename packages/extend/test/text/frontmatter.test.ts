import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFrontmatter } from '../../src/text/frontmatter.ts';

const read = (text: string) => {
  const { fields, body } = readFrontmatter(text);
  return { ...Object.fromEntries(fields), body };
};

test.each([
  ['no head', { body: 'no head' }],
  ['---\nname: a\n---\nbody', { name: 'a', body: 'body' }],
  ['\uFEFF---\r\nname: "a: b"\r\n---\r\nbody\r\n', { name: 'a: b', body: 'body' }],
  [
    '---\nname: >\n  one\n  two\nother: |\n  one\n  two\n---\n',
    { name: 'one two', other: 'one\ntwo', body: '' },
  ],
  ['---\ntools:\n  - a\n  - "b"\nmore: [c, \'d\']\n---\nx', { tools: 'a,b', more: 'c,d', body: 'x' }],
  ['---\nname: one\n  two\n---\nx', { name: 'one two', body: 'x' }],
  ['---\nnot closed', { body: '---\nnot closed' }],
  ['---\n---\nx', { body: 'x' }],
])('%j', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test('any text is read', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof readFrontmatter(`---\n${text}`).body === 'string'));
});
