import { describe, expect, it } from 'vitest';
import { isQuestion, namesInRequest, verifyInRequest } from '../../src/pipeline/intent.ts';

describe('isQuestion', () => {
  it.each([
    ['Where is the retry limit set?', true],
    ['explain how `parse` treats empty lines', true],
    ['Does the cache expire?', true],
    ['Fix the failing test', false],
    ['can you fix the off-by-one in slice?', false],
    ['The function `encode` in `solution.ts` has a bug. Find it and fix it.', false],
    ['Implement `total` so that it sums the prices', false],
    ['Empty input crashes the parser', false],
  ])('%s → %s', (request, expected) => {
    expect(isQuestion(request)).toBe(expected);
  });
});

describe('verifyInRequest', () => {
  it('takes the command that the request says to run', () => {
    expect(verifyInRequest('`a_test.py` holds a test; run it with: `python3 -m unittest a_test`')).toBe(
      'python3 -m unittest a_test',
    );
  });

  it('takes no name or file for a command', () => {
    expect(verifyInRequest('the test `example_test.py` calls `total`')).toBeNull();
  });
});

describe('namesInRequest', () => {
  it('tells quoted names from plain ones and drops the arguments of a call', () => {
    expect(namesInRequest('`parseLine(text)` in src/parse.ts loses the last_item')).toEqual({
      quoted: ['parseLine'],
      plain: ['parseLine', 'text', 'src/parse.ts', 'loses', 'last_item'],
    });
  });
});
