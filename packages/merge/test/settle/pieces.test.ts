import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutAtMarkers, joinPieces, markerSize, type Piece, readMarked } from '../../src/settle/pieces.ts';

const labels = { ours: 'main', base: 'base', theirs: 'topic' };
const lines = fc
  .array(fc.constantFrom('a\n', '\n', '<<<<<<< x\n', '=======\n', '|||||||\n', '>>>>>>>>\n', 'b <<<<<<<\n'), {
    maxLength: 4,
  })
  .map((all) => all.join(''));
const hunk = fc.record({ base: lines, ours: lines, theirs: lines });

test('what is joined is cut the same, whatever looks like a marker in it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(lines, hunk), { minLength: 1, maxLength: 4 }), lines, (parts, end) => {
      const text = (value: string): readonly Piece[] => (value === '' ? [] : [{ type: 'text', text: value }]);
      const pieces = [
        ...parts.flatMap(([before, one]): readonly Piece[] => [
          ...text(before),
          { type: 'open', hunk: { ...one, before: '', after: '' } },
        ]),
        ...text(end),
      ];
      const all = pieces
        .map((piece) => (piece.type === 'open' ? Object.values(piece.hunk).join('\n') : piece.text))
        .join('\n');
      const markers = { size: markerSize({ base: all, ours: '', theirs: '' }), labels };
      const joined = joinPieces(pieces, markers);
      const read = readMarked(joined.text, markers.size)?.map((piece) =>
        piece.type === 'open' ? { ...piece, hunk: { ...piece.hunk, before: '', after: '' } } : piece,
      );
      expect(read).toEqual(pieces);
      const begins = joined.text
        .split('\n')
        .flatMap((line, index) => (line === `${'<'.repeat(markers.size)} main` ? [index + 1] : []));
      expect(joined.lines.filter((_, index) => pieces[index]?.type === 'open')).toEqual(begins);
    }),
  );
});

test('markers that make no sense are not read', () => {
  const size = 7;
  for (const text of [
    '<<<<<<< a\nx\n',
    '=======\n',
    '<<<<<<< a\n>>>>>>> b\n',
    '<<<<<<< a\n=======\n||||||| c\n>>>>>>> b\n',
    '<<<<<<< a\n<<<<<<< a\n',
  ])
    expect(readMarked(text, size)).toBeNull();
  expect(readMarked('a\n<<<<<<<x\n', size)).toEqual([{ type: 'text', text: 'a\n<<<<<<<x\n' }]);
});

test('a hunk keeps what the merge knew of it; a text with other hunks is not read', () => {
  const open = [{ base: '1\n', ours: '2\n', theirs: '3\n', before: 'far\n', after: 'away\n' }];
  const text = 'x\r\n<<<<<<< main\r\n2\r\n=======\r\n3\r\n>>>>>>> topic\r\ny';
  expect(cutAtMarkers({ text, open }, 7)).toEqual([
    { type: 'text', text: 'x\r\n' },
    { type: 'open', hunk: { base: '', ours: '2\r\n', theirs: '3\r\n', before: 'far\n', after: 'away\n' } },
    { type: 'text', text: 'y' },
  ]);
  const marked = `\u{feff}${text.slice(3)}`;
  expect(cutAtMarkers({ text: marked, open }, 7)?.[0]).toEqual({ type: 'text', text: '\u{feff}' });
  expect(cutAtMarkers({ text: 'x\n', open }, 7)).toBeNull();
  expect(cutAtMarkers({ text, open: [] }, 7)).toBeNull();
});
