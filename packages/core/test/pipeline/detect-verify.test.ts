import { expect, test } from 'vitest';
import { detectSyntaxCheck, detectVerify } from '../../src/pipeline/detect-verify.ts';

/** Files by content; those under `hidden` are there but not listed, as ignored ones are. */
const project = (
  contents: Readonly<Record<string, string>>,
  hidden: Readonly<Record<string, string>> = {},
) => ({
  files: new Set(Object.keys(contents)),
  read: async (path: string) => contents[path] ?? hidden[path] ?? null,
});

const scripts = (test: string, more: object = {}): string => JSON.stringify({ scripts: { test }, ...more });

test.each([
  ['npm script', { 'package.json': scripts('vitest run') }, 'npm test'],
  ['pnpm', { 'package.json': scripts('x'), 'pnpm-lock.yaml': '' }, 'pnpm test'],
  ['yarn', { 'package.json': scripts('x'), 'yarn.lock': '' }, 'yarn test'],
  ['bun', { 'package.json': scripts('x'), 'bun.lock': '' }, 'bun run test'],
  ['a script that watches', { 'package.json': scripts('react-scripts test') }, 'CI=true npm test'],
  ['the placeholder of npm', { 'package.json': scripts('echo "Error: no test specified" && exit 1') }, null],
  [
    'a runner without a script',
    { 'package.json': JSON.stringify({ devDependencies: { jest: '1' } }) },
    'npx --no-install jest',
  ],
  ['a broken package.json', { 'package.json': '{', Makefile: 'test:\n\ttrue' }, 'make test'],
  ['pytest.ini', { 'pytest.ini': '' }, 'python3 -m pytest -q'],
  ['pyproject', { 'pyproject.toml': '[tool.pytest.ini_options]\n' }, 'python3 -m pytest -q'],
  ['setup.cfg', { 'setup.cfg': '[metadata]\n[tool:pytest]\n' }, 'python3 -m pytest -q'],
  ['tox.ini', { 'tox.ini': '[testenv]\ncommands = pytest' }, 'python3 -m pytest -q'],
  ['pyproject without tests', { 'pyproject.toml': '[project]\n' }, null],
  ['test functions', { 'a.py': '', 'test_a.py': 'def test_a():\n  assert 1' }, 'python3 -m pytest -q'],
  ['unittest at the root', { 'test_a.py': 'import unittest\n' }, 'python3 -m unittest discover'],
  [
    'unittest in a folder',
    { 'tests/test_a.py': 'from unittest import TestCase' },
    'python3 -m unittest discover -s tests',
  ],
  [
    'unittest in a package',
    { 'p/__init__.py': '', 'p/tests/__init__.py': '', 'p/tests/test_a.py': 'import unittest' },
    'python3 -m unittest discover -s p/tests -t .',
  ],
  [
    'unittest in folders that are no packages',
    { 'a/test_a.py': 'import unittest', 'b/test_b.py': 'import unittest' },
    'python3 -m pytest -q',
  ],
  ['unittest by suffix', { 'a_test.py': 'import unittest' }, "python3 -m unittest discover -p '*test*.py'"],
  [
    'unittest and pytest',
    { 'test_a.py': 'import unittest', 'test_b.py': 'import pytest' },
    'python3 -m pytest -q',
  ],
  ['make', { Makefile: 'all:\n\ntest: all\n\ttrue\n' }, 'make test'],
  ['a make variable', { Makefile: 'test := 1\n' }, null],
  ['cargo', { 'Cargo.toml': '' }, 'cargo test'],
  ['go', { 'go.mod': '' }, 'go test ./...'],
  ['maven wrapper', { 'pom.xml': '', mvnw: '' }, './mvnw -q test'],
  ['gradle', { 'build.gradle.kts': '' }, 'gradle test'],
  ['dotnet', { 'src/App.csproj': '' }, 'dotnet test'],
  ['node tests', { 'a.js': '', 'a.test.js': "const test = require('node:test');" }, 'node --test'],
  ['tests of an unknown runner', { 'a.test.js': 'describe()' }, null],
  ['nothing', { 'README.md': '' }, null],
])('%s', async (_name, contents, expected) => {
  expect((await detectVerify(project(contents as Record<string, string>)))?.command ?? null).toBe(expected);
});

test('says why', async () => {
  expect(await detectVerify(project({ 'go.mod': '' }))).toEqual({ command: 'go test ./...', why: 'go.mod' });
});

test("uses the workspace's own Python", async () => {
  const found = await detectVerify(project({ 'pytest.ini': '' }, { '.venv/pyvenv.cfg': 'home = /usr' }));
  expect(found?.command).toBe('.venv/bin/python -m pytest -q');
});

test('syntax checks by language, TypeScript only with its compiler installed', async () => {
  const files = { 'tsconfig.json': '{}', 'a.ts': '' };
  const check = (path: string, hidden = {}) => detectSyntaxCheck({ ...project(files, hidden), path });
  expect(await check('a.mjs')).toEqual(['node', '--check', 'a.mjs']);
  expect((await check('a.py'))?.slice(0, 2)).toEqual(['python3', '-c']);
  expect(await check('a.ts')).toBeNull();
  expect(await check('a.ts', { 'node_modules/typescript/package.json': '{}' })).toEqual([
    'node_modules/.bin/tsc',
    '--noEmit',
    '-p',
    'tsconfig.json',
  ]);
  expect(await check('a.rs')).toBeNull();
});
