import { expect, test } from 'vitest';
import { changedBy } from '../../src/acp/diffs.ts';

test('hunks of several files become texts before and after, with their places', () => {
  const diff = [
    '--- a/a.sql',
    '+++ b/a.sql',
    '@@ -1,2 +1,2 @@',
    ' select 1;',
    '--- old remark',
    '+++ new remark',
    '@@ -9 +9,2 @@',
    ' end',
    '+-- more',
    '\\ No newline at end of file',
    '--- /dev/null',
    '+++ b/new.txt',
    '@@ -0,0 +1,1 @@',
    '+x',
    '--- a/gone.txt',
    '+++ /dev/null',
    '@@ -1,1 +0,0 @@',
    '-y',
    '',
  ].join('\n');
  expect(changedBy(diff, '/w')).toEqual({
    content: [
      {
        type: 'diff',
        path: '/w/a.sql',
        oldText: 'select 1;\n-- old remark\n',
        newText: 'select 1;\n++ new remark\n',
      },
      { type: 'diff', path: '/w/a.sql', oldText: 'end\n', newText: 'end\n-- more\n' },
      { type: 'diff', path: '/w/new.txt', oldText: null, newText: 'x\n' },
      { type: 'diff', path: '/w/gone.txt', oldText: 'y\n', newText: '' },
    ],
    locations: [
      { path: '/w/a.sql', line: 1 },
      { path: '/w/a.sql', line: 9 },
      { path: '/w/new.txt', line: 1 },
      { path: '/w/gone.txt', line: 1 },
    ],
  });
  expect(changedBy('', '/w')).toEqual({ content: [], locations: [] });
});
