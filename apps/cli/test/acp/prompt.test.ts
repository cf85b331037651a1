import { expect, test } from 'vitest';
import { readPrompt } from '../../src/acp/prompt.ts';

test('what was typed comes first, what came along under it; files of the workspace are named', () => {
  const link = (uri: string) => ({ type: 'resource_link', name: 'any', uri }) as const;
  const said = readPrompt(
    [
      { type: 'text', text: '/review' },
      link('file:///w/src/a%20b.ts'),
      link('file:///w/src/a%20b.ts'),
      link('file:///elsewhere/c.ts'),
      link('https://example.com/d'),
      { type: 'resource', resource: { uri: 'file:///w/e.md', text: 'notes\n' } },
    ],
    '/w',
  );
  expect(said.typed.split(/ {2}| $/).slice(0, 5)).toEqual([
    '/review src/a b.ts',
    'src/a b.ts',
    '/elsewhere/c.ts',
    'https://example.com/d',
    'e.md',
  ]);
  expect(said.data).toBe('<resource name="e.md">\nnotes\n</resource>');
  expect(said.files).toEqual(['src/a b.ts', 'e.md']);
});

test('what is no text is refused, and so is nothing', () => {
  const binary = { uri: 'file:///w/a.png', blob: '' };
  expect(() => readPrompt([{ type: 'resource', resource: binary }], '/w')).toThrow(/is no text/);
  expect(() => readPrompt([{ type: 'text', text: ' \n' }], '/w')).toThrow(/is empty/);
});
