import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedLines } from '../../src/attempt/spans.ts';
import { unifiedDiff } from '../../src/tool/unified-diff.ts';

const text = fc.array(fc.constantFrom('a', 'b', '-- c', '++ d', '', 'e'), { maxLength: 12 });
const whole = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

it('what is outside the spans is the same before and after', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { diff } = unifiedDiff('x.txt', whole(before), whole(after));
      const { old, fresh } = changedLines(diff).get('x.txt') ?? { old: [], fresh: [] };
      const outside = (lines: readonly string[], spans: typeof old): readonly string[] =>
        lines.filter((_, index) => !spans.some(({ from, to }) => from <= index + 1 && index + 1 <= to));
      expect(outside(before, old)).toEqual(outside(after, fresh));
      expect(old).toHaveLength(fresh.length);
    }),
  );
});

it('names files that are new, gone, renamed in quotes or without text', () => {
  const diff = [
    'diff --git a/new.txt b/new.txt',
    'new file mode 100644',
    '--- /dev/null',
    '+++ b/new.txt',
    '@@ -0,0 +1,2 @@',
    '+one',
    '+two',
    'diff --git a/gone b/gone',
    'deleted file mode 100644',
    '--- a/gone',
    '+++ /dev/null',
    '@@ -1 +0,0 @@',
    '-one',
    'diff --git "a/tab\\there" "b/tab\\there"',
    '--- "a/tab\\there"',
    '+++ "b/tab\\there"',
    '@@ -3,2 +3,3 @@',
    ' same',
    '+put in',
    ' same',
    'diff --git a/pixels.png b/pixels.png',
    'Binary files a/pixels.png and b/pixels.png differ',
    '',
  ].join('\n');
  expect(Object.fromEntries(changedLines(diff))).toEqual({
    'new.txt': { old: [{ from: 1, to: 0 }], fresh: [{ from: 1, to: 2 }] },
    gone: { old: [{ from: 1, to: 1 }], fresh: [{ from: 1, to: 0 }] },
    'tab\there': { old: [{ from: 4, to: 3 }], fresh: [{ from: 4, to: 4 }] },
    'pixels.png': { old: [], fresh: [] },
  });
});
