import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodeLanguageName } from '../../src/effects/describe.ts';
import { judge, where } from './code-of.ts';

const languages = [
  'python',
  'node',
  'perl',
  'ruby',
  'php',
  'awk',
  'sed',
  'sql',
  'lua',
  'applescript',
  'powershell',
  'shell',
] as const satisfies readonly CodeLanguageName[];
const snippets = [
  'import os as o\nfor f in o.listdir("/a"):\n  o.remove(o.path.join("/a", f))\n',
  'x = "".join([chr(c) for c in [1, 2]])\nexec(x[::-1] % (1, 2))\nwith open(x, "w") as g: g.write("{}".format(x))\n',
  `const { rm: r } = require("fs"); [1].forEach((x) => r(\`a\${x}\`)); fetch(u).then((a) => a.text()).then(eval)`,
  'class A { m({ a, ...b } = {}) { this.x = a; return this.x[b] } }\nfor (;;) { process.kill(1) }',
  'BEGIN { print "a" > "b"; "x" | getline y; system("c" d) } /a[/]b/ { print $1 / 2 }',
  '/a/,/b/{s/x[/]y/z/we;1e id\n}; y/a/b/; w f',
  'WITH x AS (DELETE FROM t WHERE a = $$q$$) SELECT /*!1 b */ "c" FROM x; \\! id\n.shell x',
  'my $x = q{a}; open(F, ">$x") or die; `ls #{y}`; unlink "a", qx(b);',
];

const mutated = fc
  .record({
    text: fc.constantFrom(...snippets),
    cuts: fc.array(
      fc.record({
        at: fc.nat(200),
        drop: fc.nat(6),
        put: fc.string({
          maxLength: 4,
          unit: fc.constantFrom(
            '(',
            ')',
            '[',
            ']',
            '{',
            '}',
            '"',
            "'",
            '`',
            '\\',
            '/',
            '\n',
            'a',
            '1',
            ';',
            '\uFFFC',
            '$',
            '%',
            '|',
          ),
        }),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ text, cuts }) =>
    cuts.reduce((rest, { at, drop, put }) => rest.slice(0, at) + put + rest.slice(at + drop), text),
  );
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), mutated);

describe('any text', () => {
  it('is answered, and always the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(...languages), anyText, (language, text) => {
        const first = judge.effects(language, text, where);
        expect(first.length).toBeGreaterThan(0);
        expect(judge.effects(language, text, where)).toEqual(first);
      }),
      { numRuns: 400 },
    );
  });

  it('has weaknesses on lines that it has', () => {
    fc.assert(
      fc.property(fc.constantFrom('python', 'javascript', 'tsx'), anyText, (language, text) => {
        const lines = text.split('\n').length;
        for (const { line } of judge.weaknesses(language, text))
          expect(line >= 1 && line <= lines).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['python', `x = ${'('.repeat(3000)}1${')'.repeat(3000)}`],
    ['python', `${'f('.repeat(3000)}${')'.repeat(3000)}`],
    [
      'python',
      `x0 = "a" * 5000\n${Array.from({ length: 2000 }, (_, at) => `x${at + 1} = x${at} + x${at}`).join('\n')}\nimport os\nos.system(x2000)`,
    ],
    ['python', `x = ${'"a" + '.repeat(3000)}"b"`],
    ['python', 'def f(x):\n  return f(x)\nimport os\nos.system(f(f))'],
    ['node', `${'['.repeat(3000)}${']'.repeat(3000)}`],
    ['node', `${'a('.repeat(3000)}${')'.repeat(3000)}`],
    ['node', `a${'.b()'.repeat(3000)}`],
    ['node', 'const a = () => a(); eval(a())'],
    ['sql', '('.repeat(20_000)],
    ['sql', `SELECT ${"'a' || ".repeat(5000)}1`],
    ['awk', `{ print ${'('.repeat(5000)} > "x" }`],
    ['sed', 's/a/b/;'.repeat(5000)],
    ['perl', 'system('.repeat(5000)],
    ['ruby', '"'.repeat(9999)],
    ['php', '[('.repeat(5000)],
  ] as const)('%s in any depth is answered: %.40s', (language, text) => {
    expect(judge.effects(language, text, where).length).toBeGreaterThan(0);
  });

  it('cannot be read before its grammar is there', async () => {
    const { loadCode } = await import('../../src/code/code-effects.ts');
    const unready = await loadCode();
    expect(unready.effects('python', 'print(1)', where)).toEqual([
      expect.objectContaining({ type: 'opaque', at: 'code' }),
    ]);
    expect(() => unready.weaknesses('python', 'print(1)')).toThrow(/before it is ready/);
  });
});
