import { describe, expect, it } from 'vitest';
import { createCodeKnowledge } from '../../src/knowledge.ts';

const code = createCodeKnowledge();

type Row = readonly [operator: string, text: string, wanted: string];

/** The mutant may stand anywhere in the order; its operator must be the named one. */
const proposes = async (path: string, [operator, text, wanted]: Row): Promise<void> => {
  const found = await code.mutations(path, text, { limit: 5_000 });
  const hit = found.find((mutation) => mutation.text === wanted);
  expect(hit, `no mutant like:\n${wanted}`).toBeDefined();
  expect(hit?.operator).toBe(operator);
};

const python: readonly Row[] = [
  ['comparison', 'x = a < b\n', 'x = a <= b\n'],
  ['comparison', 'x = a >= b\n', 'x = a > b\n'],
  ['comparison', 'x = a == b\n', 'x = a != b\n'],
  ['comparison', 'x = a is b\n', 'x = a is not b\n'],
  ['comparison', 'x = a not in b\n', 'x = a in b\n'],
  ['boundary', 'x = a < n\n', 'x = a < n - 1\n'],
  ['boundary', 'x = a < n - 1\n', 'x = a < n\n'],
  ['boundary', 'x = range(n)\n', 'x = range(n + 1)\n'],
  ['boundary', 'x = range(n)\n', 'x = range(1, n)\n'],
  ['boundary', 'x = range(1, n)\n', 'x = range(n)\n'],
  ['boundary', 'x = a[i:n]\n', 'x = a[i:n + 1]\n'],
  ['boundary', 'x = a[1:]\n', 'x = a[0:]\n'],
  ['boundary', 'x = a[:k]\n', 'x = a[k:]\n'],
  ['boundary', 'x = a[i]\n', 'x = a[i - 1]\n'],
  ['boundary', 'x = a[0]\n', 'x = a[-1]\n'],
  ['boundary', 'def f(n):\n    return f(n)\n', 'def f(n):\n    return f(n - 1)\n'],
  ['arithmetic', 'x = a + b\n', 'x = a - b\n'],
  ['arithmetic', 'x = a / b\n', 'x = a // b\n'],
  ['arithmetic', 'x = a ** b\n', 'x = a * b\n'],
  ['arithmetic', 'x = a & b\n', 'x = a | b\n'],
  ['arithmetic', 'x = a and b\n', 'x = a or b\n'],
  ['arithmetic', 'x = -a\n', 'x = a\n'],
  ['compound-assignment', 'x += a\n', 'x -= a\n'],
  ['compound-assignment', 'x += a\n', 'x = a\n'],
  ['compound-assignment', 'x ^= a\n', 'x &= a\n'],
  [
    'compound-assignment',
    'def f(a):\n    x = 0\n    x = a\n    return x\n',
    'def f(a):\n    x = 0\n    x += a\n    return x\n',
  ],
  ['operand-order', 'x = a - b\n', 'x = b - a\n'],
  ['operand-order', 'x = f(a) + b\n', 'x = b + f(a)\n'],
  ['constant', 'x = f(3)\n', 'x = f(4)\n'],
  ['constant', 'x = 0\n', 'x = 1\n'],
  ['constant', 'x = 0\n', "x = -float('inf')\n"],
  ['constant', 'x = True\n', 'x = False\n'],
  ['constant', "x = ''\n", "x = ' '\n"],
  ['constant', 'def f():\n    return 3 * g(7)\n', 'def f():\n    return 7 * g(7)\n'],
  ['constant', 'def f():\n    return []\n', 'def f():\n    return [[]]\n'],
  ['constant', "x = float('inf')\n", "x = -float('inf')\n"],
  ['name', 'def f(a, b):\n    return a\n', 'def f(a, b):\n    return b\n'],
  ['name', 'def f(a):\n    b = g(a)\n    return h(b)\n', 'def f(a):\n    b = g(a)\n    return h(a)\n'],
  [
    'name',
    'class A:\n    def f(self):\n        return self.low + self.high\n',
    'class A:\n    def f(self):\n        return self.high + self.high\n',
  ],
  [
    'name',
    'def f(a):\n    return [x for x in a if g(x)]\n',
    'def f(a):\n    return [a for x in a if g(x)]\n',
  ],
  [
    'name',
    'def f(a):\n    for i in range(len(a)):\n        if i > 2:\n            g(a)\n',
    'def f(a):\n    for i in range(len(a)):\n        if a[i] > 2:\n            g(a)\n',
  ],
  ['argument', 'f(a, b)\n', 'f(b, a)\n'],
  ['argument', 'f(a, b)\n', 'f(a)\n'],
  ['argument', 'def f(a, b):\n    return f(a)\n', 'def f(a, b):\n    return f(a, b)\n'],
  ['method', 'x = min(a, b)\n', 'x = max(a, b)\n'],
  ['method', 'a.append(b)\n', 'a.extend(b)\n'],
  ['method', 'x = any(a)\n', 'x = all(a)\n'],
  ['missing-call', 'x = a.strip()\n', 'x = a\n'],
  ['wrap', 'x = abs(a)\n', 'x = a\n'],
  ['wrap', 'x = a - b < c\n', 'x = abs(a - b) < c\n'],
  ['wrap', 'def f(path, out):\n    out.append(path)\n', 'def f(path, out):\n    out.append(path[:])\n'],
  ['wrap', "x = 'a' + b\n", "x = 'a' + str(b)\n"],
  [
    'missing-call',
    'def f(d):\n    return [k for k, v in d]\n',
    'def f(d):\n    return [k for k, v in d.items()]\n',
  ],
  ['wrap', 'def f(a):\n    return range(a)\n', 'def f(a):\n    return range(len(a))\n'],
  ['name', 'def f(total):\n    return totl\n', 'def f(total):\n    return total\n'],
  ['negation', 'if not a:\n    b\n', 'if a:\n    b\n'],
  ['negation', 'if a:\n    b\n', 'if not a:\n    b\n'],
  ['negation', 'x = a if c else b\n', 'x = b if c else a\n'],
  ['condition', 'if a and b:\n    c\n', 'if a:\n    c\n'],
  [
    'condition',
    'def f(queue):\n    while True:\n        queue.pop()\n',
    'def f(queue):\n    while queue:\n        queue.pop()\n',
  ],
  ['return', 'def f(a):\n    return g(a)\n', 'def f(a):\n    return not g(a)\n'],
  ['return', 'def f(a):\n    f(a)\n', 'def f(a):\n    return f(a)\n'],
  ['return', 'def f(a):\n    b = g(a)\n    h(b)\n', 'def f(a):\n    b = g(a)\n    h(b)\n    return b\n'],
  ['return', 'def f(a):\n    f(a)\n', 'def f(a):\n    yield from f(a)\n'],
  ['return', 'def f(a):\n    return len(a)\n', 'def f(a):\n    return len(a) - 1\n'],
  ['await', 'async def f():\n    x = g()\n', 'async def f():\n    x = await g()\n'],
  ['statement', 'for i in a:\n    break\n', 'for i in a:\n    continue\n'],
  ['statement', 'f()\ng()\n', 'f()\n'],
  ['statement', 'if a:\n    f()\n', 'if a:\n    pass\n'],
  ['statement', 'if a:\n    f()\n', 'f()\n'],
  ['statement', 'if a:\n    f()\nelif b:\n    g()\n', 'if a:\n    f()\nif b:\n    g()\n'],
  [
    'statement',
    'for i in a:\n    if i:\n        f()\n',
    'for i in a:\n    if i:\n        f()\n        break\n',
  ],
  ['statement-order', 'f()\ng()\n', 'g()\nf()\n'],
  [
    'move',
    'def f(a):\n    for i in a:\n        g(i)\n        return i\n',
    'def f(a):\n    for i in a:\n        g(i)\n    return i\n',
  ],
  [
    'move',
    'def f(a):\n    for i in a:\n        if i:\n            g(i)\n    return i\n',
    'def f(a):\n    for i in a:\n        if i:\n            g(i)\n        return i\n',
  ],
  ['term', 'x = a + b\n', 'x = a\n'],
  ['term', 'def f(a, b, c):\n    return a + b\n', 'def f(a, b, c):\n    return a + b + c\n'],
  ['guard', 'def f(a):\n    return a[0]\n', 'def f(a):\n    if not a:\n        return []\n    return a[0]\n'],
];

const javascript: readonly Row[] = [
  ['comparison', 'x = a < b;', 'x = a <= b;'],
  ['comparison', 'x = a === b;', 'x = a !== b;'],
  ['comparison', 'x = a == b;', 'x = a != b;'],
  ['boundary', 'for (let i = 0; i < n; i++) f(i);', 'for (let i = 0; i < n - 1; i++) f(i);'],
  ['boundary', 'x = a.slice(0, n);', 'x = a.slice(0, n - 1);'],
  ['boundary', 'x = a[i];', 'x = a[i + 1];'],
  ['boundary', 'x = a[a.length - 1];', 'x = a[a.length];'],
  ['arithmetic', 'x = a + b;', 'x = a - b;'],
  ['arithmetic', 'x = a && b;', 'x = a || b;'],
  ['arithmetic', 'x = a || b;', 'x = a ?? b;'],
  ['arithmetic', 'x = a << b;', 'x = a >> b;'],
  ['compound-assignment', 'x += a;', 'x -= a;'],
  ['compound-assignment', 'i++;', 'i--;'],
  [
    'compound-assignment',
    'function f(a) { let x = 0; x = a; return x; }',
    'function f(a) { let x = 0; x += a; return x; }',
  ],
  ['operand-order', 'a.sort((x, y) => x - y);', 'a.sort((x, y) => y - x);'],
  ['constant', 'let x = 1;', 'let x = 0;'],
  ['constant', 'let x = true;', 'let x = false;'],
  ['constant', 'let x = Infinity;', 'let x = -Infinity;'],
  ['constant', 'let x = -Infinity;', 'let x = Infinity;'],
  ['constant', "f('');", "f(' ');"],
  ['name', 'const f = (a, b) => a;', 'const f = (a, b) => b;'],
  ['name', 'function f({ low, high }) { return g(low); }', 'function f({ low, high }) { return g(high); }'],
  [
    'name',
    'class A { f() { return this.low + this.high; } }',
    'class A { f() { return this.low + this.low; } }',
  ],
  ['argument', 'f(a, b);', 'f(b, a);'],
  ['method', 'x = Math.min(a, b);', 'x = Math.max(a, b);'],
  ['method', "x = a.startsWith('b');", "x = a.endsWith('b');"],
  ['method', 'a.push(b);', 'a.unshift(b);'],
  ['missing-call', 'x = a.reverse();', 'x = a;'],
  ['wrap', 'x = Math.floor(a);', 'x = a;'],
  ['wrap', 'x = a / 2;', 'x = Math.floor(a / 2);'],
  ['wrap', 'function f(p, out) { out.push(p); }', 'function f(p, out) { out.push([...p]); }'],
  ['negation', 'if (!a) b();', 'if (a) b();'],
  ['negation', 'if (a) b();', 'if (!a) b();'],
  ['negation', 'x = c ? a : b;', 'x = c ? b : a;'],
  ['condition', 'if (a && b) c();', 'if (b) c();'],
  ['return', 'function f(a) {\n  f(a - 1);\n}\n', 'function f(a) {\n  return f(a - 1);\n}\n'],
  ['return', 'const f = (a) => {\n  g(a);\n};\n', 'const f = (a) => {\n  return g(a);\n};\n'],
  ['return', 'function f(a) { return g(a); }', 'function f(a) { return !g(a); }'],
  ['await', 'async function f() { const x = g(); }', 'async function f() { const x = await g(); }'],
  ['await', 'async function f() { await g(); }', 'async function f() { g(); }'],
  [
    'statement',
    'switch (a) {\n  case 1:\n    f();\n  case 2:\n    g();\n}\n',
    'switch (a) {\n  case 1:\n    f(); break;\n  case 2:\n    g();\n}\n',
  ],
  ['statement', 'f();\ng();\n', 'g();\n'],
  ['statement', 'if (a) {\n  b();\n} else {\n  c();\n}\n', 'if (a) {\n  b();\n}\n'],
  ['statement-order', 'f();\ng();\n', 'g();\nf();\n'],
  [
    'move',
    'function f(a) {\n  for (const i of a) {\n    g(i);\n    return 1;\n  }\n}\n',
    'function f(a) {\n  for (const i of a) {\n    g(i);\n  }\n  return 1;\n}\n',
  ],
  [
    'move',
    'function f(a) {\n  for (const i of a) {\n    g(i);\n  }\n  h(a);\n}\n',
    'function f(a) {\n  for (const i of a) {\n    g(i);\n    h(a);\n  }\n}\n',
  ],
  ['term', 'x = a * b + 1;', 'x = a * b;'],
  [
    'guard',
    'function f(a) {\n  return a[0];\n}\n',
    'function f(a) {\n  if (a.length === 0) return [];\n  return a[0];\n}\n',
  ],
];

const typescript: readonly Row[] = [
  [
    'comparison',
    'const f = (a: number, b: number): boolean => a < b;',
    'const f = (a: number, b: number): boolean => a <= b;',
  ],
  [
    'name',
    'function f(a: T<number>, b: string) { return a; }',
    'function f(a: T<number>, b: string) { return b; }',
  ],
  [
    'await',
    'class A { async f(): Promise<void> { const x = g<T>(); } }',
    'class A { async f(): Promise<void> { const x = await g<T>(); } }',
  ],
  ['constant', 'enum E { A = 1 }', 'enum E { A = 2 }'],
];

describe('mutations of Python', () => {
  it.each(python)('%s: %j → %j', (...row) => proposes('a.py', row));
});
describe('mutations of JavaScript', () => {
  it.each(javascript)('%s: %j → %j', (...row) => proposes('a.js', row));
});
describe('mutations of TypeScript', () => {
  it.each(typescript)('%s: %j → %j', (...row) => proposes('a.ts', row));
});
