import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDiff } from '../../src/diff/read-diff.ts';

const lines = (text: string): string => `${text.trim().split('\n').join('\n')}\n`;

describe('readDiff', () => {
  it('keeps the lines of both sides with their real numbers', () => {
    const change = readDiff(
      lines(`
diff --git a/src/a.js b/src/a.js
index 1111111..2222222 100644
--- a/src/a.js
+++ b/src/a.js
@@ -3,3 +3,2 @@ function run() {
 keep
-gone
 last
@@ -20,1 +19,2 @@
 far
+new`),
    );
    expect(change).toEqual({
      files: [
        {
          path: 'src/a.js',
          before: 'keep\ngone\nlast\nfar\n',
          after: 'keep\nlast\nfar\nnew\n',
          beforeLines: [3, 4, 5, 20],
          afterLines: [3, 4, 19, 20],
        },
      ],
      partial: true,
    });
  });

  it('knows new and deleted files whole, and pairs renamed ones', () => {
    const change = readDiff(
      lines(`
diff --git a/new.py b/new.py
new file mode 100755
--- /dev/null
+++ b/new.py
@@ -0,0 +1,2 @@
+one
+two
diff --git a/old.py b/old.py
deleted file mode 100644
--- a/old.py
+++ /dev/null
@@ -1 +0,0 @@
-one
diff --git a/from name.js b/to name.js
similarity index 90%
rename from from name.js
rename to to name.js
--- a/from name.js
+++ b/to name.js
@@ -1 +1 @@
-a
+b
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
diff --git a/logo.png b/logo.png
index 1111111..2222222 100644
Binary files a/logo.png and b/logo.png differ`),
    );
    expect(change.problem).toBeUndefined();
    expect(change.files).toMatchObject([
      { path: 'new.py', before: null, after: 'one\ntwo\n' },
      { path: 'old.py', before: 'one\n', after: null },
      { path: 'to name.js', from: 'from name.js', before: 'a\n', after: 'b\n' },
      { path: 'run.sh', before: '', after: '' },
      { path: 'logo.png', before: '', after: '' },
    ]);
  });

  it('reads plain diffs with timestamps, quoted names and files without a last line end', () => {
    const change = readDiff(
      [
        '--- "a/na\\303\\257ve.txt"\t2026-01-01 10:00:00',
        '+++ "b/na\\303\\257ve.txt"\t2026-01-02 10:00:00',
        '@@ -1 +1 @@',
        '-old\r',
        '\\ No newline at end of file',
        '+new\r',
        '\\ No newline at end of file',
      ].join('\n'),
    );
    expect(change.files).toMatchObject([{ path: 'naïve.txt', before: 'old\r', after: 'new\r' }]);
  });

  it.each([
    ['a hunk that ends early', '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\n'],
    ['a line that is none of a hunk', '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n?b\n'],
    ['a hunk header with words for numbers', '--- a/x\n+++ b/x\n@@ -one +1 @@\n a\n'],
    ['a hunk without a file', '@@ -1 +1 @@\n-a\n+b\n'],
    ['a merge', 'diff --cc x\n@@@ -1,1 -1,1 +1,1 @@@\n'],
    ['no diff at all', 'hello\n'],
  ])('says what is wrong with %s', (_, text) => {
    expect(readDiff(text).problem).toEqual(expect.any(String));
  });

  it('reads back what a diff was made from', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '  c', '', '-- x', '+++ y', '@@ z'), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.nat(12), (left, right, context) => {
        fc.pre(left.join() !== right.join());
        const [before, after] = [left, right].map((part) => part.map((line) => `${line}\n`).join(''));
        const patch = createTwoFilesPatch('a/f.txt', 'b/f.txt', before!, after!, '', '', { context });
        const [file, ...others] = readDiff(patch).files;
        expect(others).toEqual([]);
        const kept = (whole: readonly string[], numbers: readonly number[]): string =>
          numbers.map((number) => `${whole[number - 1]}\n`).join('');
        expect(file!.before).toBe(kept(left, file!.beforeLines!));
        expect(file!.after).toBe(kept(right, file!.afterLines!));
        if (context === 12) expect([file!.before, file!.after]).toEqual([before, after]);
      }),
    );
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      '--- a/x\n',
      '+++ b/x\n',
      '@@ -1,2 +1 @@\n',
      ' a\n',
      '-b\n',
      '+c\n',
      '\\ No\n',
      '\n',
      'diff --git a/x b/x\n',
      'GIT binary patch\n',
      '"\\777',
      '\0',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          expect(Array.isArray(readDiff(text).files)).toBe(true);
        },
      ),
    );
  });
});
