import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { unsettled } from '../../src/structure/weave-items.ts';
import { weaveText } from '../../src/structure/weave-text.ts';

/** The base with lines put in, taken out or changed: `[from, to]`, as each side has it. */
type Edit = readonly [from: string, to: string];
const weave = (path: string, base: string, [ours, theirs]: readonly [Edit, Edit]) => {
  const edited = ([from, to]: Edit): string => {
    expect(base).toContain(from);
    return base.replace(from, to);
  };
  return weaveText(path, { base, ours: edited(ours), theirs: edited(theirs) });
};

describe('imports', () => {
  test('of both sides stand side by side', async () => {
    const base = "import { a } from './a';\nimport { z } from './z';\n\nrun();\n";
    const woven = await weave('main.ts', base, [
      ['import { z }', "import { b } from './b';\nimport { z }"],
      ['import { z }', "import { c } from './c';\nimport { z }"],
    ]);
    expect(woven).toBe(
      "import { a } from './a';\nimport { b } from './b';\nimport { c } from './c';\nimport { z } from './z';\n\nrun();\n",
    );
  });

  test('are the same import by what they import from', async () => {
    const base = "import {\n  a,\n} from './a';\n";
    const woven = await weave('main.ts', base, [
      ['  a,\n', '  a,\n  b,\n'],
      ['  a,\n', '  a,\n  c,\n'],
    ]);
    expect(woven).toBe("import {\n  a,\n  b,\n  c,\n} from './a';\n");
  });

  test('of Python, one removed beside one added', async () => {
    const woven = await weave('main.py', 'import os\nimport re\nimport sys\n', [
      ['import re\n', ''],
      ['import sys\n', 'import json\nimport sys\n'],
    ]);
    expect(woven).toBe('import os\nimport json\nimport sys\n');
  });
});

describe('members', () => {
  const python = 'class Shop:\n    def open(self):\n        return 1\n';
  const script = 'class Shop {\n  open() {\n    return 1;\n  }\n\n  close() {\n    return 2;\n  }\n}\n';

  test('that each side added follow each other', async () => {
    const woven = await weave('shop.py', python, [
      [python, `${python}\n    def buy(self):\n        return 2\n`],
      [python, `${python}\n    def sell(self):\n        return 3\n`],
    ]);
    expect(woven).toBe(
      `${python}\n    def buy(self):\n        return 2\n\n    def sell(self):\n        return 3\n`,
    );
  });

  test('one changed, its neighbour removed', async () => {
    const woven = await weave('shop.js', script, [
      ['return 1;', 'return 10;'],
      ['\n  close() {\n    return 2;\n  }\n', ''],
    ]);
    expect(woven).toBe('class Shop {\n  open() {\n    return 10;\n  }\n}\n');
  });

  test('removed by one side and changed by the other are unsettled', async () => {
    const woven = await weave('shop.js', script, [
      ['return 2;', 'return 20;'],
      ['\n  close() {\n    return 2;\n  }\n', ''],
    ]);
    expect(woven).toContain(unsettled);
  });
});

describe('statements', () => {
  test('that only touch are taken from both', async () => {
    const woven = await weave('set.py', 'a = 1\nb = 2\n', [
      ['a = 1', 'a = 10'],
      ['b = 2', 'b = 20'],
    ]);
    expect(woven).toBe('a = 10\nb = 20\n');
  });

  test('replaced by both sides are unsettled, and not both taken', async () => {
    const woven = await weave('one.js', 'function one() {\n  return 1;\n}\n', [
      ['return 1;', 'return 2;'],
      ['return 1;', 'return 3;'],
    ]);
    expect(woven).toContain(unsettled);
  });

  test('tests are known by their names', async () => {
    const base = "describe('shop', () => {\n  it('opens', () => {\n    open();\n  });\n});\n";
    const more = (name: string): Edit => [
      '    open();\n  });\n',
      `    open();\n  });\n  it('${name}', () => {\n    ${name}();\n  });\n`,
    ];
    expect(await weave('shop.test.ts', base, [more('buys'), more('sells')])).toBe(
      "describe('shop', () => {\n  it('opens', () => {\n    open();\n  });\n  it('buys', () => {\n    buys();\n  });\n" +
        "  it('sells', () => {\n    sells();\n  });\n});\n",
    );
  });
});

describe('entries', () => {
  test('of JSON get the commas that they need', async () => {
    const woven = await weave('a.json', '{\n  "a": 1\n}\n', [
      ['"a": 1', '"a": 1,\n  "b": 2'],
      ['"a": 1', '"a": 1,\n  "c": 3'],
    ]);
    expect(JSON.parse(woven ?? '')).toEqual({ a: 1, b: 2, c: 3 });
  });

  test('of a nested object, one changed and one added', async () => {
    const woven = await weave('a.json', '{\n  "a": {\n    "x": 1\n  }\n}\n', [
      ['"x": 1', '"x": 2'],
      ['"x": 1', '"x": 1,\n    "y": 3'],
    ]);
    expect(JSON.parse(woven ?? '')).toEqual({ a: { x: 2, y: 3 } });
  });

  test.each(['a.json', 'a.yaml'])('with two values for one key are unsettled in %s', async (path) => {
    const base = path === 'a.json' ? '{\n  "a": 1\n}\n' : 'a: 1\n';
    const woven = await weave(path, base, [
      ['1', '2'],
      ['1', '3'],
    ]);
    expect(woven).toContain(unsettled);
  });

  test('of YAML, mappings and sequences', async () => {
    const base = 'jobs:\n  test:\n    steps:\n      - uses: checkout\n';
    const woven = await weave('ci.yml', base, [
      ['- uses: checkout\n', '- uses: checkout\n      - run: npm test\n'],
      [base, `${base}  lint:\n    steps:\n      - run: npm run lint\n`],
    ]);
    expect(woven).toBe(`${base}      - run: npm test\n  lint:\n    steps:\n      - run: npm run lint\n`);
  });

  test('of a Python list whose last one has no comma', async () => {
    const woven = await weave('a.py', 'x = [\n    1,\n    2\n]\n', [
      ['    2\n', '    2,\n    3\n'],
      ['    2\n', '    2,\n    4\n'],
    ]);
    expect(woven).toBe('x = [\n    1,\n    2,\n    3,\n    4\n]\n');
  });
});

describe('what is not read', () => {
  test.each([
    ['a language without a grammar', 'notes.txt', 'a\n'],
    ['code that does not parse', 'a.ts', 'function (\n'],
    ['YAML that tabs indent', 'a.yml', '\ta: 1\n'],
  ])('%s', async (_, path, base) => {
    expect(await weaveText(path, { base, ours: `${base}b\n`, theirs: `${base}c\n` })).toBeNull();
  });
});

describe('any lists', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const entries = fc.uniqueArray(fc.tuple(name, fc.integer({ min: 1, max: 3 })), {
    selector: ([key]) => key,
    minLength: 1,
    maxLength: 4,
  });
  const forms: readonly [string, (key: string, value: number) => string][] = [
    ['a.py', (key, value) => `${key} = ${value}\n`],
    ['a.js', (key, value) => `function ${key}() {\n  return ${value};\n}\n`],
    ['a.yml', (key, value) => `${key}:\n  value: ${value}\n`],
  ];

  it.each(forms)('take the only side that changed, and both sides alike, in %s', async (path, form) => {
    const text = entries.map((list) =>
      list
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => form(key, value))
        .join(''),
    );
    await fc.assert(
      fc.asyncProperty(text, text, async (base, side) => {
        const woven = [
          await weaveText(path, { base, ours: side, theirs: base }),
          await weaveText(path, { base, ours: base, theirs: side }),
          await weaveText(path, { base, ours: side, theirs: side }),
        ];
        expect(woven).toEqual([side, side, side]);
      }),
      { numRuns: 40 },
    );
  });

  it.each(forms)(
    'are settled or not whichever side is ours, with the same lines, in %s',
    async (path, form) => {
      const text = entries.map((list) => list.map(([key, value]) => form(key, value)).join(''));
      const lines = (woven: string | null) => woven?.split('\n').toSorted();
      await fc.assert(
        fc.asyncProperty(text, text, text, async (base, ours, theirs) => {
          const woven = await weaveText(path, { base, ours, theirs });
          const swapped = await weaveText(path, { base, ours: theirs, theirs: ours });
          expect(swapped?.includes(unsettled)).toBe(woven?.includes(unsettled));
          if (woven?.includes(unsettled) === false) expect(lines(swapped)).toEqual(lines(woven));
        }),
        { numRuns: 40 },
      );
    },
  );
});
