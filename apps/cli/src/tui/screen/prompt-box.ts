import type { Screen } from '../app/screen.ts';
import { layOut } from '../editor/layout.ts';
import { type Line, line, span } from '../text/line.ts';

type Box = {
  readonly lines: readonly Line[];
  readonly cursor: { readonly row: number; readonly column: number };
};

/** Columns that the text has; the mark before it takes two. */
export const promptWidth = (width: number): number => Math.max(4, width - 2);

/** The text being written between two rules, scrolled so that the cursor can be seen. */
export const promptBox = (
  screen: Screen,
  { width, most }: { readonly width: number; readonly most: number },
): Box => {
  const { editor, denying } = screen;
  const { rows, cursor } = layOut(editor.text, editor.cursor, promptWidth(width));
  const first = Math.max(0, Math.min(cursor.row - most + 1, rows.length - most));
  const shown = rows.slice(first, first + most);
  const mark = denying ? '✗ ' : editor.text.startsWith('!') ? '! ' : '❯ ';
  const hidden = rows.length - shown.length;
  const rule = line(span('─'.repeat(width), 'dim'));
  const body = shown.map(({ text }, index) => [
    span(index + first === 0 ? mark : '  ', denying ? 'bad' : 'accent'),
    ...(editor.text === '' ? line(span(hintOf(screen), 'dim')) : line(text)),
  ]);
  const below =
    hidden === 0 ? rule : line(span(`─ ${hidden} more lines `.padEnd(width, '─').slice(0, width), 'dim'));
  return {
    lines: [rule, ...body, below],
    cursor: { row: 1 + cursor.row - first, column: 2 + cursor.column },
  };
};

const hintOf = ({ denying, form, view }: Screen): string => {
  if (denying) return 'What should be done instead? Enter denies';
  if (form !== null) return 'Enter goes on, Esc goes back';
  if (view.approvals[0]?.fields !== undefined) return 'a or d';
  if (view.approvals.length > 0) return 'a, k or d';
  return view.status === 'idle' ? 'Ask for a change' : 'Enter sends it to the running turn';
};
