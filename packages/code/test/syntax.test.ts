import { describe, expect, it } from 'vitest';
import { createCodeKnowledge } from '../src/knowledge.ts';

const code = createCodeKnowledge();

describe('syntaxError', () => {
  const wrong: readonly (readonly [path: string, text: string, line: number, message: RegExp])[] = [
    ['a.js', 'const a = {\n  b: 1,\n', 1, /'\{' is never closed|missing '}'/],
    ['a.js', 'f(1, [2);\n', 1, /missing|unexpected|never closed/],
    ['a.js', 'function f() {\n  return 1;\n}\n}\n', 4, /unexpected/],
    ['a.js', 'let a = 1;\nlet a = 2;\n', 2, /'a' is declared twice/],
    ['a.js', 'const f = () => { await g(); };', 1, /not async/],
    ['a.js', 'if (a) { continue; }', 1, /outside of a loop/],
    ['a.ts', 'const a: = 1;', 1, /unexpected|missing/],
    ['a.tsx', 'const a = <p>;', 1, /./],
    ['a.py', 'def f(a:\n    return a\n', 1, /'\(' is never closed/],
    ['a.py', 'def f():\n\nx = 1\n', 1, /indented block/],
    ['a.py', 'def f():\n    # only a comment\nx = 1\n', 1, /indented block/],
    ['a.py', 'x = 1\n    y = 2\n', 2, /unexpected indent/],
    ['a.py', 'def f():\n    x = 1\n  y = 2\n', 3, /unexpected indent|no outer level/],
    ['a.py', 'if x:\n    y = 1\n   z = 2\n', 3, /./],
    ['a.py', 'print "x"\n', 1, /parentheses/],
    ['a.py', 'return 1\n', 1, /outside of a function/],
    ['a.py', 'x = (1,\ny = 2\n', 1, /./],
    ['a.py', 'for i in x\n    pass\n', 1, /./],
  ];
  it.each(wrong)('%s %j', async (path, text, line, message) => {
    const found = await code.syntaxError(path, text);
    expect(found?.message).toMatch(message);
    expect(found?.line).toBe(line);
  });

  const right: readonly (readonly [path: string, text: string])[] = [
    ['a.md', 'let a ='],
    ['a.js', ''],
    ['a.js', '#!/usr/bin/env node\nawait import("x");\nlabel: for (;;) { for (;;) continue label; }\n'],
    ['a.js', 'switch (a) { case 1: break; }\nfunction f() {}\nfunction f() {}\nvar a; var a;\n'],
    ['a.js', 'class A { static { this.#x = 1; } static #x; get [y]() { return a?.b ?? (c ||= 1n); } }'],
    ['a.js', 'const { a, ...b } = c; { const a = 1; }\nfor await (const x of y) { if (x) break; }'],
    ['a.ts', 'const a = <const T,>(x: T) => x satisfies T;\nlet b!: string;\nexport type { C } from "c";'],
    ['a.tsx', 'const a = <A b={1} {...c}>text {d} <></></A>;'],
    ['a.py', ''],
    ['a.py', 'if x: y = 1; z = 2\nwhile True:\n\tbreak\n'],
    [
      'a.py',
      'def f(): ...\n\nclass A:\n    """Doc."""\n\n    # note\n    def g(self):\n        x = [\n1,\n]\n        return x\n',
    ],
    ['a.py', 'match a:\n    case [x, *_] if x > 1:\n        pass\n    case _:\n        pass\n'],
    [
      'a.py',
      'try:\n    pass\nexcept* (A, B) as e:\n    raise X from e\nasync def f():\n    async with a as b, c:\n        return [await x async for x in y]\n',
    ],
    [
      'a.py',
      'x = f"{a!r:>{b}}" "b"\nprint(*a, sep="")\ndef f[T](x: T, /, *, y: int = 1) -> T: return x\ntype A = int\n',
    ],
    ['a.py', 'for i in x:\n    if i:\n        continue\nelse:\n    pass\nlambda: (yield)\n'],
  ];
  it.each(right)('accepts %s %j', async (path, text) => {
    expect(await code.syntaxError(path, text)).toBeNull();
  });
});

describe('text that is no code a person wrote', () => {
  it.each([`a${'+1'.repeat(3_000)}`, '('.repeat(3_000), `${'['.repeat(2_000)}${']'.repeat(2_000)}`])(
    'is answered without running out of stack',
    async (text) => {
      expect((await code.mutations('a.js', text, { limit: 5 })).length).toBeLessThanOrEqual(5);
      expect(await code.symbols('a.js', text)).toEqual([]);
      await code.undefinedNames('a.py', text);
    },
  );
  it('counts offsets in UTF-16 units', async () => {
    const text = '# 日本 𝒳\ndef f(x): return "𝒳"\ndef g(x): return x < 1\n';
    const [, g] = await code.symbols('a.py', text);
    expect(text.slice(g!.start, g!.end)).toBe('def g(x): return x < 1');
    const found = await code.mutations('a.py', text, { limit: 50 });
    expect(found.map((mutation) => mutation.text)).toContain(text.replace('<', '<='));
  });
});

describe('imports', () => {
  it('reads every form of JavaScript', async () => {
    const text = `import a, { b as c, d } from './a.js';
import * as e from "e";
import './side.css';
export { f } from './f';
const { g, h: i } = require('../g');
const j = (await import('./j.mjs')).default;
export * from './k';
import type { L } from './l.ts';
require(dynamic);
`;
    expect(await code.imports('a.ts', text)).toEqual([
      { module: './a.js', names: ['a', 'c', 'd'] },
      { module: 'e', names: ['e'] },
      { module: './side.css', names: [] },
      { module: './f', names: [] },
      { module: '../g', names: ['g', 'i'] },
      { module: './j.mjs', names: ['j'] },
      { module: './k', names: [] },
      { module: './l.ts', names: ['L'] },
    ]);
  });
  it('reads every form of Python', async () => {
    const text = `import os.path, sys as system
from ..pkg.mod import a as b, c
from . import d
from e import *
from __future__ import annotations
def f():
    from g import (h,
                   i)
`;
    expect(await code.imports('a.py', text)).toEqual([
      { module: 'os.path', names: ['os'] },
      { module: 'sys', names: ['system'] },
      { module: '..pkg.mod', names: ['b', 'c'] },
      { module: '.', names: ['d'] },
      { module: 'e', names: ['*'] },
      { module: '__future__', names: ['annotations'] },
      { module: 'g', names: ['h', 'i'] },
    ]);
  });
});

describe('resolveImport', () => {
  const files = new Set([
    'src/a.ts',
    'src/b/index.tsx',
    'src/c.js',
    'src/d.d.ts',
    'lib/util.js',
    'src/data.json',
    'index.js',
    'pkg/__init__.py',
    'pkg/mod.py',
    'pkg/sub/__init__.py',
    'pkg/sub/deep.py',
    'src/lay/__init__.py',
    'src/lay/core.py',
    'tests/helper.py',
  ]);
  const rows: readonly (readonly [from: string, module: string, found: readonly string[]])[] = [
    ['src/x.ts', './a.js', ['src/a.ts']],
    ['src/x.ts', './a', ['src/a.ts']],
    ['src/x.ts', './b', ['src/b/index.tsx']],
    ['src/x.ts', './c.js', ['src/c.js']],
    ['src/x.ts', './d', ['src/d.d.ts']],
    ['src/b/y.ts', '../data.json', ['src/data.json']],
    ['test/x.js', '..', ['index.js']],
    ['src/x.ts', '../../out', []],
    ['src/x.ts', 'lib/util', ['lib/util.js']],
    ['src/x.ts', 'react', []],
    ['pkg/x.py', '.mod', ['pkg/mod.py']],
    ['pkg/sub/deep.py', '..mod', ['pkg/mod.py']],
    ['pkg/sub/deep.py', '.', ['pkg/sub/__init__.py']],
    ['tests/t.py', 'pkg.sub.deep', ['pkg/sub/deep.py']],
    ['tests/t.py', 'lay.core', ['src/lay/core.py']],
    ['tests/t.py', 'lay', ['src/lay/__init__.py']],
    ['tests/t.py', 'helper', ['tests/helper.py']],
    ['tests/t.py', 'os', []],
    ['t.py', '..up', []],
  ];
  it.each(rows)('%s imports %s', (from, module, found) => {
    expect(code.resolveImport(from, module, files)).toEqual(found);
  });
});

describe('identifiers', () => {
  it('are names, not words of strings or comments', async () => {
    const names = await code.identifiers('a.ts', 'const a: B = c.d("e"); // f\nconst { g } = { h: 1, i };');
    expect([...names].toSorted()).toEqual(['B', 'a', 'c', 'd', 'g', 'h', 'i']);
  });
});

describe('withoutBody', () => {
  it('keeps head and comments in JavaScript', async () => {
    const text = '// adds\nexport function add(a, b) {\n  return a + b;\n}\nconst two = (x) => x * 2;\n';
    expect(await code.withoutBody('a.js', text, 'add')).toBe(
      '// adds\nexport function add(a, b) {\n  // TODO\n}\nconst two = (x) => x * 2;\n',
    );
    expect(await code.withoutBody('a.js', text, 'two')).toContain('const two = (x) => {\n  // TODO\n};');
    expect(await code.withoutBody('a.js', text, 'three')).toBeNull();
  });
  it('keeps the docstring in Python', async () => {
    const text =
      'class A:\n    def f(self):\n        """Doc.\n\n        More."""\n        x = 1\n        return x\n\n    def g(self): return 2\n';
    expect(await code.withoutBody('a.py', text, 'A.f')).toBe(
      'class A:\n    def f(self):\n        """Doc.\n\n        More."""\n        raise NotImplementedError\n\n    def g(self): return 2\n',
    );
    const other = (await code.withoutBody('a.py', text, 'g'))!;
    expect(other).toContain('def g(self): raise NotImplementedError\n');
    expect(await code.syntaxError('a.py', other)).toBeNull();
  });
  it('parses, whatever is emptied', async () => {
    const text =
      'export class A {\n  @dec m(): void { return; }\n  n = () => 1;\n}\nexport default () => ({ a: 1 });\n';
    for (const symbol of await code.symbols('a.ts', text)) {
      const emptied = await code.withoutBody('a.ts', text, symbol.qualified);
      expect(emptied).not.toBeNull();
      expect(await code.syntaxError('a.ts', emptied!)).toBeNull();
    }
  });
});
