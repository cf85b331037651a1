import { inLine, type Source, tableAt, tableIn } from './source.ts';

/** A line that can be typed, and what it does, as far as the files say. */
export type Command = { readonly line: string; readonly does: string };

const scriptLimit = 14;
const targetLimit = 12;

/** What somebody new types first stands first. */
const usual = ['setup', 'dev', 'start', 'build', 'test', 'check', 'lint', 'typecheck', 'format', 'fix'];

/** Commands that the workspace's own files name. */
export const commandsIn = async (source: Source): Promise<readonly Command[]> => {
  const found = await Promise.all([
    ofNode(source),
    ofPython(source),
    ofMake(source),
    ...fixed.map(([file, commands]) => (source.files.includes(file) ? commands : [])),
  ]);
  return found.flat();
};

const fixed: readonly (readonly [file: string, commands: readonly Command[]])[] = [
  [
    'Cargo.toml',
    [
      { line: 'cargo build', does: 'builds' },
      { line: 'cargo test', does: 'runs the tests' },
      { line: 'cargo clippy', does: 'lints' },
      { line: 'cargo fmt', does: 'formats' },
    ],
  ],
  [
    'go.mod',
    [
      { line: 'go build ./...', does: 'builds' },
      { line: 'go test ./...', does: 'runs the tests' },
      { line: 'go vet ./...', does: 'looks for mistakes' },
    ],
  ],
  ['pom.xml', [{ line: 'mvn test', does: 'builds and runs the tests' }]],
  ['gradlew', [{ line: './gradlew test', does: 'builds and runs the tests' }]],
  ['Gemfile', [{ line: 'bundle install', does: 'installs what it needs' }]],
];

/** Of a package.json: who installs, and the scripts. */
export const runnerOf = (files: readonly string[]): 'npm' | 'pnpm' | 'yarn' | 'bun' => {
  if (files.includes('pnpm-lock.yaml')) return 'pnpm';
  if (files.includes('yarn.lock')) return 'yarn';
  return files.some((file) => /^bun\.lockb?$/.test(file)) ? 'bun' : 'npm';
};

const ofNode = async (source: Source): Promise<readonly Command[]> => {
  if (!source.files.includes('package.json')) return [];
  const runner = runnerOf(source.files);
  const locked = runner === 'npm' && source.files.includes('package-lock.json');
  const install = { line: locked ? 'npm ci' : `${runner} install`, does: 'installs what it needs' };
  const scripts = Object.entries(tableAt(await tableIn(source, 'package.json'), 'scripts'))
    .filter(([name]) => !/^(?:pre|post)(?=install|publish|build|test|pack)|^prepare$/.test(name))
    .toSorted(([left], [right]) => placeOf(left) - placeOf(right));
  const call = (name: string): string => {
    if (runner === 'npm') return /^(?:test|start)$/.test(name) ? `npm ${name}` : `npm run ${name}`;
    return `${runner} run ${name}`;
  };
  return [
    install,
    ...scripts.slice(0, scriptLimit).map(([name, script]) => ({ line: call(name), does: inLine(script) })),
  ];
};

const placeOf = (name: string): number => {
  const place = usual.findIndex((one) => name === one || name.startsWith(`${one}:`));
  return place < 0 ? usual.length : place;
};

const ofPython = async (source: Source): Promise<readonly Command[]> => {
  const { files } = source;
  if (!files.some((file) => /^(?:pyproject\.toml|setup\.py|requirements\.txt)$/.test(file))) return [];
  const project = await tableIn(source, 'pyproject.toml');
  const tool = tableAt(project, 'tool');
  const [install, before] = installerOf(files, 'poetry' in tool);
  const tests = 'pytest' in tool || files.some((file) => /(?:^|\/)(?:test_[^/]*|conftest)\.py$/.test(file));
  const run = (line: string, does: string): Command => ({ line: `${before}${line}`, does });
  return [
    { line: install, does: 'installs what it needs' },
    ...(tests ? [run('pytest', 'runs the tests')] : []),
    ...('ruff' in tool || files.includes('ruff.toml') ? [run('ruff check .', 'lints')] : []),
    ...('black' in tool ? [run('black .', 'formats')] : []),
    ...('mypy' in tool || files.includes('mypy.ini') ? [run('mypy .', 'checks types')] : []),
    ...('pyright' in tool ? [run('pyright', 'checks types')] : []),
  ];
};

const installerOf = (
  files: readonly string[],
  poetry: boolean,
): readonly [install: string, before: string] => {
  if (files.includes('uv.lock')) return ['uv sync', 'uv run '];
  if (poetry || files.includes('poetry.lock')) return ['poetry install', 'poetry run '];
  if (files.includes('requirements.txt') && !files.includes('pyproject.toml'))
    return ['pip install -r requirements.txt', ''];
  return ['pip install -e .', ''];
};

/** Targets with a comment say what they do; the others are named. */
const ofMake = async (source: Source): Promise<readonly Command[]> => {
  const file = ['Makefile', 'makefile', 'GNUmakefile'].find((one) => source.files.includes(one));
  const text = file === undefined ? null : await source.read(file);
  const targets = new Map<string, string>();
  for (const [, name = '', comment = ''] of (text ?? '').matchAll(
    /^([A-Za-z0-9][\w-]*)\s*:(?![=:])[^#\n]*(?:#+\s*(.*))?$/gm,
  ))
    if (!targets.has(name)) targets.set(name, inLine(comment));
  return [...targets].slice(0, targetLimit).map(([name, does]) => ({ line: `make ${name}`, does }));
};
