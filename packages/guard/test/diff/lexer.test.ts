import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LexerFamily, lex } from '../../src/diff/lexer.ts';

const texts = (family: LexerFamily, text: string): readonly string[] =>
  lex(family, text).tokens.map((token) => token.text);

describe('lex', () => {
  it('tells patterns from divisions, and reads the code within templates', () => {
    expect(texts('javascript', 'a = b / c; s.replace(/[/"]/g, `x ${escape(y)}`) // done')).toEqual([
      'a',
      '=',
      'b',
      '/',
      'c',
      ';',
      's',
      '.',
      'replace',
      '(',
      '/[/"]/g',
      ',',
      '`x ${escape(y)}`',
      'escape',
      '(',
      'y',
      ')',
      ')',
    ]);
  });

  it('keeps reading after a quote or a comment that the fragment does not close', () => {
    expect(texts('javascript', ' * prose of a comment\n */\nrun(`')).toEqual(['run', '(', '`']);
    expect(texts('python', "it's\nrun()")).toEqual(['it', "'", 's', 'run', '(', ')']);
  });

  it('takes the documentation of Python for a comment, on the lines where it stands', () => {
    const { tokens, comments } = lex('python', 'def f():\n    """Checks\n    all."""\n    return x  # end');
    expect(tokens.at(-1)).toEqual({ kind: 'word', text: 'x', line: 3 });
    expect(comments.map((comment) => comment.line)).toEqual([1, 2, 3]);
  });

  it('never throws, and gives tokens in the order of the lines', () => {
    const family = fc.constantFrom<LexerFamily>('javascript', 'c', 'php', 'python', 'hash');
    const text = fc
      .array(fc.constantFrom('`', '"', "'", '/', '/*', '*/', '#', '\\', '${', '}', '\n', 'a', '1', '"""'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(family, text, (name, code) => {
        const lines = lex(name, code).tokens.map((token) => token.line);
        expect(lines).toEqual([...lines].sort((left, right) => left - right));
      }),
    );
  });
});
