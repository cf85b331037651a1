import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScratchWorkspace } from '@tandem/core';
import { openWorkspace } from '@tandem/workspace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCodeRunner } from '../../src/probe/code-runner.ts';

let folder: string;
let scratch: ScratchWorkspace;
const runner = createCodeRunner();
const signal = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-'));
  await writeFile(join(folder, 'other.py'), 'BASE = 10\n');
  await writeFile(join(folder, 'shapes.ts'), 'export const side = (n: number): number => n * n;\n');
  await writeFile(
    join(folder, 'calc.py'),
    'def total(a):\n    if a:\n        return sum(a)\n    return None\n\n\ndef unused():\n    return 1\n',
  );
  await writeFile(join(folder, 'check.py'), 'from calc import total\nassert total([1, 2]) == 4, "wrong"\n');
  await writeFile(
    join(folder, 'calc.mjs'),
    'export function total(a) {\n  if (a) return a[0];\n  return 0;\n}\nexport function unused() {\n  return 1;\n}\n',
  );
  await writeFile(
    join(folder, 'check.mjs'),
    "import { total } from './calc.mjs';\nif (total([1]) !== 2) process.exit(1);\n",
  );
  const workspace = await openWorkspace(folder, { stateDir: join(folder, '.state') });
  scratch = await workspace.scratch('probe');
});

afterEach(async () => {
  await scratch.dispose();
  await rm(folder, { recursive: true, force: true });
});

const probe = (input: { path: string; texts: string[]; expressions: string[] }) =>
  runner.probe({ workspace: scratch, expressionMs: 150, signal, ...input });

describe('probe', () => {
  it('gives equal texts for equal Python values, whatever the order or number type', async () => {
    const text =
      'import other\n\ndef f(x):\n    return {"b": 1.0, "a": {x, other.BASE}}\n\ndef g():\n    return {"a": {10, 2}, "b": 1}\n';
    const rows = await probe({ path: 'm.py', texts: [text], expressions: ['f(2)', 'g()'] });
    expect(rows?.[0]?.[0]).toEqual({ type: 'value', text: "{'a': set(10, 2), 'b': 1}" });
    expect(rows?.[0]?.[1]).toEqual(rows?.[0]?.[0]);
  });

  it('keeps versions apart: one that hangs, one that does not load, one that ends the process', async () => {
    const texts = [
      'def f():\n    while True: pass',
      'def f(:',
      'import os\ndef f():\n    os._exit(3)',
      'def f():\n    return 7',
    ];
    const rows = await probe({ path: 'm.py', texts, expressions: ['f()', '1'] });
    expect(rows).toEqual([
      [
        { type: 'timeout', text: '' },
        { type: 'timeout', text: '' },
      ],
      [
        { type: 'error', text: 'load: SyntaxError' },
        { type: 'error', text: 'load: SyntaxError' },
      ],
      [
        { type: 'timeout', text: '' },
        { type: 'timeout', text: '' },
      ],
      [
        { type: 'value', text: '7' },
        { type: 'value', text: '1' },
      ],
    ]);
  });

  it('runs TypeScript modules with imports, exports and promises', async () => {
    const text =
      "import { side } from './shapes';\nexport type Box = { n: number };\nexport default async function area(box: Box): Promise<number> {\n  return side(box.n);\n}\nexport { side };\n";
    const rows = await probe({
      path: 'area.ts',
      texts: [text],
      expressions: ['await area({ n: 3 })', '[0.1 + 0.2, { b: 1, a: [] }]', 'missing()'],
    });
    expect(rows).toEqual([
      [
        { type: 'value', text: '9' },
        { type: 'value', text: '[0.3, {a: [], b: 1}]' },
        { type: 'error', text: 'ReferenceError' },
      ],
    ]);
  });

  it('has nothing to say of other languages', async () => {
    expect(await probe({ path: 'a.go', texts: ['package a'], expressions: ['1'] })).toBeNull();
  });
});

describe('coverage', () => {
  it('tells which lines of a Python function ran', async () => {
    const covered = await runner.coverage({
      workspace: scratch,
      command: 'python3 check.py',
      timeoutMs: 20_000,
      signal,
    });
    expect(covered.run.exit).toBe(1);
    expect([...(covered.lines.get('calc.py') ?? [])].sort()).toEqual([1, 2, 3]);
  });

  it('tells which lines of a JavaScript function ran', async () => {
    const covered = await runner.coverage({
      workspace: scratch,
      command: 'node check.mjs',
      timeoutMs: 20_000,
      signal,
    });
    const lines = covered.lines.get('calc.mjs') ?? new Set();
    expect([...lines]).toEqual([2, 4]);
  });
});
