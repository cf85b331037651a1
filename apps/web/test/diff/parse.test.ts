import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DiffFile, parseDiff } from '../../src/diff/parse.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-diff-'));
const git = (...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost', ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
const write = (path: string, text: string | Buffer): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};

beforeAll(() => {
  git('init', '--quiet');
  write('till.ts', 'const a = 1;\nconst till = 10;\nconst b = 2;\n');
  write('old name.txt', 'one\ntwo\nthree\nfour\nfive\n');
  write('gone.txt', 'bye\n');
  write('end.txt', 'no newline');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
});
afterAll(() => rmSync(folder, { recursive: true }));

const shown = ({ lines }: DiffFile): readonly string[] =>
  lines.map(({ kind, before, after, text }) => `${kind} ${before ?? '-'} ${after ?? '-'} ${text}`);

test('what git says of changed, new, gone, moved and binary files', () => {
  write('till.ts', 'const a = 1;\nconst till = 20;\nconst b = 2;\nconst c = 3;\n');
  write('dir/new.txt', '--- not a header\n+++ nor this\n');
  write('image.bin', Buffer.from([0, 1, 2, 0]));
  write('end.txt', 'no newline at all');
  rmSync(join(folder, 'gone.txt'));
  renameSync(join(folder, 'old name.txt'), join(folder, 'new name.txt'));
  git('add', '-A');
  const files = parseDiff(git('diff', '--cached', '-M'));
  expect(files.map(({ path, from, added, removed }) => ({ path, from, added, removed }))).toEqual([
    { path: 'dir/new.txt', from: null, added: 2, removed: 0 },
    { path: 'end.txt', from: null, added: 1, removed: 1 },
    { path: 'gone.txt', from: null, added: 0, removed: 1 },
    { path: 'image.bin', from: null, added: 0, removed: 0 },
    { path: 'new name.txt', from: 'old name.txt', added: 0, removed: 0 },
    { path: 'till.ts', from: null, added: 2, removed: 1 },
  ]);
  const [fresh, , gone, binary, , till] = files;
  expect(shown(fresh!)).toEqual(['note - - ', 'added - 1 --- not a header', 'added - 2 +++ nor this']);
  expect(gone!.notes).toEqual(['deleted file mode 100644']);
  expect(binary!.notes).toContain('Binary files /dev/null and b/image.bin differ');
  expect(shown(till!)).toEqual([
    'note - - ',
    'same 1 1 const a = 1;',
    'removed 2 - const till = 10;',
    'added - 2 const till = 20;',
    'same 3 3 const b = 2;',
    'added - 4 const c = 3;',
  ]);
  const marked = till!.lines.flatMap(({ text, mark }) => (mark === null ? [] : [text.slice(...mark)]));
  expect(marked).toEqual(['1', '2']);
});

test('lines that replace as many others show what differs in them', () => {
  const [file] = parseDiff(
    '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@ fn\n-const till = 10;\n-same end\n+const till = 20;\n+other\n',
  );
  expect(file!.lines.map(({ text, mark }) => (mark === null ? null : text.slice(...mark)))).toEqual([
    null,
    '1',
    null,
    '2',
    null,
  ]);
});

test('any text is read, and no line of a change is lost', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => Array.isArray(parseDiff(text))));
  const lines = fc.array(
    fc.constantFrom('', 'a', '+', '-', '@@ -1 +1 @@', 'diff --git a/x b/x', '--- a/x', '\\ x'),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const body = [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)].join('\n');
      const text = `diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,${before.length} +1,${after.length} @@\n${body}\n`;
      const files = parseDiff(`${text}${text.replaceAll('/f', '/g')}`);
      expect(files.map(({ path, added, removed }) => [path, added, removed])).toEqual(
        ['f', 'g'].map((path) => [path, after.length, before.length]),
      );
    }),
  );
});
