import { describe, expect, it } from 'vitest';
import { findFrames, gist } from '../../src/pipeline/failure.ts';

const files = new Set(['src/cart.js', 'cart_test.py', 'pkg/cart.py']);

describe('findFrames', () => {
  it('reads Python tracebacks, absolute and relative', () => {
    const output = `Traceback:\n  File "/tmp/x/cart_test.py", line 3, in <module>\n  File "pkg/cart.py", line 12, in total\n  File "/usr/lib/python3/unittest.py", line 9`;
    expect(findFrames({ output, root: '/tmp/x', files })).toEqual([
      { path: 'cart_test.py', line: 3 },
      { path: 'pkg/cart.py', line: 12 },
    ]);
  });

  it('reads JavaScript stacks, file URLs and roots reached by another path', () => {
    const output = `Error: no\n    at total (/private/tmp/x/src/cart.js:7:11)\n    at file:///tmp/x/src/cart.js:9:1`;
    expect(findFrames({ output, root: '/tmp/x', files })).toEqual([
      { path: 'src/cart.js', line: 7 },
      { path: 'src/cart.js', line: 9 },
    ]);
  });
});

describe('gist', () => {
  it('leaves out the stack frames of JavaScript, and nothing that says what is wrong', () => {
    const frames =
      '    at Object.<anonymous> (/tmp/x/a.test.js:3:9)\n    at async run (node:internal/x:1:2)\n'.repeat(20);
    expect(gist(`FAIL adds\n  Expected: 3\n  Received: 4\n${frames}  look at line 3:4\n`, 200)).toBe(
      'FAIL adds\n  Expected: 3\n  Received: 4\n  look at line 3:4',
    );
  });

  it('keeps the first error and the end, within the limit', () => {
    const output = `start\n${'noise\n'.repeat(200)}AssertionError: 3 !== 4\n${'more\n'.repeat(200)}1 failed`;
    const short = gist(output, 300);
    expect(short).toContain('AssertionError: 3 !== 4');
    expect(short.endsWith('1 failed')).toBe(true);
    expect(short.length).toBeLessThanOrEqual(300);
  });
});
