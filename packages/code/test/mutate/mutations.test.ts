import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodeKnowledge } from '../../src/knowledge.ts';
import { samples } from './samples.ts';

const code = createCodeKnowledge();
/** Milliseconds this thread has worked: other work on the machine does not count. */
const cpu = (): number => {
  const used = process.threadCpuUsage();
  return (used.user + used.system) / 1_000;
};
const all = (path: string, text: string) => code.mutations(path, text, { limit: 10_000 });

describe('mutations of whole files', () => {
  it.each(samples)('of $path parse, differ and are distinct', async ({ path, text }) => {
    expect(await code.syntaxError(path, text)).toBeNull();
    const found = await all(path, text);
    expect(found.length).toBeGreaterThan(100);
    expect(new Set(found.map((mutation) => mutation.text)).size).toBe(found.length);
    const wrong: unknown[] = [];
    // Every third: a whole parse of each is what takes the time here.
    for (const mutation of found.filter((_, index) => index % 3 === 0)) {
      const fault = await code.syntaxError(path, mutation.text);
      if (fault !== null || mutation.text === text) wrong.push({ ...mutation, text: '', fault });
    }
    expect(wrong).toEqual([]);
  });

  it.each(samples)(
    'of $path that swap a token change one line: the one they name',
    async ({ path, text }) => {
      const lines = text.split('\n');
      for (const mutation of await all(path, text)) {
        if (
          !/^(?:comparison|arithmetic|compound-assignment|boundary|constant|method)$/.test(mutation.operator)
        )
          continue;
        const changed = mutation.text.split('\n');
        const at = lines.findIndex((line, index) => line !== changed[index]) + 1;
        expect([mutation.line, changed.length]).toEqual([at, lines.length]);
        expect(changed.slice(at)).toEqual(lines.slice(at));
      }
    },
  );

  it('keep to the lines and the limit', async () => {
    const { path, text } = samples[0]!;
    const lines = new Set([17, 18]);
    const some = await code.mutations(path, text, { lines, limit: 12 });
    expect(some).toHaveLength(12);
    expect(some.every((mutation) => lines.has(mutation.line))).toBe(true);
    expect(await code.mutations(path, text, { limit: 0 })).toEqual([]);
    expect(await code.mutations('a.md', text, { limit: 9 })).toEqual([]);
  });

  it('give likely ones first, and no operator crowds out the others', async () => {
    const text = `def f(a, b, c):\n${'    if a < b and b < c:\n        c = a + b\n'.repeat(60)}    return c\n`;
    const first = await code.mutations('a.py', text, { limit: 300 });
    expect(first[0]?.operator).toBe('comparison');
    expect(new Set(first.map((mutation) => mutation.operator)).size).toBeGreaterThan(6);
  });

  it('take no more than 400 ms for 300 of a file of 150 lines', async () => {
    const python = samples.find((sample) => sample.path.endsWith('.py'))!;
    const text = `${python.text}\n\n`.repeat(Math.ceil(150 / python.text.split('\n').length));
    await all(python.path, text);
    const times: number[] = [];
    for (const round of [1, 2, 3]) {
      const start = cpu();
      const found = await code.mutations(python.path, `${text}# ${round}\n`, { limit: 300 });
      times.push(cpu() - start);
      expect(found).toHaveLength(300);
    }
    expect(Math.min(...times)).toBeLessThan(400);
  });

  it('leave types, imports and comments alone', async () => {
    const text = 'import { a } from "./a.ts"; // a < b\nexport type T = 1 | 2;\nlet x: Map<string, 3>;\n';
    expect(await all('a.ts', text)).toEqual([]);
  });

  it('of a text with an error add no further one', async () => {
    const text = 'const x = ;\nfunction f(a, b) {\n  return a < b;\n}\n';
    const found = await all('a.js', text);
    expect(found.map((mutation) => mutation.after)).toContain('<=');
  });
});

const name = fc.constantFrom('a', 'b', 'items', 'n', 'total');
const expression: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    name,
    fc.nat(12).map(String),
    fc
      .tuple(tie('value'), fc.constantFrom('+', '-', '*', '<', '>=', '==', '%', '&'), tie('value'))
      .map((parts) => parts.join(' ')),
    tie('value').map((value) => `(${value})`),
    fc.tuple(name, tie('value')).map(([list, index]) => `${list}[${index}]`),
    fc.tuple(name, tie('value'), tie('value')).map(([called, one, other]) => `${called}(${one}, ${other})`),
  ),
})).value;

type Statement = { readonly python: readonly string[]; readonly script: readonly string[] };
const indented = (lines: readonly string[], by: string): readonly string[] => lines.map((line) => by + line);
const statement: fc.Arbitrary<Statement> = fc.letrec<{ value: Statement }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    expression.map((value) => ({ python: [`return ${value}`], script: [`return ${value};`] })),
    fc
      .tuple(name, expression)
      .map(([left, value]) => ({ python: [`${left} = ${value}`], script: [`${left} = ${value};`] })),
    fc
      .tuple(name, expression)
      .map(([left, value]) => ({ python: [`${left} += ${value}`], script: [`${left} += ${value};`] })),
    fc.tuple(expression, tie('value'), tie('value')).map(([test, one, other]) => ({
      python: [`if ${test}:`, ...indented(one.python, '    '), ...indented(other.python, '    ')],
      script: [`if (${test}) {`, ...indented(one.script, '  '), ...indented(other.script, '  '), '}'],
    })),
    fc.tuple(name, expression, tie('value')).map(([bound, over, body]) => ({
      python: [`for ${bound} in ${over}:`, ...indented(body.python, '    '), '    continue'],
      script: [`for (const ${bound} of ${over}) {`, ...indented(body.script, '  '), '  continue;', '}'],
    })),
  ),
})).value;

describe('mutations of any function', () => {
  it('parse, differ and are distinct', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 4 }), async (statements) => {
        const texts = {
          'a.py': [
            'def f(a, b, items):',
            ...indented(
              statements.flatMap((one) => one.python),
              '    ',
            ),
            '',
          ],
          'a.js': [
            'function f(a, b, items) {',
            ...indented(
              statements.flatMap((one) => one.script),
              '  ',
            ),
            '}',
            '',
          ],
        };
        for (const [path, lines] of Object.entries(texts)) {
          const text = lines.join('\n');
          expect(await code.syntaxError(path, text)).toBeNull();
          const found = await code.mutations(path, text, { limit: 80 });
          expect(new Set([text, ...found.map((one) => one.text)]).size).toBe(found.length + 1);
          for (const one of found) expect([await code.syntaxError(path, one.text), one]).toEqual([null, one]);
        }
      }),
      { numRuns: 20 },
    );
  });
});
