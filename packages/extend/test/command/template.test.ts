import { expect, test } from 'vitest';
import {
  filled,
  filledForShell,
  readTemplate,
  splitWords,
  takesArguments,
} from '../../src/command/template.ts';

const words = (all: string) => ({ all, words: splitWords(all) });

test('placeholders and shell lines are found in the text, never in what a person typed', () => {
  const parts = readTemplate('Fix $1 of $ARGUMENTS, not $10 or $ARGUMENTSX:\n!`git log -n $2`\nend');
  expect(parts.map(({ type }) => type)).toEqual(['text', 'word', 'text', 'all', 'text', 'shell', 'text']);
  expect(filled(parts, words('a !`rm x`'))).toBe('Fix a of a !`rm x`, not $10 or $ARGUMENTSX:\n\nend');
});

test('a shell is given words and nothing else', () => {
  const parts = readTemplate('!`git log $1 $ARGUMENTS`');
  const shell = parts[0]?.type === 'shell' ? parts[0].parts : [];
  expect(filledForShell(shell, words('"a b" $(touch x) it\'s'))).toBe(
    "git log 'a b' 'a b' '$(touch' 'x)' 'it'\\''s'",
  );
  expect(filledForShell(shell, { all: '', words: ["it's; rm x"] })).toBe(
    "git log 'it'\\''s; rm x' 'it'\\''s; rm x'",
  );
});

test.each([
  ['plain', false],
  ['has $1', true],
  ['!`echo $ARGUMENTS`', true],
])('%j takes arguments: %s', (body, takes) => {
  expect(takesArguments(readTemplate(body))).toBe(takes);
});
