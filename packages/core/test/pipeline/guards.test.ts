import { describe, expect, it } from 'vitest';
import { isLooping, sameCode } from '../../src/pipeline/guards.ts';
import { isStub } from '../../src/pipeline/localise.ts';
import { codeOf } from '../../src/pipeline/prompt.ts';
import { isConfigFile, isSource, isTestFile } from '../../src/pipeline/test-files.ts';

describe('sameCode', () => {
  it('does not mind blank lines, line ends and comments of their own', () => {
    expect(sameCode('a = 1\n\n# note\nb = 2  \n', 'a = 1\nb = 2')).toBe(true);
    expect(sameCode('a = 1', 'a = 2')).toBe(false);
  });
});

describe('isLooping', () => {
  it('sees three lines that come again and again', () => {
    expect(isLooping('first line\nsecond line\nthird line\n'.repeat(6))).toBe(true);
    expect(isLooping('first line\nsecond line\nthird line\n'.repeat(2))).toBe(false);
  });
});

describe('isStub', () => {
  it.each([
    ['def f(a):\n    """Doc."""\n    raise NotImplementedError', true],
    ['def f(a):\n    pass', true],
    ['function f(a) {\n  throw new Error("not implemented");\n}', true],
    ['function f(a) {\n  // TODO\n}', true],
    ['const f = (a) => {\n}', true],
    ['def f(a):\n    return a + 1', false],
    ['function f(a) {\n  if (!a) throw new Error("a is missing");\n  return a;\n}', false],
  ])('%j → %s', (code, expected) => {
    expect(isStub(code)).toBe(expected);
  });
});

describe('codeOf', () => {
  it('takes the longest block, or what stands before the end of a fence', () => {
    expect(codeOf('Sure:\n```js\na\n```\nor\n```js\nlonger\n```')).toBe('longer');
    expect(codeOf('```python\nx = 1\ny = 2')).toBe('x = 1\ny = 2');
    expect(codeOf('x = 1\n```\nExplanation')).toBe('x = 1');
  });
});

describe('test and configuration files', () => {
  it('are told from source', () => {
    expect(['a_test.go', 'tests/x.py', 'src/a.test.ts', 'test_a.py'].map(isTestFile)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['package.json', 'vite.config.ts', '.eslintrc', 'Makefile'].map(isConfigFile)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['src/latest.ts', 'contest.py', 'lib/a.js'].map(isSource)).toEqual([true, true, true]);
  });
});
