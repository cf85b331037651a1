import { expect, test } from 'vitest';
import type { Piece } from '../../src/settle/pieces.ts';
import { answer, edited, remembered, settledHunks, textOf, unsettled } from '../../src/settle/unsettled.ts';

const labels = { ours: 'main', base: 'base', theirs: 'topic' };
const versions = { base: '', ours: 'top\nours\nend\n', theirs: 'top\ntheirs\nmore\nend\n' };
const open = unsettled('a.txt', versions, labels);

test('what both begin and end with is no part of the question', () => {
  expect(textOf(open)).toBe(
    'top\n<<<<<<< main\nours\n||||||| base\n=======\ntheirs\nmore\n>>>>>>> topic\nend\n',
  );
  const alike = unsettled('a.txt', { base: 'x\n', ours: 'a\na\n', theirs: 'a\n' }, labels);
  expect(textOf(answer(alike, 'ours', ({ ours }) => ours))).toBe('a\na\n');
});

test('an answer is taken by its number; the others stay open', () => {
  const two: readonly Piece[] = [...open.pieces, ...open.pieces];
  const half = answer({ ...open, pieces: two }, 'asked', (_hunk, index) =>
    index === 1 ? 'mine\n' : undefined,
  );
  expect(half.pieces.map(({ type }) => type)).toEqual(['text', 'open', 'text', 'text', 'taken', 'text']);
  expect(settledHunks(half)).toEqual([{ path: 'a.txt', line: 11, how: 'person', by: 'asked' }]);
});

test('what git remembers counts when it is whole', () => {
  expect(remembered(open, textOf(open))).toBeNull();
  const whole = remembered(open, 'top\nboth\nend\n');
  expect(whole && [textOf(whole), settledHunks(whole)]).toEqual([
    'top\nboth\nend\n',
    [{ path: 'a.txt', line: 1, how: 'rerere', by: 'rr-cache' }],
  ]);
});

test("an edited text is the person's, open where markers are left, and nothing with half of them", () => {
  const done = edited(open, 'mine\n');
  expect(done && [textOf(done), settledHunks(done)]).toEqual([
    'mine\n',
    [{ path: 'a.txt', line: 1, how: 'person', by: 'edited' }],
  ]);
  expect(edited(open, textOf(open).replace('top', 'TOP'))?.pieces[0]).toEqual({
    type: 'text',
    text: 'TOP\n',
  });
  expect(edited(open, '<<<<<<< main\nx\n')).toBeNull();
});

test('what structure settled is found where it stands, also twice the same', () => {
  const hunk = { base: '', ours: '', theirs: '', before: 'b\n', after: 'c\n' };
  const settled = [1, 2].map(() => ({ how: 'structure' as const, by: 'imports', hunk, text: 'x\n' }));
  const pieces: readonly Piece[] = [{ type: 'text', text: 'a\nb\nx\nc\nx\nb\nx\nc\n' }];
  expect(settledHunks({ ...open, pieces, settled }).map(({ line }) => line)).toEqual([3, 7]);
});

test('a last line that no side ends stays without an end', () => {
  const last = unsettled('a.txt', { base: 'a\nb', ours: 'a\nours', theirs: 'a\ntheirs' }, labels);
  expect(textOf(last)).toContain('theirs\n>>>>>>> topic\n');
  expect(textOf(answer(last, 'ours', () => 'mine\n'))).toBe('a\nmine');
  const ended = unsettled('a.txt', { base: 'a\nb', ours: 'a\nours\n', theirs: 'a\ntheirs' }, labels);
  expect(textOf(answer(ended, 'ours', () => 'mine\n'))).toBe('a\nmine\n');
});
