import { describe, expect, it } from 'vitest';
import { createCodeKnowledge } from '../src/knowledge.ts';

const code = createCodeKnowledge();
const outline = async (path: string, text: string) =>
  (await code.symbols(path, text)).map(
    (symbol) =>
      `${symbol.kind} ${symbol.qualified} ${symbol.startLine}-${symbol.endLine}${symbol.exported ? ' exported' : ''}`,
  );

describe('symbols of JavaScript', () => {
  it('finds every way to make a function public', async () => {
    const text = `const one = 1, two = () => 2;
exports.three = function () {};
module.exports.four = async () => 4;
function five() {
  const inner = () => {};
  function deep() {}
}
Five.prototype.six = function () {};
module.exports = { five, seven() {}, eight: () => 8, [nine]: 9 };
(function () {
  function hidden() {}
})();
`;
    expect(await outline('a.js', text)).toEqual([
      'variable one 1-1',
      'function two 1-1',
      'function three 2-2 exported',
      'function four 3-3 exported',
      'function five 4-7 exported',
      'function five.inner 5-5',
      'function five.deep 6-6',
      'method Five.six 8-8',
      'method seven 9-9 exported',
      'method eight 9-9 exported',
      'function hidden 11-11',
    ]);
  });

  it('reads modules, classes, generators and default exports', async () => {
    const text = `import x from 'x';
// says hello
// twice
export default async function* hello() {}
export const View = memo(() => <p>{x}</p>);
class Base { }
class Box extends Base {
  static #secret = () => 1;
  // the size
  get size() { return 1; }
  constructor(a) { super(); }
  handler = (event) => { event(); };
}
const table = {
  run() {},
  'quoted': function () {},
};
export { Box as Crate, table };
`;
    expect(await outline('a.jsx', text)).toEqual([
      'function hello 4-4 exported',
      'function View 5-5 exported',
      'class Base 6-6',
      'class Box 7-13 exported',
      'method Box.#secret 8-8',
      'method Box.size 10-10 exported',
      'method Box.constructor 11-11 exported',
      'method Box.handler 12-12 exported',
      'variable table 14-17 exported',
      'method table.run 15-15',
      'method table.quoted 16-16',
    ]);
  });

  it('covers the comment directly above, and not one after other code or past an empty line', async () => {
    const text = `const a = 1; // of a
function one() {}

// far

/** Near. */
// and near
export function two(
  x, // first
  y,
) {
  return x;
}
`;
    const [, one, two] = await code.symbols('a.js', text);
    expect(one!.docStart).toBe(one!.start);
    expect(text.slice(two!.docStart, two!.start)).toBe('/** Near. */\n// and near\n');
    expect(text.slice(two!.start, two!.end).endsWith('return x;\n}')).toBe(true);
    expect(one!.signature).toBe('function one()');
  });
});

describe('symbols of TypeScript', () => {
  it('knows types, overloads, abstract members and namespaces', async () => {
    const text = `export interface Shape { area(): number }
type Id<T> = T | null;
export enum Kind { A = 1, B }
export abstract class Base<T> {
  private readonly x: T;
  abstract run(): void;
  protected size = (n: number): number => n;
}
export function pick(a: string): string;
export function pick(a: unknown): unknown { return a; }
namespace Inner { export const deep = () => 1; }
const typed = ((a: number) => a) satisfies (a: number) => number;
`;
    expect(await outline('a.ts', text)).toEqual([
      'type Shape 1-1 exported',
      'type Id 2-2',
      'type Kind 3-3 exported',
      'class Base 4-8 exported',
      'method Base.run 6-6 exported',
      'method Base.size 7-7 exported',
      'function pick 9-9 exported',
      'function pick 10-10 exported',
      'function Inner.deep 11-11 exported',
      'function typed 12-12',
    ]);
  });
});

describe('symbols of Python', () => {
  const text = `import os
LIMIT = 3
_hidden: int = 4

# above
@cache
@other(1)
async def work(a, *, b=2) -> int:
    """Doc."""
    def inner():
        return a
    return inner()


class Box(Base):
    size = 1

    @property
    def _private(self): return 1

    @staticmethod
    def make(): pass

    class Part:
        def __init__(self): ...


if LIMIT:
    def late(): pass
LIMIT = 4
`;
  it('finds nested, decorated and conditional definitions', async () => {
    expect(await outline('a.py', text)).toEqual([
      'variable LIMIT 2-2 exported',
      'variable _hidden 3-3',
      'function work 8-12 exported',
      'function work.inner 10-11',
      'class Box 15-25 exported',
      'method Box._private 19-19',
      'method Box.make 22-22 exported',
      'class Box.Part 24-25 exported',
      'method Box.Part.__init__ 25-25 exported',
      'function late 29-29 exported',
    ]);
  });

  it('covers decorators and comments, and gives the head on one line', async () => {
    const work = (await code.symbols('a.py', text)).find((symbol) => symbol.name === 'work')!;
    expect(text.slice(work.docStart, work.start)).toBe('# above\n@cache\n@other(1)\n');
    expect(work.signature).toBe('async def work(a, *, b=2) -> int');
  });

  it('believes __all__', async () => {
    expect(await outline('a.py', "__all__ = ['_a']\ndef _a(): pass\ndef b(): pass\n")).toEqual([
      'variable __all__ 1-1',
      'function _a 2-2 exported',
      'function b 3-3',
    ]);
  });
});

describe('symbols of anything else', () => {
  it('are none', async () => {
    expect(await code.symbols('a.md', '# hello')).toEqual([]);
    expect(await code.symbols('a.ts', '')).toEqual([]);
    expect(await code.symbols('big.js', `a;${'\n'.repeat(1_000_001)}`)).toEqual([]);
  });
  it('survive broken text', async () => {
    expect(await outline('a.js', 'function ok() {}\nfunction broken( {\n')).toContain('function ok 1-1');
  });
});
