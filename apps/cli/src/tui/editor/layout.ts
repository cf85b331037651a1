import { characterWidth, clean } from '../text/cells.ts';

/** A line on the screen: which characters of the text stand in it. */
export type Row = { readonly from: number; readonly to: number; readonly text: string };

export type Layout = {
  readonly rows: readonly Row[];
  readonly cursor: { readonly row: number; readonly column: number };
};

/** The text cut into rows of a width, and where its cursor stands. Lines break where they end, so that no character jumps. */
export const layOut = (text: string, cursor: number, width: number): Layout => {
  const rows = rowsOf(text, Math.max(2, width));
  // Behind a full row the cursor stands at the beginning of the next.
  const row = rows.findLastIndex(({ from }) => from <= cursor);
  return { rows, cursor: { row, column: columnOf(text, rows[row]!, cursor) } };
};

/** The index one row up or down, as near to the column as it goes; null past the first or the last row. */
export const vertical = (
  text: string,
  cursor: number,
  { width, by }: { readonly width: number; readonly by: -1 | 1 },
): number | null => {
  const { rows, cursor: place } = layOut(text, cursor, width);
  const target = rows[place.row + by];
  if (target === undefined) return null;
  let index = target.from;
  for (const character of text.slice(target.from, target.to)) {
    if (columnOf(text, target, index + character.length) > place.column) break;
    index += character.length;
  }
  // The end of a row that is cut is the beginning of the next one.
  return index === target.to && text[index] !== '\n' && index < text.length
    ? Math.max(target.from, index - 1)
    : index;
};

const rowsOf = (text: string, width: number): readonly Row[] => {
  const rows: Row[] = [];
  let row = { from: 0, text: '', used: 0 };
  let index = 0;
  for (const character of text) {
    const shown = shownAs(character);
    const wide = widthOf(shown);
    if (character === '\n' || row.used + wide > width) {
      rows.push({ from: row.from, to: index, text: row.text });
      row = { from: character === '\n' ? index + 1 : index, text: '', used: 0 };
    }
    if (character !== '\n') row = { from: row.from, text: row.text + shown, used: row.used + wide };
    index += character.length;
  }
  rows.push({ from: row.from, to: text.length, text: row.text });
  if (row.used >= width) rows.push({ from: text.length, to: text.length, text: '' });
  return rows;
};

const columnOf = (text: string, row: Row, index: number): number => {
  let column = 0;
  for (const character of text.slice(row.from, Math.min(index, row.to)))
    column += widthOf(shownAs(character));
  return column;
};

/** One character at a time: a cursor stands between characters, not inside what several of them would mean. */
const shownAs = (character: string): string => (character === '\x1b' ? '' : clean(character));

const widthOf = (shown: string): number => {
  let width = 0;
  for (const character of shown) width += characterWidth(character);
  return width;
};
