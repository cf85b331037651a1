import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MergeReport } from '@tandem/workspace';
import { expect, test } from 'vitest';
import { keyLines, type Question, questionLines } from '../../src/merge/panes.ts';
import { clean } from '../../src/tui/text/cells.ts';
import { lineWidth, textOf } from '../../src/tui/text/line.ts';

const hunk = {
  before: 'import { read } from "./read.ts";\n\n',
  base: 'export const total = (items) => {\n  let sum = 0;\n',
  ours: 'export const total = (items, tax = 0) => {\n  let sum = 0;\n',
  theirs:
    '/** Preis mit 税込 and a\u001b[31m colour, and a line that is longer than any pane is wide */\nexport const total = async (items) => {\n',
  after: '  for (const item of items) sum += item.price;\n  return sum;\n};\n',
};

const report: MergeReport = {
  ...{ status: 'open', commit: null, changed: 0, conflicted: [], settled: [], settledPaths: [], dropped: [] },
  ...{ open: [], openPaths: [], files: [], verify: null, snapshot: null, notes: [] },
  into: { name: 'main', commit: '1' },
  from: { name: 'feature/tax', commit: '2' },
};

const questions: readonly Question[] = [
  { type: 'hunk', hunk: { path: 'src/cart.ts', kind: 'content', line: 12, hunk } },
  {
    type: 'path',
    conflict: {
      kind: 'modify/delete',
      paths: ['old\nname.txt'],
      said: ['CONFLICT (modify/delete): old name.txt deleted in HEAD and modified in feature/tax.'],
      choices: [
        { choice: 'ours', meaning: 'deleted' },
        { choice: 'theirs', meaning: 'as in feature/tax' },
      ],
    },
  },
];

const screen = (width: number) =>
  questions.flatMap((question, index) => {
    const asked = { report, question, number: index + 1, count: questions.length };
    return [...questionLines(asked, width), [], ...keyLines(asked, width), []];
  });

test.each([40, 80, 120, 200])('what a person is asked, at %i columns', (width) => {
  const lines = screen(width);
  const text = `${lines.map((one) => textOf(one).trimEnd()).join('\n')}\n`;
  const file = join(import.meta.dirname, '../golden', `merge-panes-${width}.txt`);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : 'no golden file');
  expect(lines.filter((one) => lineWidth(one) > width)).toEqual([]);
});

test('every character of all three texts is there at any width, and nothing that speaks to a terminal', () => {
  const wanted = [hunk.base, hunk.ours, hunk.theirs].map((text) => clean(text).replaceAll(/\s/g, ''));
  for (let width = 40; width <= 200; width += 7) {
    const texts = screen(width).map(textOf);
    expect(texts.join('')).not.toMatch(/\p{Cc}/u);
    const rows = texts.filter((text) => text.includes(' │ ')).map((text) => text.split(' │ '));
    const columns = [0, 1, 2].map((pane) =>
      rows
        .map((row) => row[pane])
        .join('')
        .replaceAll(/\s/g, ''),
    );
    expect(columns.map((text, pane) => text.endsWith(wanted[pane] ?? ''))).toEqual([true, true, true]);
  }
});
