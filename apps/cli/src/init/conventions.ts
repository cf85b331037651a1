import { endingsOf } from './layout.ts';
import { inCode, inLine, type Source, tableAt, tableIn } from './source.ts';

const ciLimit = 8;

/** What the files of settings say about how code is written here: one sentence each. */
export const conventionsIn = async (source: Source): Promise<readonly string[]> => {
  const found = await Promise.all([
    languages(source),
    runtimes(source),
    tools(source),
    tests(source),
    inCi(source),
  ]);
  return found.flat();
};

const codeEndings =
  /^\.(?:[cm]?[jt]sx?|py|rs|go|java|kt|rb|php|c|cc|cpp|h|hpp|cs|swift|scala|sh|sql|vue|svelte|ex|exs|zig|lua|dart)$/;

const languages = (source: Source): readonly string[] => {
  const endings = endingsOf(source.files).filter((ending) => codeEndings.test(ending));
  return endings.length === 0 ? [] : [`Code is in ${endings.slice(0, 3).map(inCode).join(', ')}.`];
};

const runtimes = async (source: Source): Promise<readonly string[]> => {
  const [node, python, pinned] = await Promise.all([
    tableIn(source, 'package.json'),
    tableIn(source, 'pyproject.toml'),
    source.read('.nvmrc'),
  ]);
  const engine = inLine(tableAt(node, 'engines').node) || inLine(pinned);
  const needs = inLine(tableAt(python, 'project')['requires-python']);
  return [
    ...(engine === '' ? [] : [`Node ${engine}.`]),
    ...(node.type === 'module' ? ['Modules are ES modules (`import`).'] : []),
    ...(needs === '' ? [] : [`Python ${needs}.`]),
  ];
};

const configs: readonly (readonly [file: RegExp, said: string])[] = [
  [/^biome\.jsonc?$/, 'Biome formats and lints'],
  [/^(?:\.eslintrc(?:\.\w+)?|eslint\.config\.\w+)$/, 'ESLint lints'],
  [/^(?:\.prettierrc(?:\.\w+)?|prettier\.config\.\w+)$/, 'Prettier formats'],
  [/^\.?ruff\.toml$/, 'Ruff lints'],
  [/^(?:\.clang-format)$/, 'clang-format formats'],
  [/^(?:\.golangci\.ya?ml)$/, 'golangci-lint lints'],
  [/^rustfmt\.toml$/, 'rustfmt formats'],
  [/^\.editorconfig$/, 'indents and line ends are as the editor settings say'],
  [/^\.pre-commit-config\.yaml$/, 'checks run before each commit'],
];

const tools = async (source: Source): Promise<readonly string[]> => {
  const named = configs.flatMap(([pattern, said]) => {
    const file = source.files.find((one) => pattern.test(one));
    return file === undefined ? [] : [`${said[0]?.toUpperCase()}${said.slice(1)} (${inCode(file)}).`];
  });
  const text = (await source.read('tsconfig.json')) ?? (await source.read('tsconfig.base.json')) ?? '';
  return /"strict"\s*:\s*true/.test(text) ? [...named, 'TypeScript is strict.'] : named;
};

const testNames: readonly (readonly [name: RegExp, pattern: string])[] = [
  [/\.test\.[cm]?[jt]sx?$/, '*.test'],
  [/\.spec\.[cm]?[jt]sx?$/, '*.spec'],
  [/(?:^|\/)test_[^/]+\.py$/, 'test_*.py'],
  [/_test\.go$/, '*_test.go'],
  [/_test\.py$/, '*_test.py'],
  [/_spec\.rb$/, '*_spec.rb'],
  [/Test\.(?:java|kt)$/, '*Test'],
];

const tests = ({ files }: Source): readonly string[] => {
  const kinds = testNames
    .map(([name, pattern]) => ({ pattern, found: files.filter((file) => name.test(file)) }))
    .toSorted((left, right) => right.found.length - left.found.length);
  const [most] = kinds;
  if (most === undefined || most.found.length === 0) return [];
  const apart = most.found.filter((file) => /(?:^|\/)(?:tests?|__tests__|spec)\//.test(file)).length;
  const where = apart * 2 > most.found.length ? 'in test folders' : 'beside what they test';
  return [`Tests are named ${inCode(most.pattern)} and lie ${where}, like ${inCode(most.found[0] ?? '')}.`];
};

/** What has to pass elsewhere is what has to pass here. */
const inCi = async (source: Source): Promise<readonly string[]> => {
  const files = source.files.filter((file) =>
    /^\.github\/workflows\/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$/.test(file),
  );
  const texts = await Promise.all(files.slice(0, 5).map((file) => source.read(file)));
  const lines = texts.flatMap((text) =>
    [...(text ?? '').matchAll(/^\s*(?:-\s+)?run:\s*([^|>\s].*)$/gm)].map(([, line = '']) => inLine(line)),
  );
  const unique = [...new Set(lines)].slice(0, ciLimit);
  return unique.length === 0 ? [] : [`CI runs ${unique.map(inCode).join(', ')}.`];
};
