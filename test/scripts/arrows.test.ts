import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkArrows, importsOf, readArrows, type SourceFile } from '../../scripts/arrows.ts';

const table = `# House

## Arrows

Some words.

| From | May import | Node |
|---|---|---|
| \`packages/protocol\` | nothing | no |
| \`packages/core\` | \`protocol\` | no |
| \`apps/cli\` | \`sdk\` | yes |
| \`apps/cli/src/compose.ts\` | \`core\`, \`sdk\` | yes |

## Next

| From | May import | Node |
|---|---|---|
| \`packages/elsewhere\` | \`core\` | yes |
`;

const arrows = readArrows(table);

const file = (path: string, text: string, dependencies: readonly string[] = []): SourceFile => ({
  path,
  text,
  dependencies: new Set(dependencies),
});

describe('readArrows', () => {
  test('reads the table under its heading and no other', () => {
    expect(arrows).toEqual([
      { from: 'packages/protocol', rooms: new Set(), node: false },
      { from: 'packages/core', rooms: new Set(['protocol']), node: false },
      { from: 'apps/cli', rooms: new Set(['sdk']), node: true },
      { from: 'apps/cli/src/compose.ts', rooms: new Set(['core', 'sdk']), node: true },
    ]);
  });

  test('refuses a document without the table', () => {
    expect(() => readArrows('# House\n')).toThrow(/no table/);
  });

  test('the real document names every room that exists', () => {
    const root = join(import.meta.dirname, '..', '..');
    const rows = readArrows(readFileSync(join(root, 'docs', 'ARCHITECTURE.md'), 'utf8'));
    expect(rows.map((row) => row.from)).toEqual(
      expect.arrayContaining(['packages/protocol', 'packages/core', 'apps/cli/src/compose.ts']),
    );
  });
});

describe('checkArrows', () => {
  test('allows what the table lists', () => {
    const files = [
      file(
        'packages/core/src/a.ts',
        "import type { Item } from '@tandem/protocol';\nimport { b } from './b.ts';",
      ),
      file('packages/protocol/src/a.ts', "import { z } from 'zod';", ['zod']),
      file('apps/cli/src/main.ts', "import { readFile } from 'node:fs/promises';"),
      file('apps/cli/src/compose.ts', "import { engine } from '@tandem/core';"),
    ];
    expect(checkArrows(files, arrows)).toEqual([]);
  });

  test.each([
    ['an arrow that is not there', 'apps/cli/src/main.ts', "import { x } from '@tandem/core';", /no arrow/],
    ['a type import too', 'packages/protocol/src/a.ts', "import type { x } from '@tandem/core';", /no arrow/],
    [
      'Node in a pure room',
      'packages/core/src/a.ts',
      "import { join } from 'node:path';",
      /may not use Node/,
    ],
    ['Node without its prefix', 'packages/core/src/a.ts', "import { join } from 'path';", /may not use Node/],
    [
      'a path out of the room',
      'packages/core/src/a.ts',
      "import '../../models/src/x.ts';",
      /leaves its room/,
    ],
    [
      'an undeclared package',
      'packages/core/src/a.ts',
      "import { z } from 'zod/v4';",
      /zod is not in packages\/core/,
    ],
    ['a dynamic import', 'apps/cli/src/x.ts', "const x = await import('@tandem/core');", /no arrow/],
    ['a re-export', 'apps/cli/src/x.ts', "export { x } from '@tandem/core/testing';", /no arrow/],
    ['a room without a row', 'packages/new/src/a.ts', '', /no row/],
  ])('refuses %s', (_what, path, text, reason) => {
    expect(checkArrows([file(path, text)], arrows)).toEqual([expect.stringMatching(reason)]);
  });

  test('a package that only begins like a room is another room', () => {
    expect(checkArrows([file('packages/core-extra/src/a.ts', '')], arrows)).toHaveLength(1);
  });
});

describe('importsOf', () => {
  test('finds imports over several lines and gives the line of the name', () => {
    expect(importsOf("import {\n  a,\n  b,\n} from './ab.ts';\nexport type * from './c.ts';\n")).toEqual([
      { module: './ab.ts', line: 4 },
      { module: './c.ts', line: 5 },
    ]);
  });

  test('does not take strings and comments for imports', () => {
    const text = [
      "export const name = 'node:fs';",
      "// import { x } from 'node:fs';",
      " * const y = await import('node:fs');",
      "const from = 'node:path';",
    ].join('\n');
    expect(importsOf(text)).toEqual([]);
  });
});
