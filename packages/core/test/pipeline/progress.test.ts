import { expect, test } from 'vitest';
import { shareOfTests } from '../../src/pipeline/progress.ts';

test.each([
  ['pytest', '==== 1 failed, 3 passed in 0.12s ====', 0.75],
  ['pytest, none passes', '==== 2 failed in 0.12s ====', 0],
  ['unittest', 'Ran 8 tests in 0.001s\n\nFAILED (failures=1, errors=1)\n', 0.75],
  ['unittest, all pass', 'Ran 2 tests in 0.001s\n\nOK\n', 1],
  ['Jest', 'Test Suites: 1 failed, 1 total\nTests:       3 failed, 1 passed, 4 total\n', 0.25],
  ['Vitest', ' Test Files  1 failed (1)\n      Tests  3 failed | 1 passed (4)\n', 0.25],
  ['Mocha', '  1 passing (4ms)\n  1 failing\n', 0.5],
  ['node:test', 'ℹ tests 4\nℹ pass 3\nℹ fail 1\n', 0.75],
  ['TAP', '# tests 4\n# pass 1\n# fail 3\n', 0.25],
  ['Cargo', 'test result: FAILED. 1 passed; 3 failed; 0 ignored', 0.25],
  ['nothing of it', 'AssertionError: 1 != 2', null],
  ['no tests', '0 passed, 0 failed', null],
])('%s', (_, output, share) => {
  expect(shareOfTests(output)).toBe(share);
});
