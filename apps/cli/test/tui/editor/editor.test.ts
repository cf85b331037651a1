import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Edit, edit, emptyEditor, wholeText } from '../../../src/tui/editor/editor.ts';
import { fuzzyPaths } from '../../../src/tui/editor/fuzzy.ts';
import { historyOf, remember, searchHistory, step } from '../../../src/tui/editor/history.ts';
import { layOut, vertical } from '../../../src/tui/editor/layout.ts';

const unit = fc.constantFrom('character', 'word', 'line', 'text' as const);
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    type: fc.constant('insert' as const),
    text: fc.constantFrom('a', ' ', '\n', '加', '👩‍👩‍👧', '\t'),
  }),
  fc.record({ type: fc.constant('paste' as const), text: fc.constantFrom('short', 'x\n'.repeat(20)) }),
  fc.record({ type: fc.constantFrom('erase' as const, 'move' as const), unit, back: fc.boolean() }),
  fc.record({ type: fc.constantFrom('yank' as const, 'undo' as const) }),
);

test('after any keys the cursor stands in the text, and on the screen', () => {
  fc.assert(
    fc.property(fc.array(anyEdit, { maxLength: 40 }), fc.integer({ min: 4, max: 30 }), (edits, width) => {
      const editor = edits.reduce(edit, emptyEditor);
      expect(editor.cursor).toBeGreaterThanOrEqual(0);
      expect(editor.cursor).toBeLessThanOrEqual(editor.text.length);
      expect(editor.text.slice(0, editor.cursor).isWellFormed()).toBe(true);
      const { rows, cursor } = layOut(editor.text, editor.cursor, width);
      expect(rows[cursor.row]).toBeDefined();
      expect(cursor.column).toBeLessThanOrEqual(width);
      for (const by of [-1, 1] as const) {
        const there = vertical(editor.text, editor.cursor, { width, by });
        if (there !== null) expect(layOut(editor.text, there, width).cursor.row).toBe(cursor.row + by);
        else expect(rows[cursor.row + by]).toBeUndefined();
      }
    }),
  );
});

test('a long paste is one character to the keys and whole in what is sent', () => {
  const pasted = Array.from({ length: 50 }, (_, at) => `row ${at}`).join('\n');
  const before = edit(emptyEditor, { type: 'insert', text: 'see: ' });
  const editor = edit(before, { type: 'paste', text: pasted });
  expect(editor.text).toBe('see: [paste 1: 50 lines]');
  expect(wholeText(editor)).toBe(`see: ${pasted}`);
  expect(edit(editor, { type: 'erase', unit: 'character', back: true }).text).toBe('see: ');
});

test('undo goes back step by step, typing being one step', () => {
  let editor = emptyEditor;
  for (const text of [...'one two']) editor = edit(editor, { type: 'insert', text });
  editor = edit(editor, { type: 'erase', unit: 'word', back: true });
  expect(editor.text).toBe('one ');
  editor = edit(editor, { type: 'undo' });
  expect(editor.text).toBe('one two');
  expect(edit(editor, { type: 'yank' }).text).toBe('one twotwo');
});

test('history goes back and forth to what was being written', () => {
  const history = remember(remember(historyOf(['one']), 'two'), 'two');
  expect(history.entries).toEqual(['one', 'two']);
  const back = step(history, -1, 'draft')!;
  expect(back.text).toBe('two');
  expect(step(back.history, 1, back.text)?.text).toBe('draft');
  expect(step(step(back.history, -1, '')!.history, -1, '')).toBeNull();
  expect(searchHistory(historyOf(['fix add', 'test', 'fix sub']), 'fix')).toEqual(['fix sub', 'fix add']);
});

test('a file is found by letters in order, its name before its folders', () => {
  const paths = ['src/tui/text/wrap.ts', 'docs/wrapping.md', 'src/wide/rap.ts', 'wrap.ts/readme'];
  expect(fuzzyPaths(paths, 'wrap', 10)[0]).toBe('src/tui/text/wrap.ts');
  expect(fuzzyPaths(paths, 'stwr', 10)).toEqual(['src/tui/text/wrap.ts']);
  expect(fuzzyPaths(paths, 'zzz', 10)).toEqual([]);
});

test('a hundred thousand paths are searched while a key is pressed', () => {
  const words = ['src', 'lib', 'test', 'component', 'service', 'model', 'handler', 'view', 'index', 'parse'];
  const paths = Array.from({ length: 100_000 }, (_, at) => {
    const [a, b, c] = [words[at % 10], words[(at >> 3) % 10], words[(at >> 6) % 10]];
    return `packages/${a}/${b}-${at}/${c}.ts`;
  });
  fuzzyPaths(paths, 'srcv', 50);
  const start = process.cpuUsage();
  for (const query of ['h', 'hand', 'pamodin', 'zzzz']) fuzzyPaths(paths, query, 50);
  // Processor time, and several times the aim of 30 ms a search: the machine may be slow, squared work would show.
  expect(process.cpuUsage(start).user / 1_000 / 4).toBeLessThan(150);
});
