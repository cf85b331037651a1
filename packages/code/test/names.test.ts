import { describe, expect, it } from 'vitest';
import { createCodeKnowledge } from '../src/knowledge.ts';
import { samples } from './mutate/samples.ts';

const code = createCodeKnowledge();
/** Milliseconds this thread has worked: other work on the machine does not count. */
const cpu = (): number => {
  const used = process.threadCpuUsage();
  return (used.user + used.system) / 1_000;
};

describe('undefinedNames', () => {
  const rows: readonly (readonly [path: string, text: string, names: readonly string[]])[] = [
    ['a.py', 'def f(a):\n    return helper(a) + math.floor(b)\n', ['helper', 'math', 'b']],
    ['a.py', 'import math\nx = [i for i in range(3)]\nwith open(x) as y: print(y, key=math)\n', []],
    ['a.py', 'from m import *\nanything()\n', []],
    ['a.py', '@missing\ndef f(x: Missing) -> None: ...\n', ['missing', 'Missing']],
    [
      'a.py',
      'try:\n    pass\nexcept ValueError as e:\n    e\n(a, *b), c = 1, 2\na, b, c\nif (n := 1): n\n',
      [],
    ],
    ['a.py', 'def f(*args, **kw):\n    global g\n    return lambda x: (x, args, kw, g)\n', []],
    ['a.py', 'match p:\n    case P(x=v, y=[w, *r]): v, w, r\n', ['p']],
    ['a.py', 'broken(\n', []],
    ['a.js', 'const a = helper(b);\nfoo.bar = 1;', ['helper', 'b', 'foo']],
    ['a.js', 'import d, { e as f, g } from "x";\nimport * as h from "h";\nd(f, g, h);', []],
    ['a.js', 'function f({ a, b: [c], ...d }, e = a) { return { a, c, d, e, key: 1 }; }', []],
    ['a.js', 'try { x(); } catch (y) { y; } for (const i of []) i; label: for (;;) break label;', ['x']],
    ['a.js', 'if (typeof maybe !== "undefined") maybe();\nprocess.exit(console, document, describe);', []],
    ['a.js', '/* global a, b */\na(b, c);', ['c']],
    ['a.js', 'const x = { y };', ['y']],
    ['a.jsx', 'const a = <div><Missing b={c} /></div>;', ['Missing', 'c']],
    [
      'a.ts',
      'class K<T> {}\nenum E { A }\nconst x: Foo<E> = new K<Bar>(E.A) as Baz;\nnamespace N {}\nN;',
      [],
    ],
    ['a.ts', 'export * as all from "all";\nfunction f(this: X, a?: Y): a is Z { return a; }', []],
    ['a.md', 'whatever(', []],
  ];
  it.each(rows)('%s %j', async (path, text, names) => {
    expect(await code.undefinedNames(path, text)).toEqual(names);
  });

  it('accuses nothing in whole programs', async () => {
    for (const { path, text } of samples)
      expect([path, await code.undefinedNames(path, text)]).toEqual([path, []]);
  });
});

describe('rank', () => {
  const files = [
    {
      path: 'src/parser.ts',
      text: 'import { Token } from "./token.ts";\nexport function parseExpression(t: Token) {\n  return lex(t);\n}\n',
    },
    { path: 'src/token.ts', text: 'export type Token = string;\nexport const lex = (t: Token) => t;\n' },
    { path: 'src/unrelated.ts', text: 'export const colour = 1;\n' },
    {
      path: 'test/parser.test.ts',
      text: 'import { parseExpression } from "../src/parser.ts";\nparseExpression("a");\n',
    },
    { path: 'README.md', text: 'parseExpression parseExpression parseExpression\n' },
  ];
  it('puts the definition first, then what it leans on', async () => {
    const ranked = await code.rank({ files, query: ['parseExpression'], limit: 3 });
    expect(ranked.map((file) => file.path).slice(0, 2)).toEqual(['src/parser.ts', 'src/token.ts']);
    expect(ranked).toHaveLength(3);
    expect(ranked.map((file) => file.path)).toContain('test/parser.test.ts');
    expect(ranked[0]?.symbols.map((symbol) => symbol.name)).toEqual(['parseExpression']);
  });
  it('meets words by their parts and by paths', async () => {
    const byPart = await code.rank({ files, query: ['expression'], limit: 1 });
    expect(byPart[0]?.path).toBe('src/parser.ts');
    const byPath = await code.rank({ files, query: ['src/unrelated.ts'], limit: 1 });
    expect(byPath[0]?.path).toBe('src/unrelated.ts');
  });
  it('sees a changed text, and answers an empty query and no files', async () => {
    const moved = files.map((file) => ({
      path: file.path,
      text:
        file.path === 'src/unrelated.ts'
          ? 'export function parseExpression() {}\n'
          : file.text.replace('function parseExpression', 'function other'),
    }));
    const ranked = await code.rank({ files: moved, query: ['parseExpression'], limit: 1 });
    expect(ranked[0]?.path).toBe('src/unrelated.ts');
    expect(await code.rank({ files: [], query: ['a'], limit: 3 })).toEqual([]);
    const central = await code.rank({ files, query: [], limit: 1 });
    expect(central[0]?.path).toBe('src/token.ts');
  });
  it('reads 2,000 files of 20 MB within its budget, and again at once', async () => {
    const body = Array.from(
      { length: 200 },
      (_, index) => `export function name${index}Of(a, b) { return call${index}(a, b) + 1; }`,
    );
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      path: `src/folder${index % 40}/file${index}.ts`,
      text: `// ${index}\n${body.join('\n').replaceAll('Of', `Of${index}`)}\n`.slice(0, 10_000),
    }));
    const start = cpu();
    const first = await code.rank({ files: many, query: ['name3Of77'], limit: 20 });
    const middle = cpu();
    const second = await code.rank({ files: many, query: ['name3Of77'], limit: 20 });
    const end = cpu();
    expect(first[0]?.path).toBe('src/folder37/file77.ts');
    expect(second).toEqual(first);
    expect(middle - start).toBeLessThan(4_000);
    expect(end - middle).toBeLessThan(middle - start);
  });
});
