import { AppError, type TurnOptions } from '@tandem/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { Solved } from './solve.ts';
import { solve } from './solve.ts';

let solved: (Solved & { clean: () => Promise<void> }) | undefined;
afterEach(() => solved?.clean());

const cart = {
  'cart.py':
    'def total(prices, discount):\n    """Sum less the discount, never under zero.\n\n    >>> total([5, 5], 3)\n    7\n    """\n    result = 0\n    for price in prices:\n        result += price\n    return max(0, result + discount)\n\n\ndef count(prices):\n    return len(prices)\n',
  'test_cart.py':
    'import unittest\nfrom cart import total\n\n\nclass TotalTest(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(total([5, 5], 3), 7)\n        self.assertEqual(total([1], 3), 0)\n        self.assertEqual(total([], 0), 0)\n',
};
const verify = 'python3 -m unittest -q';
const right =
  '```python\ndef total(prices, discount):\n    """Sum less the discount, never under zero."""\n    return max(0, sum(prices) - discount)\n```';
const wrong = '```python\ndef total(prices, discount):\n    return sum(prices)\n```';

describe('runPipeline', () => {
  it('lands a verified change, keeps the rest of the file and says which attempt was chosen', async () => {
    solved = await solve({
      files: cart,
      request: 'Fix `total`',
      answers: [right],
      options: { verify, without: ['agreement', 'mutations'] },
    });
    expect(solved.outcome.type).toBe('solved');
    expect(solved.outcome.verify).toEqual({ command: verify, exit: 0 });
    const after = await solved.fileAfter('cart.py');
    expect(after).toContain('return max(0, sum(prices) - discount)');
    expect(after).toContain('def count(prices):\n    return len(prices)\n');
    expect(solved.outcome.diff).toContain('+    return max(0, sum(prices) - discount)');
    expect(solved.events.map((event) => event.type)).toEqual([
      'step.started',
      'step.completed',
      'attempt.verified',
      'snapshot.taken',
      'snapshot.taken',
      'attempt.chosen',
      'item.completed',
    ]);
  });

  it('finds a one-operator bug without the model when the model is wrong', async () => {
    solved = await solve({
      files: cart,
      request: 'Fix `total`',
      answers: Array(20).fill(wrong),
      options: { verify, without: ['agreement'] },
    });
    expect(solved.outcome.type).toBe('solved');
    expect(await solved.fileAfter('cart.py')).toContain('return max(0, result - discount)');
  });

  it('hands over what passes when the model takes longer than there is time', async () => {
    let late = 0;
    const never = {
      get until() {
        late = 1_000_000;
        return new Promise(() => {});
      },
    };
    solved = await solve({
      files: cart,
      request: 'Fix `total`',
      turns: [never],
      options: { verify },
      ms: () => performance.now() + late,
    });
    expect(solved.prompts.length).toBe(1);
    expect(solved.outcome.type).toBe('solved');
    expect(await solved.fileAfter('cart.py')).toContain('return max(0, result - discount)');
  });

  it('refuses a package that is not here by its name, and tells the model', async () => {
    const stranger =
      '```python\nimport nobody_has_this\n\ndef total(prices, discount):\n    return nobody_has_this.total(prices, discount)\n```';
    solved = await solve({
      files: cart,
      request: 'Fix `total`',
      answers: [stranger, right],
      options: { verify, without: ['agreement', 'mutations', 'samples'] },
    });
    expect(solved.outcome.type).toBe('solved');
    expect(solved.events.filter(({ type }) => type === 'attempt.verified')).toHaveLength(1);
    expect(solved.prompts[0]).not.toContain('Not installed');
    expect(solved.prompts[1]).toContain('Not installed here: `nobody_has_this`. Do without.');
  });

  it('keeps what passes when the model fails afterwards', async () => {
    const broken = { error: new AppError('model_failed', 'the server went away') };
    solved = await solve({ files: cart, request: 'Fix `total`', turns: [broken], options: { verify } });
    expect(solved.outcome.type).toBe('solved');
    expect(await solved.fileAfter('cart.py')).toContain('result - discount');
  });

  it('leaves the files as they were when nothing passes, and keeps the best attempt as a patch', async () => {
    solved = await solve({
      files: cart,
      request: 'Fix `total`',
      answers: Array(20).fill(wrong),
      options: { verify, attempts: 3, without: ['mutations'] },
    });
    expect(solved.outcome.type).toBe('unsolved');
    expect(await solved.fileAfter('cart.py')).toBe(cart['cart.py']);
    expect(solved.kept.get('best-attempt.patch')).toContain('+    return sum(prices)');
    expect(solved.outcome.answer).toContain('Your files are as they were');
  });

  it('rejects an answer that changes nothing and asks again differently', async () => {
    const same = `\`\`\`python\n${cart['cart.py']}\n\`\`\``;
    solved = await solve({
      files: cart,
      request: 'Fix `total`',
      answers: [same, right],
      options: { verify, without: ['agreement', 'mutations', 'rewrite'] },
    });
    expect(solved.outcome.type).toBe('solved');
    expect(solved.prompts).toHaveLength(2);
    expect(solved.prompts[1]).toContain('do not repeat it');
    expect(solved.prompts[0]).not.toContain('do not repeat it');
  });

  it('prefers the behaviour that independent answers agree on over a lone one that passes', async () => {
    const files = {
      'size.py':
        'def size(n):\n    """Word for n.\n\n    >>> size(1)\n    \'small\'\n    >>> size(100)\n    \'big\'\n    """\n    raise NotImplementedError\n',
      'check.py': "from size import size\nassert size(1) == 'small'\nassert size(100) == 'big'\n",
    };
    const fence = (body: string) => `\`\`\`python\ndef size(n):\n    ${body}\n\`\`\``;
    const lone = fence("return 'small' if n == 1 else 'big'");
    const many = [
      fence("return 'big' if n > 10 else 'small'"),
      fence("return 'small' if n <= 10 else 'big'"),
      fence("return 'small' if n < 11 else 'big'"),
    ];
    solved = await solve({
      files,
      request: 'Implement `size` in size.py',
      answers: [lone, ...many],
      options: { verify: 'python3 check.py' },
    });
    expect(await solved.fileAfter('size.py')).not.toContain('n == 1');
  });

  it('checks the examples of the request where there is no test', async () => {
    const files = { 'text.js': 'exports.shout = function shout(text) {\n  return text;\n};\n' };
    const bad = '```javascript\nexports.shout = function shout(text) {\n  return text + "!";\n};\n```';
    const good =
      '```javascript\nexports.shout = function shout(text) {\n  return text.toUpperCase() + "!";\n};\n```';
    solved = await solve({
      files,
      request: 'Make `shout` in text.js shout: shout("a") === "A!"',
      answers: [bad, good, good, good],
      options: { without: ['mutations'] },
    });
    expect(solved.outcome.type).toBe('unverified');
    expect(await solved.fileAfter('text.js')).toContain('toUpperCase');
  });

  it("does not land what passes verify but breaks the workspace's own tests", async () => {
    const files = {
      'package.json': '{ "scripts": { "test": "node own.js" } }',
      'own.js': 'const { twice } = require("./twice");\nif (twice("") !== "") process.exit(1);\n',
      'twice.js': 'exports.twice = (text) => {\n  return text;\n};\n',
      'check.js': 'const { twice } = require("./twice");\nif (twice("ab") !== "abab") process.exit(1);\n',
    };
    const fence = (body: string) => `\`\`\`javascript\nexports.twice = (text) => {\n  ${body}\n};\n\`\`\``;
    const breaking = fence('return text === "" ? "empty" : text + text;');
    const good = fence('return text.repeat(2);');
    const options: TurnOptions = { verify: 'node check.js', without: ['mutations', 'agreement'] };
    const request = 'Make `twice` in twice.js return the text two times';
    solved = await solve({ files, request, answers: Array(20).fill(breaking), options });
    expect(solved.outcome.type).toBe('unsolved');
    expect(await solved.fileAfter('twice.js')).toBe(files['twice.js']);
    await solved.clean();
    solved = await solve({ files, request, answers: [good], options });
    expect(solved.outcome.type).toBe('solved');
  });

  it('never edits tests to make them pass, nor configuration', async () => {
    solved = await solve({
      files: cart,
      request: 'Make the tests pass',
      answers: Array(20).fill(right),
      options: { verify, without: ['agreement', 'mutations'] },
    });
    expect(solved.outcome.files.map((file) => file.path)).toEqual(['cart.py']);
  });

  it('answers a question from the code with file and line, and changes nothing', async () => {
    solved = await solve({
      files: cart,
      request: 'What does `total` do with a discount?',
      answers: ['It adds it, see cart.py:10.'],
    });
    expect(solved.outcome).toMatchObject({ type: 'answered', files: [] });
    expect(solved.outcome.answer).toContain('cart.py:1');
    expect(solved.prompts[0]).toContain('def total(prices, discount)');
  });

  it('makes a new file that the request names', async () => {
    solved = await solve({
      files: { 'check.py': 'from slug import slug\nassert slug("A b") == "a-b"\n' },
      request: 'Create `slug.py` with a function `slug(text)`',
      answers: ['```python\ndef slug(text):\n    return text.lower().replace(" ", "-")\n```'],
      options: { verify: 'python3 check.py' },
    });
    expect(solved.outcome.type).toBe('solved');
    expect(await solved.fileAfter('slug.py')).toContain('def slug(text):');
  });

  it('writes a skeleton of several stubs as one file and shows how the tests begin', async () => {
    const files = {
      'stack.py':
        'class Stack:\n    def __init__(self):\n        pass\n\n    def push(self, item):\n        pass\n\n    def pop(self):\n        pass\n',
      'stack_test.py': `from stack import Stack\ns = Stack()\ns.push(1)\nassert s.pop() == 1\n${'# more\n'.repeat(400)}`,
    };
    const answer =
      '```python\nclass Stack:\n    def __init__(self):\n        self.items = []\n\n    def push(self, item):\n        self.items.append(item)\n\n    def pop(self):\n        return self.items.pop()\n```';
    const options: TurnOptions = { verify: 'python3 stack_test.py', files: ['stack.py'] };
    solved = await solve({ files, request: 'Implement the stack.', answers: [answer], options });
    expect(solved.outcome.type).toBe('solved');
    expect(await solved.fileAfter('stack.py')).toContain('self.items.append(item)');
    expect(solved.prompts[0]).toContain('assert s.pop() == 1');
    expect(solved.prompts[0]).toContain('complete file `stack.py`');
  });

  it.each([
    ['in two files', { 'a.py': 'A', 'b.py': 'B' }, 'from a import low\nfrom b import high\n'],
    ['in one file', { 'a.py': 'AB' }, 'from a import low, high\n'],
  ])('mends a fault in two functions %s that no change of one mends', async (_, layout, imports) => {
    const low = 'def low(values):\n    return max(values)\n';
    const high = 'def high(values):\n    return min(values)\n';
    const files = Object.fromEntries(
      Object.entries(layout).map(([path, parts]) => [
        path,
        [...parts].map((part) => (part === 'A' ? low : high)).join('\n\n'),
      ]),
    );
    const check = `${imports}assert low([3, 1, 2]) == 1, low\nassert high([3, 1, 2]) == 3, high\n`;
    solved = await solve({
      files: { ...files, 'check.py': check },
      request: '`low` is mixed up with high',
      answers: [
        '```python\ndef low(values):\n    return sorted(values)[0]\n```',
        '```python\ndef high(values):\n    return sorted(values)[-1]\n```',
      ],
      options: { verify: 'python3 check.py', without: ['mutations', 'samples', 'rewrite'] },
    });
    expect(solved.outcome.type).toBe('solved');
    const after = await Promise.all(Object.keys(layout).map((path) => solved!.fileAfter(path)));
    expect(after.join('')).toMatch(/sorted\(values\)\[0\][\s\S]*sorted\(values\)\[-1\]/);
    const sources = solved.events.flatMap((event) =>
      event.type === 'attempt.verified' ? [event.data.source] : [],
    );
    expect(sources).toEqual(['greedy', 'greedy', 'combined']);
  });

  it('goes through several files one by one from a plan, each told of those before it', async () => {
    const files = { 'check.py': 'from greet import greet\nassert greet("bo") == "Hello, Bo"\n' };
    const answers = [
      '```python\ndef title(name):\n    return name.title()\n```',
      '```python\nfrom names import title\n\n\ndef greet(name):\n    return "Hello, " + title(name)\n```',
    ];
    const request = 'Create `names.py` with `title(name)` and `greet.py` with `greet(name)`, which uses it';
    solved = await solve({ files, request, answers, options: { verify: 'python3 check.py' } });
    expect(solved.outcome.type).toBe('solved');
    expect(solved.outcome.files.map((file) => file.path)).toEqual(['greet.py', 'names.py']);
    expect(solved.prompts[1]).toContain('return name.title()');
    const plan = solved.events.flatMap((event) =>
      event.type === 'item.completed' && event.data.item.type === 'plan' ? event.data.item.steps : [],
    );
    expect(plan.map((step) => step.text)).toEqual(['change names.py', 'change greet.py']);
  });

  it('changes existing functions in several files from a plan, as one attempt', async () => {
    const files = {
      'money.py':
        'def format_price(cents):\n    return f"{cents / 100:.2f} EUR"\n\n\ndef parse(text):\n    return 1\n',
      'shop/invoice.py':
        'from money import format_price\n\n\ndef render(cents):\n    return "Total: " + format_price(cents)\n',
      'shop/__init__.py': '',
      'check.py': 'from shop.invoice import render\nassert render(100, "USD") == "Total: 1.00 USD"\n',
    };
    const answers = [
      '```python\ndef format_price(cents, currency="EUR"):\n    return f"{cents / 100:.2f} {currency}"\n```',
      '```python\ndef render(cents, currency="EUR"):\n    return "Total: " + format_price(cents, currency)\n```',
    ];
    const request =
      'Add a `currency` parameter to `format_price` and take it in `render`, which passes it on';
    solved = await solve({ files, request, answers, options: { verify: 'python3 check.py' } });
    expect(solved.outcome.type).toBe('solved');
    expect(solved.outcome.files.map((file) => file.path)).toEqual(['money.py', 'shop/invoice.py']);
    expect(await solved.fileAfter('money.py')).toContain('def parse(text):');
    expect(solved.prompts[1]).toContain('def format_price(cents, currency="EUR")');
    expect(solved.events.filter(({ type }) => type === 'attempt.verified')).toHaveLength(1);
  });

  it('goes through the plan again, told what failed', async () => {
    const files = {
      'a.py': 'def first(n):\n    return n\n',
      'b.py': 'from a import first\n\n\ndef second(n):\n    return first(n)\n',
      'check.py': 'from b import second\nassert second(2) == 20, "expected twenty"\n',
    };
    const wrong = '```python\ndef first(n):\n    return n + 1\n```';
    const right = '```python\ndef first(n):\n    return n * 5\n```';
    const other = '```python\ndef second(n):\n    return first(n) * 2\n```';
    const request = 'Change `first` and `second` so that together they make ten times the number';
    solved = await solve({
      files,
      request,
      answers: [wrong, other, right, other],
      options: { verify: 'python3 check.py' },
    });
    expect(solved.outcome.type).toBe('solved');
    expect(solved.prompts[2]).toContain('expected twenty');
    expect(await solved.fileAfter('a.py')).toContain('n * 5');
  });

  it.each([
    [
      'Python, before the main block',
      'stats.py',
      'def mean(v):\n    return sum(v) / len(v)\n\n\nif __name__ == "__main__":\n    print(mean([1]))\n',
      'def middle(v):\n    return sorted(v)[len(v) // 2]',
      'from stats import mean, middle\nassert middle([3, 1, 2]) == 2 and mean([1]) == 1\n',
    ],
    [
      'Python that has only constants, with an import',
      'stats.py',
      'import math\n\nmean = math.pi\n',
      'from math import floor\n\n\ndef middle(v):\n    return sorted(v)[floor(len(v) / 2)]',
      'from stats import mean, middle\nassert middle([3, 1, 2]) == 2 and mean > 3\n',
    ],
    [
      'CommonJS',
      'stats.js',
      'function mean(v) { return v[0]; }\n\nmodule.exports = { mean };\n',
      'function middle(v) {\n  return [...v].sort()[v.length >> 1];\n}',
      'const { mean, middle } = require("./stats");\nif (middle([3, 1, 2]) !== 2 || mean([1]) !== 1) throw 1;\n',
    ],
    [
      'ES modules that export in place',
      'stats.mjs',
      'export const mean = (v) => v[0];\n',
      'const middle = (v) => [...v].sort()[v.length >> 1];',
      'import { mean, middle } from "./stats.mjs";\nif (middle([3, 1, 2]) !== 2 || mean([1]) !== 1) throw 1;\n',
    ],
    [
      'ES modules with a list',
      'stats.mjs',
      'const mean = (v) => v[0];\n\nexport {\n  mean,\n};\n',
      'export const middle = (v) => [...v].sort()[v.length >> 1];',
      'import { mean, middle } from "./stats.mjs";\nif (middle([3, 1, 2]) !== 2 || mean([1]) !== 1) throw 1;\n',
    ],
  ])('adds a function to a file: %s', async (_, path, text, answer, check) => {
    const checkFile = `check.${path.split('.').at(-1)}`;
    const verify = `${path.endsWith('.py') ? 'python3' : 'node'} ${checkFile}`;
    const files = { [path]: text, [checkFile]: check };
    const fenced = `\`\`\`\n${answer}\n\`\`\``;
    const request = `Add a function \`middle(v)\` to \`${path}\``;
    solved = await solve({ files, request, answers: [fenced], options: { verify } });
    expect(solved.outcome).toMatchObject({ type: 'solved', files: [{ path }] });
    expect(solved.prompts[0]).toContain('Write only what is to be added');
    const after = await solved.fileAfter(path);
    expect(after.match(/mean/g)?.length).toBe(text.match(/mean/g)?.length);
  });

  it('adds what only the failing test names', async () => {
    const files = {
      'stats.py': 'def mean(v):\n    return sum(v) / len(v)\n',
      'test_stats.py': 'from stats import mean, middle\nassert middle([3, 1, 2]) == 2\n',
    };
    const answers = ['```python\ndef middle(v):\n    return sorted(v)[len(v) // 2]\n```'];
    const options: TurnOptions = { verify: 'python3 test_stats.py' };
    solved = await solve({ files, request: 'Make the failing test pass', answers, options });
    expect(solved.outcome.type).toBe('solved');
    expect(await solved.fileAfter('stats.py')).toContain('def mean(v)');
  });

  it('takes a whole file for what it says beside its functions', async () => {
    const files = {
      'limits.py': 'LIMIT = 3\n\n\ndef allowed(n):\n    return n <= LIMIT\n',
      'check.py': 'from limits import allowed\nassert allowed(5)\n',
    };
    const answers = ['```python\nLIMIT = 5\n\n\ndef allowed(n):\n    return n <= LIMIT\n```'];
    const options: TurnOptions = { verify: 'python3 check.py', without: ['symbols', 'mutations'] };
    solved = await solve({ files, request: 'Raise the limit in `limits.py` to five', answers, options });
    expect(solved.outcome.type).toBe('solved');
    expect(await solved.fileAfter('limits.py')).toContain('LIMIT = 5');
  });

  it('repairs the attempt that passes most tests, again while more of them pass', async () => {
    const body = (small: number, middle: number, large: number): string =>
      `\`\`\`python\ndef size(n):\n    if n < 10:\n        return ${small}\n    return ${middle} if n < 100 else ${large}\n\`\`\``;
    const files = {
      'size.py': 'def size(n):\n    raise NotImplementedError\n',
      'test_size.py': [
        'import unittest\nfrom size import size\n\n\nclass T(unittest.TestCase):',
        ...[1, 20, 300].map(
          (n, at) => `    def test_${at}(self):\n        self.assertEqual(size(${n}), ${at})\n`,
        ),
        'unittest.main()\n',
      ].join('\n'),
    };
    const none = body(7, 8, 9);
    const answers = [none, body(0, 8, 9), none, none, none, body(0, 1, 9), body(0, 1, 2)];
    const options: TurnOptions = { verify: 'python3 test_size.py', without: ['mutations', 'examples'] };
    solved = await solve({ files, request: 'Implement `size` in `size.py`', answers, options });
    expect(solved.outcome.type).toBe('solved');
    const repairs = solved.prompts.filter((prompt) => prompt.includes('This answer was tried'));
    expect(repairs.map((prompt) => prompt.match(/return 0|return 1 if/g)?.length)).toEqual([1, 2]);
  });

  it('says so when it cannot tell the place', async () => {
    solved = await solve({ files: { 'notes.txt': 'hello\n' }, request: 'Improve it', answers: [] });
    expect(solved.outcome.type).toBe('unsolved');
    expect(solved.outcome.answer).toContain('--files');
  });

  it('keeps prompts small: the failing function and its test, not the workspace', async () => {
    const noise = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `lib/part${i}.py`,
        `def part${i}(value):\n    return value * ${i}\n`.repeat(20),
      ]),
    );
    solved = await solve({
      files: { ...noise, ...cart },
      request: 'Fix the failing test',
      answers: [right],
      options: { verify, without: ['agreement', 'mutations'] },
    });
    expect(solved.outcome.type).toBe('solved');
    expect(solved.prompts[0]?.length).toBeLessThan(3000);
  });
});
