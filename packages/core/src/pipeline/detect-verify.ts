/** What a detector may look at. `read` gives null for a file that is not there or is no text. */
export type ProjectFiles = {
  readonly files: ReadonlySet<string>;
  readonly read: (path: string) => Promise<string | null>;
};

export type DetectedVerify = { readonly command: string; readonly why: string };

/** The workspace's own test command, the most explicit first; null where nothing says how to test. */
export const detectVerify = async (project: ProjectFiles): Promise<DetectedVerify | null> => {
  for (const detect of [packageScript, pythonTests, makeTarget, byManifest, nodeTests]) {
    const found = await detect(project);
    if (found !== null) return found;
  }
  return null;
};

/**
 * A command, as argv, that fails when one file cannot be parsed or, for TypeScript with its compiler installed, does
 * not type-check. It writes nothing. Null where there is no such command.
 */
export const detectSyntaxCheck = async (
  project: ProjectFiles & { readonly path: string },
): Promise<readonly string[] | null> => {
  const { path, files, read } = project;
  if (/\.py$/.test(path)) {
    const program = "import sys; compile(open(sys.argv[1], 'rb').read(), sys.argv[1], 'exec')";
    return [await pythonOf(project), '-c', program, path];
  }
  if (/\.[cm]?js$/.test(path)) return ['node', '--check', path];
  const compiler = (await read('node_modules/typescript/package.json')) !== null;
  if (/\.[cm]?tsx?$/.test(path) && files.has('tsconfig.json') && compiler) {
    return ['node_modules/.bin/tsc', '--noEmit', '-p', 'tsconfig.json'];
  }
  return null;
};

const packageScript = async (project: ProjectFiles): Promise<DetectedVerify | null> => {
  const manifest = await readPackage(project);
  const script = manifest?.scripts?.test;
  if (typeof script === 'string' && script.trim() !== '' && !/no test specified/.test(script)) {
    // Runners that stay and watch end after one run when they see this.
    const prefix = /react-scripts test|--watch(?!All=false)|\bng test/.test(script) ? 'CI=true ' : '';
    return { command: `${prefix}${managerOf(project.files)} test`, why: 'scripts.test in package.json' };
  }
  const installed = { ...manifest?.dependencies, ...manifest?.devDependencies };
  const runner = packageRunners.find(([name]) => name in installed);
  return runner === undefined ? null : { command: runner[1], why: `${runner[0]} in package.json` };
};

const packageRunners: readonly (readonly [string, string])[] = [
  ['vitest', 'npx --no-install vitest run'],
  ['jest', 'npx --no-install jest'],
  ['mocha', 'npx --no-install mocha'],
  ['ava', 'npx --no-install ava'],
];

type PackageManifest = {
  readonly scripts?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly devDependencies?: Readonly<Record<string, unknown>>;
};

const readPackage = async ({ files, read }: ProjectFiles): Promise<PackageManifest | null> =>
  files.has('package.json') ? parseJson((await read('package.json')) ?? '') : null;

/** Null for what is no JSON object: a broken manifest says nothing about tests. */
const parseJson = (text: string): PackageManifest | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as PackageManifest) : null;
  } catch {
    return null;
  }
};

const managerOf = (files: ReadonlySet<string>): string => {
  if (files.has('pnpm-lock.yaml')) return 'pnpm';
  if (files.has('yarn.lock')) return 'yarn';
  return files.has('bun.lock') || files.has('bun.lockb') ? 'bun run' : 'npm';
};

const pythonTests = async (project: ProjectFiles): Promise<DetectedVerify | null> => {
  const configured = await pytestConfiguration(project);
  const tests = [...project.files].filter((path) => /(^|\/)(test_[^/]*|[^/]*_test|tests?)\.py$/.test(path));
  if (configured === null && tests.length === 0) return null;
  const python = await pythonOf(project);
  const pytest = { command: `${python} -m pytest -q` };
  if (configured !== null) return { ...pytest, why: configured };
  const texts = await Promise.all(
    tests.slice(0, maxTestFiles).map(async (path) => (await project.read(path)) ?? ''),
  );
  const unittest = texts.some((text) => /^\s*(import|from) unittest\b/m.test(text));
  const others = texts.some((text) => /\bpytest\b/.test(text) || /^(async )?def test/m.test(text));
  const command = unittest && !others ? unittestCommand(project.files, python, tests) : null;
  if (command === null) return { ...pytest, why: `Python tests such as ${tests[0]}` };
  return { command, why: `unittest in ${tests[0]}` };
};

/** Enough to see which framework a test suite uses. */
const maxTestFiles = 20;

const pytestConfiguration = async ({ files, read }: ProjectFiles): Promise<string | null> => {
  for (const name of ['pytest.ini', '.pytest.ini', 'conftest.py', 'tests/conftest.py', 'test/conftest.py']) {
    if (files.has(name)) return name;
  }
  for (const [name, section] of [
    ['pyproject.toml', /^\[tool\.pytest\b/m],
    ['setup.cfg', /^\[tool:pytest\]/m],
    ['tox.ini', /^\[pytest\]|\bpytest\b/m],
  ] as const) {
    if (files.has(name) && section.test((await read(name)) ?? '')) return `pytest in ${name}`;
  }
  return null;
};

/**
 * One folder of tests is discovered as a whole, as part of its package where it is in one. Null when the tests lie in
 * several folders that are no packages: discovery would find none of them and call that a success.
 */
const unittestCommand = (
  files: ReadonlySet<string>,
  python: string,
  tests: readonly string[],
): string | null => {
  const folders = [...new Set(tests.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))))];
  const [folder = ''] = folders;
  const prefixed = tests.every((path) => /(^|\/)test[^/]*\.py$/.test(path));
  const discover = `${python} -m unittest discover${prefixed ? '' : " -p '*test*.py'"}`;
  if (folders.length > 1) return folders.every((one) => isPackage(files, one)) ? discover : null;
  if (folder === '') return discover;
  return `${discover} -s ${quoted(folder)}${isPackage(files, folder) ? ' -t .' : ''}`;
};

/** Whether it and every folder above it can be imported. The root needs nothing. */
const isPackage = (files: ReadonlySet<string>, folder: string): boolean =>
  folder === '' ||
  folder
    .split('/')
    .every((_, index, parts) => files.has(`${parts.slice(0, index + 1).join('/')}/__init__.py`));

const quoted = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

const pythonOf = async ({ read }: ProjectFiles): Promise<string> => {
  for (const folder of ['.venv', 'venv']) {
    if ((await read(`${folder}/pyvenv.cfg`)) !== null) return `${folder}/bin/python`;
  }
  return 'python3';
};

const makeTarget = async ({ files, read }: ProjectFiles): Promise<DetectedVerify | null> => {
  for (const name of ['GNUmakefile', 'Makefile', 'makefile']) {
    const target = files.has(name)
      ? /^(test|check)\s*:(?!=)/m.exec((await read(name)) ?? '')?.[1]
      : undefined;
    if (target !== undefined) return { command: `make ${target}`, why: `${target} in ${name}` };
  }
  for (const name of ['justfile', 'Justfile']) {
    if (files.has(name) && /^test\b[^=\n]*:(?!=)/m.test((await read(name)) ?? '')) {
      return { command: 'just test', why: `test in ${name}` };
    }
  }
  return null;
};

const byManifest = async ({ files }: ProjectFiles): Promise<DetectedVerify | null> => {
  const found = manifests.find(([name]) =>
    name.startsWith('*') ? [...files].some((path) => path.endsWith(name.slice(1))) : files.has(name),
  );
  if (found === undefined) return null;
  const [name, command, wrapper] = found;
  const program = command.slice(0, command.indexOf(' '));
  const local = wrapper !== undefined && files.has(wrapper);
  return { command: local ? `./${wrapper}${command.slice(program.length)}` : command, why: name };
};

/** File, command, and the wrapper script that stands for its program where the workspace has one. */
const manifests: readonly (readonly [string, string, string?])[] = [
  ['Cargo.toml', 'cargo test'],
  ['go.mod', 'go test ./...'],
  ['deno.json', 'deno test -A'],
  ['deno.jsonc', 'deno test -A'],
  ['pom.xml', 'mvn -q test', 'mvnw'],
  ['build.gradle', 'gradle test', 'gradlew'],
  ['build.gradle.kts', 'gradle test', 'gradlew'],
  ['mix.exs', 'mix test'],
  ['phpunit.xml', 'vendor/bin/phpunit --no-progress'],
  ['phpunit.xml.dist', 'vendor/bin/phpunit --no-progress'],
  ['.rspec', 'bundle exec rspec'],
  ['Package.swift', 'swift test'],
  ['*.sln', 'dotnet test'],
  ['*.csproj', 'dotnet test'],
];

/** Plain JavaScript tests beside no manifest that says more: the runtime's own runner finds them. */
const nodeTests = async ({ files, read }: ProjectFiles): Promise<DetectedVerify | null> => {
  const tests = [...files].filter((path) =>
    /((^|\/)test\/[^/]+|(^|\/)test-[^/]+|(^|\/)test|[._-]test)\.([cm]?js|[cm]?ts)$/.test(path),
  );
  for (const path of tests.slice(0, maxTestFiles)) {
    const text = (await read(path)) ?? '';
    if (/['"]node:(test|assert)['"]|['"]assert['"]/.test(text)) {
      return { command: 'node --test', why: `tests such as ${path}` };
    }
  }
  return null;
};
