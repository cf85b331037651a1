import { describe, expect, it } from 'vitest';
import { regressionsOf, testsIn } from '../../src/attempt/test-names.ts';

describe('testsIn', () => {
  it.each([
    ['TAP', 'ok 1 - adds\n    not ok 2 - halves\nok 3 - later # SKIP\n', ['adds'], ['halves']],
    [
      'node',
      '✔ adds (1.2ms)\n  ✖ halves (0.4ms)\n✖ failing tests:\n\n✖ halves (0.4ms)\n',
      ['adds'],
      ['halves'],
    ],
    [
      'vitest',
      ' \u001b[32m✓\u001b[39m test/a.test.ts (3 tests) 12ms\n   ✓ adds 3ms\n   × halves 10ms\n',
      ['test/a.test.ts', 'adds'],
      ['halves'],
    ],
    ['jest', '  ✓ adds (3 ms)\n  ✕ halves\n', ['adds'], ['halves']],
    [
      'pytest -v',
      't.py::test_a PASSED [ 50%]\nt.py::test_b[x y] FAILED [100%]\n',
      ['t.py::test_a'],
      ['t.py::test_b[x y]'],
    ],
    ['pytest -q', '.F\nFAILED t.py::test_b - assert 1 == 2\n1 failed, 1 passed\n', [], ['t.py::test_b']],
    [
      'unittest -v',
      'test_a (t.Case.test_a) ... ok\ntest_b (t.Case.test_b) ... FAIL\n',
      ['test_a (t.Case.test_a)'],
      ['test_b (t.Case.test_b)'],
    ],
    ['go', '--- PASS: TestA (0.00s)\n--- FAIL: TestB (0.01s)\n', ['TestA'], ['TestB']],
    ['cargo', 'test a::b ... ok\ntest a::c ... FAILED\n', ['a::b'], ['a::c']],
  ])('reads %s', (_, output, passed, failed) => {
    expect(testsIn(output)).toEqual({ passed, failed });
  });

  it('finds none in other output', () => {
    expect(testsIn('compiling\nall good\nError: nothing\n')).toBe(null);
  });

  it('gives up where there are too many to keep', () => {
    const output = Array.from({ length: 6_000 }, (_, index) => `ok ${index + 1} - test ${index}`).join('\n');
    expect(testsIn(output)).toBe(null);
  });

  it('a name that both passes and fails has failed', () => {
    expect(testsIn('ok 1 - same\nnot ok 2 - same\n')).toEqual({ passed: [], failed: ['same'] });
  });
});

describe('regressionsOf', () => {
  const run = (exit: number, passed: string[] | null, failed: string[] = []) => ({
    command: 'npm test',
    exit,
    tests: passed === null ? null : { passed, failed },
  });

  it.each([
    ['a test that passed and fails', run(1, ['a', 'b'], ['c']), run(1, ['a'], ['b', 'c']), ['b']],
    ['a test that is gone', run(0, ['a', 'b']), run(0, ['a']), ['b (gone)']],
    ['a new test that fails is none', run(1, ['a'], ['c']), run(1, ['a', 'c'], ['new']), []],
    [
      'where only failures are named: one that did not fail',
      run(1, [], ['c']),
      run(1, [], ['c', 'd']),
      ['d'],
    ],
    ['without names: the command as a whole', run(0, null), run(2, null), ['npm test (exit 2)']],
    ['without names, failing before: nothing can be said', run(1, null), run(1, null), []],
    ['a run that ends before it names any test', run(0, ['a']), run(1, null), ['npm test (exit 1)']],
  ])('%s', (_, before, after, expected) => {
    expect(regressionsOf(before, after)).toEqual(expected);
  });
});
