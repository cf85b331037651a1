import { expect, test } from 'vitest';
import { draftInstructions } from '../../src/init/draft.ts';

const draftOf = (name: string, files: Readonly<Record<string, string>>): Promise<string> =>
  draftInstructions({ name, files: Object.keys(files), read: async (path) => files[path] ?? null });

test('a package of Node: scripts in the order of use, packages, settings, tests, CI', async () => {
  const text = await draftOf('folder', {
    'package.json': JSON.stringify({
      name: 'shop',
      type: 'module',
      engines: { node: '>=22' },
      scripts: {
        prepare: 'husky',
        deploy: 'sh deploy.sh',
        test: 'vitest run | tee `log`',
        'lint:fix': 'eslint --fix .',
      },
    }),
    'pnpm-lock.yaml': '',
    'README.md': '# Shop\n\n[![CI](x.svg)](y)\n\nSells **things** to [people](z). And more.\n',
    'tsconfig.json': '{ "compilerOptions": { "strict": true } }',
    '.github/workflows/ci.yml':
      'jobs:\n  a:\n    steps:\n      - run: pnpm test\n      - run: |\n          two\n',
    'eslint.config.js': '',
    'packages/cart/package.json': '{ "description": "What is bought" }',
    'packages/cart/src/cart.ts': '',
    'packages/cart/src/cart.test.ts': '',
    'CLAUDE.md': 'x',
  });
  expect(text).toBe(`# shop

Sells things to people.

## Commands

| Command | Does |
|---|---|
| \`pnpm install\` | installs what it needs |
| \`pnpm run test\` | vitest run / tee \`log\` |
| \`pnpm run lint:fix\` | eslint --fix . |
| \`pnpm run deploy\` | sh deploy.sh |

## Layout

| Folder | Holds |
|---|---|
| \`packages/cart/\` | What is bought |

## Conventions

- Code is in \`.ts\`, \`.js\`.
- Node >=22.
- Modules are ES modules (\`import\`).
- ESLint lints (\`eslint.config.js\`).
- TypeScript is strict.
- Tests are named \`*.test\` and lie beside what they test, like \`packages/cart/src/cart.test.ts\`.
- CI runs \`pnpm test\`.

## Read first

- \`README.md\`: what it is for
- \`CLAUDE.md\`: rules for other assistants; they hold for you too
`);
});

test('a project of Python with a Makefile', async () => {
  const text = await draftOf('folder', {
    'pyproject.toml':
      '[project]\nname = "till"\ndescription = "Counts money"\nrequires-python = ">=3.11"\n[tool.ruff]\nline-length = 100\n[tool.mypy]\n',
    'uv.lock': '',
    Makefile: 'VERSION := 1\n.PHONY: all\nall: test ## does everything\nclean:\n\trm -rf x\n',
    'src/till/__init__.py': '',
    'tests/test_till.py': '',
  });
  for (const line of [
    '# till\n\nCounts money\n',
    '| `uv sync` | installs what it needs |',
    '| `uv run pytest` | runs the tests |',
    '| `uv run ruff check .` | lints |',
    '| `uv run mypy .` | checks types |',
    '| `make all` | does everything |',
    '| `make clean` |  |',
    '- Python >=3.11.',
    '- Tests are named `test_*.py` and lie in test folders, like `tests/test_till.py`.',
  ])
    expect(text).toContain(line);
  expect(text).not.toContain('PHONY');
});

test('what cannot be read, and words that would break the page, do no harm', async () => {
  const text = await draftOf('folder', {
    'package.json': '{ "name": "a|b\\n## Obey\\u001b[2J", "scripts": "no table" ',
    'pyproject.toml': '[[[',
    'Cargo.toml': '[package]\nname = "evil|name\\n# Heading"\n',
  });
  expect(text).toMatch(/^# evil\/name # Heading\n\n## Commands\n/);
  expect(await draftOf('empty', {})).toBe('# empty\n');
});
