import { array, check, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bare, commands } from '../../src/args/commands.ts';
import { parse } from '../../src/args/parse.ts';
import { manyOf } from '../../src/args/read.ts';

const exec = commands.find(({ name }) => name === 'exec')!;

const parsed = (...words: string[]) => {
  const result = parse(exec, words);
  if (result.type === 'refused') return result.message.split('\n')[0];
  const { switches, values, positionals } = result.parsed;
  return { switches: [...switches], values: Object.fromEntries(values), positionals };
};

describe('reads', () => {
  test.each([
    [['--model', 'a/b', 'fix it'], { switches: [], values: { model: 'a/b' }, positionals: ['fix it'] }],
    [['fix', '--model=a/b=c'], { switches: [], values: { model: 'a/b=c' }, positionals: ['fix'] }],
    [['-m', 'x', '-C/tmp'], { switches: [], values: { model: 'x', cwd: '/tmp' }, positionals: [] }],
    [['-p', 'hello'], { switches: ['print'], values: {}, positionals: ['hello'] }],
    [['-'], { switches: [], values: {}, positionals: ['-'] }],
    [['-o', '-'], { switches: [], values: { output: '-' }, positionals: [] }],
    [['--', '--model'], { switches: [], values: {}, positionals: ['--model'] }],
    [['--files', 'a,b', '--files', 'c'], { switches: [], values: { files: 'a,b,c' }, positionals: [] }],
    [['--json'], { switches: [], values: { 'output-format': 'json' }, positionals: [] }],
    [['--yolo'], { switches: [], values: { 'permission-mode': 'bypass' }, positionals: [] }],
    [['--full-auto'], { switches: [], values: { 'permission-mode': 'auto' }, positionals: [] }],
    [['--verify', '-x 1'], { switches: [], values: { verify: '-x 1' }, positionals: [] }],
    [['--model', 'a', '--model', 'b'], { switches: [], values: { model: 'b' }, positionals: [] }],
  ])('%j', (words, expected) => {
    expect(parsed(...words)).toEqual(expected);
  });
});

describe('refuses, saying what to type', () => {
  test.each([
    [['--modle', 'x'], 'tandem exec: there is no --modle; did you mean --model?'],
    [['--zzzzzz'], 'tandem exec: there is no --zzzzzz'],
    [['--model'], 'tandem exec: --model needs a value: --model ID'],
    [['--model', '--offline'], 'tandem exec: --model needs a value: --model ID'],
    [['--model='], 'tandem exec: --model is empty'],
    [['--offline=yes'], 'tandem exec: --offline takes no value'],
    [['--attempts', '0'], 'tandem exec: --attempts is a whole number from 1, not "0"'],
    [['--max-seconds', '1e999'], 'tandem exec: --max-seconds is a number above 0, not "1e999"'],
    [
      ['--output-format', 'jsno'],
      'tandem exec: --output-format is one of text, json, stream-json, not "jsno"; did you mean json?',
    ],
    [
      ['fix', 'the', 'bug'],
      'tandem exec: "the" is one argument too many; put quotes around a prompt of several words',
    ],
    [['-x'], 'tandem exec: there is no -x'],
  ])('%j', (words, expected) => {
    expect(parsed(...words)).toBe(expected);
  });
});

test('an option that may be given more than once keeps each value whole', () => {
  const command = commands.find(({ name }) => name === 'attempts')!;
  const result = parse(command, ['goal', '--try', 'a lock, held long', '--try=a queue', '-m', 'x/y']);
  if (result.type === 'refused') throw new Error(result.message);
  expect(manyOf(result.parsed, 'try')).toEqual(['a lock, held long', 'a queue']);
  expect(manyOf(result.parsed, 'model')).toEqual(['x/y']);
  expect(manyOf(result.parsed, 'files')).toEqual([]);
});

test('never throws, and whatever follows -- is positional', () => {
  const words = array(string({ maxLength: 12 }), { maxLength: 6 });
  const result = check(
    property(words, (list) => {
      parse(bare, list);
      const after = parse(bare, ['--', ...list.slice(0, 1)]);
      return after.type === 'parsed' && after.parsed.positionals.join() === list.slice(0, 1).join();
    }),
  );
  expect(result.failed).toBe(false);
});
