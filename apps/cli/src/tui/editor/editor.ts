/** The text that a person writes: plain data, changed by `edit` alone. */
export type Editor = {
  readonly text: string;
  /** Before the character at this index. */
  readonly cursor: number;
  /** Long pastes, shown by a mark in the text; put in its place when the text is sent. */
  readonly pastes: readonly string[];
  /** What the last kill took, for yank. */
  readonly killed: string;
  readonly undo: readonly Point[];
  /** Edits of one kind in a row are one step of undo. */
  readonly last: string;
};
type Point = { readonly text: string; readonly cursor: number };

export const emptyEditor: Editor = { text: '', cursor: 0, pastes: [], killed: '', undo: [], last: '' };

export type Edit =
  | { readonly type: 'insert'; readonly text: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'replace'; readonly from: number; readonly to: number; readonly text: string }
  | { readonly type: 'erase'; readonly unit: Unit; readonly back: boolean }
  | { readonly type: 'move'; readonly unit: Unit; readonly back: boolean }
  | { readonly type: 'yank' }
  | { readonly type: 'undo' }
  | { readonly type: 'set'; readonly text: string };
export type Unit = 'character' | 'word' | 'line' | 'text';

const undoLimit = 200;
/** Longer pastes are folded: the text around them stays readable, and drawing it stays quick. */
const foldedLines = 8;
const foldedCharacters = 1_000;
/** What a turn takes at most. */
const textLimit = 900_000;

export const edit = (editor: Editor, change: Edit): Editor => {
  const { text, cursor } = editor;
  switch (change.type) {
    case 'insert':
      return replaced(editor, {
        from: cursor,
        to: cursor,
        text: change.text,
        kind: /\s/.test(change.text) ? 'blank' : 'insert',
      });
    case 'paste':
      return paste(editor, change.text);
    case 'replace':
      return replaced(editor, { ...change, kind: '' });
    case 'erase': {
      const other = boundary(text, cursor, change);
      const [from, to] = change.back ? [other, cursor] : [cursor, other];
      if (from === to) return editor;
      const next = replaced(editor, { from, to, text: '', kind: change.unit === 'character' ? 'erase' : '' });
      return change.unit === 'character' ? next : { ...next, killed: text.slice(from, to) };
    }
    case 'move':
      return { ...editor, cursor: boundary(text, cursor, change), last: '' };
    case 'yank':
      return replaced(editor, { from: cursor, to: cursor, text: editor.killed, kind: '' });
    case 'undo': {
      const point = editor.undo.at(-1);
      return point === undefined ? editor : { ...editor, ...point, undo: editor.undo.slice(0, -1), last: '' };
    }
    case 'set':
      return replaced(editor, { from: 0, to: text.length, text: change.text, kind: '' });
  }
};

const replaced = (
  editor: Editor,
  change: { readonly from: number; readonly to: number; readonly text: string; readonly kind: string },
): Editor => {
  const { from, to, kind } = change;
  const room = textLimit - (editor.text.length - (to - from));
  const text = change.text.slice(0, Math.max(0, room));
  if (from === to && text === '') return editor;
  const point = { text: editor.text, cursor: editor.cursor };
  const goesOn = kind !== '' && kind === editor.last;
  return {
    ...editor,
    text: editor.text.slice(0, from) + text + editor.text.slice(to),
    cursor: from + text.length,
    undo: goesOn ? editor.undo : [...editor.undo.slice(1 - undoLimit), point],
    last: kind,
  };
};

const paste = (editor: Editor, pasted: string): Editor => {
  const { cursor } = editor;
  const lines = pasted.split('\n').length;
  const at = { from: cursor, to: cursor, kind: '' };
  if (lines <= foldedLines && pasted.length <= foldedCharacters)
    return replaced(editor, { ...at, text: pasted });
  const next = replaced(editor, { ...at, text: markOf(editor.pastes.length, lines) });
  return { ...next, pastes: [...editor.pastes, pasted] };
};

const markOf = (index: number, lines: number): string =>
  `[paste ${index + 1}: ${lines} line${lines === 1 ? '' : 's'}]`;

const marks = /\[paste (\d{1,6}): \d+ lines?\]/g;

/** The text with every paste in the place of its mark. */
export const wholeText = ({ text, pastes }: Editor): string =>
  text.replace(marks, (mark, number) => pastes[Number(number) - 1] ?? mark);

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Where a move of a unit from an index ends. A mark of a paste is one character. */
const boundary = (
  text: string,
  cursor: number,
  { unit, back }: { readonly unit: Unit; readonly back: boolean },
): number => {
  switch (unit) {
    case 'character':
      return markBoundary(text, cursor, back) ?? (back ? before(text, cursor) : after(text, cursor));
    case 'word':
      return back ? wordBefore(text, cursor) : wordAfter(text, cursor);
    case 'line': {
      if (back) return text.lastIndexOf('\n', cursor - 1) + 1;
      const end = text.indexOf('\n', cursor);
      return end < 0 ? text.length : end;
    }
    case 'text':
      return back ? 0 : text.length;
  }
};

const markBoundary = (text: string, cursor: number, back: boolean): number | null => {
  if (back ? text[cursor - 1] !== ']' : text[cursor] !== '[') return null;
  for (const match of text.matchAll(marks)) {
    const end = match.index + match[0].length;
    if (back && end === cursor) return match.index;
    if (!back && match.index === cursor) return end;
  }
  return null;
};

/** Graphemes are looked for near the cursor alone: a long text must not make a key slow. */
const reach = 64;

const before = (text: string, cursor: number): number => {
  if (cursor <= 1) return 0;
  const from = Math.max(0, cursor - reach);
  let last = 0;
  for (const { index } of segmenter.segment(text.slice(from, cursor))) last = index;
  return from + last;
};

const after = (text: string, cursor: number): number => {
  for (const { segment } of segmenter.segment(text.slice(cursor, cursor + reach)))
    return cursor + segment.length;
  return text.length;
};

const wordBefore = (text: string, cursor: number): number => {
  const head = text.slice(0, cursor).replace(/[^\p{L}\p{N}_]+$/u, '');
  return head.length - (/[\p{L}\p{N}_]+$/u.exec(head.slice(-200))?.[0].length ?? 0);
};

const wordAfter = (text: string, cursor: number): number => {
  const tail = text.slice(cursor);
  return cursor + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(tail)?.[0].length ?? 0);
};
