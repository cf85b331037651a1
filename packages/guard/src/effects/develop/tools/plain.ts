import type { Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { type Arguments, grammarOf, has, parseArguments } from '../arguments.ts';
import type { Develop, DevelopTable } from '../develop.ts';
import { outcomeEffect } from '../outcome.ts';

/** Options by which tools write elsewhere than they usually do. */
const outputs = new Set(
  '-o --out --outdir --out-dir --outDir --outfile --outFile --out-file --output --output-file --output-dir --output-path --outputFile --dist-dir --declarationDir --tsBuildInfoFile --junit-xml --junitxml --cov-report --cache-dir --cache-location --basetemp --coverage-directory --coverageDirectory --html --json-report-file --report-file --log-file --outputfile'.split(
    ' ',
  ),
);

/** Options that name code to load. */
const loads = new Set(
  '-c -p -r --config --configFile --config-file --require --import --loader --plugin --plugins --rulesdir --preset --rootdir --globalSetup --setupFiles --setupFilesAfterEnv --reporter --reporters --runner --transform --testEnvironment --conf --confcutdir --rcfile --load-plugins --gulpfile --gruntfile --wrap --config-path --parser --formatter --format -f --resolver --inject'.split(
    ' ',
  ),
);

/** Flags of many tools that take a value; others that look the same take one too, which does no harm here. */
const grammar = grammarOf([...outputs, ...loads].map((name) => `${name}=`).join(' '));

/** What a tool of the workspace does beside its work: writing outside the workspace, loading code from there. */
export const outsideEffects = (
  parsed: Arguments,
  ...[command, context]: Parameters<Develop>
): readonly Effect[] =>
  parsed.flags.flatMap(({ name, value }): readonly Effect[] => {
    if (!value || !looksLikePath(value)) return [];
    const path = context.path(value, command);
    if (outputs.has(name) && !['workspace', 'sink', 'temp', 'unknown'].includes(path.place))
      return [{ type: 'write', path, how: 'overwrite' }];
    return loads.has(name) && isForeignCode(value, path.place)
      ? [{ type: 'run', program: value.text, origin: 'unknown', what: `${command.name} loads ${value.text}` }]
      : [];
  });

const looksLikePath = ({ text }: Word): boolean => /[/\\]/.test(text);

const isForeignCode = ({ text }: Word, place: string): boolean =>
  /\.(?:[cm]?[jt]sx?|py|rb|pl|sh|so|dylib|dll|node|gradle)$/.test(text) &&
  ['temp', 'home', 'outside', 'system'].includes(place) &&
  !text.startsWith('../');

/** A tool whose work is inside the workspace: it builds, tests, checks or formats what is there. */
const projectTool: Develop = (command, context) => {
  const name = command.name ?? '';
  const parsed = parseArguments(command.args, grammar);
  const subject = {
    program: name,
    what: [name, parsed.operands[0]?.text ?? ''].join(' ').trim(),
    scope: 'project',
    system: 'service',
  } as const;
  if (has(parsed, '--help', '--version')) return [outcomeEffect('read', subject)];
  return [outcomeEffect('project', subject), ...outsideEffects(parsed, command, context)];
};

const plain = `
  tsc tsgo tsdown unbuild obuild swc babel esbuild rollup webpack webpack-cli parcel rspack rsbuild vite vue-tsc svelte-check tsd attw
  vitest jest mocha ava tap jasmine karma cucumber-js uvu qunit wdio testcafe bats bats-core shunit2 phpunit pest rspec minitest cucumber busted ctest
  eslint biome oxlint prettier dprint stylelint markdownlint markdownlint-cli2 remark commitlint lint-staged knip depcheck madge publint size-limit bundlesize sherif syncpack cspell jscodeshift ts-prune license-checker automd standard xo tslint jshint
  next nuxt nuxi astro remix svelte-kit ng vue-cli-service gatsby storybook start-storybook build-storybook electron electron-builder electron-vite nest vitepress docusaurus typedoc jsdoc api-extractor graphql-codegen openapi-generator openapi-generator-cli openapi-typescript orval tailwindcss postcss sass lessc stylus terser uglifyjs svgo node-gyp prebuildify napi wasm-pack patch-package simple-git-hooks husky tree-sitter tsc-alias copyfiles cpx cpy cpy-cli ncp mkdirp expect-type replace-in-file
  pytest py.test tox nox ruff black mypy flake8 isort pylint pyright basedpyright bandit autopep8 yapf pyupgrade pydocstyle vulture sphinx-build sphinx-autobuild mkdocs-build pyinstaller virtualenv pyproject-build cython maturin interrogate djlint sqlfluff robot behave locust hypothesis mutmut pip-audit safety check-manifest build
  rubocop brakeman standardrb yard jekyll middleman phpstan psalm php-cs-fixer phpcs phpcbf pint rector
  golangci-lint staticcheck gofmt goimports gofumpt govulncheck gotestsum mockgen stringer sqlc buf protoc wire ginkgo errcheck goreleaser-check
  rustc rustfmt clippy-driver cargo-clippy bindgen cbindgen wasm-bindgen rustdoc
  clang-format clang-tidy cppcheck cpplint scan-build gcov lcov genhtml gcovr doxygen bear iwyu scons waf premake5 autoconf automake autoreconf libtoolize aclocal autoheader ranlib ld as nasm yasm
  javac javadoc ktlint detekt checkstyle spotbugs pmd kotlinc scalac scalafmt groovyc ghci hlint ormolu fourmolu stylish-haskell ocamlc ocamlopt ocamlformat dune swiftlint swiftformat swiftc xcpretty pod-lib ktfmt google-java-format
   shfmt yamllint actionlint taplo vale proselint codespell typos tflint checkov tfsec markdownlint-cli dotenv-linter sqlfmt ajv redocly spectral swagger-cli html-validate pa11y lhci lighthouse
  dart-format erlc mixformat nimble-build bibtex biber asciidoctor mdbook hugo zola gohugo mkisofs plantuml mmdc marp
  semgrep gitleaks trufflehog trivy syft grype lizard radon ctags cscope
  air reflex jsonschema quicktype json2ts datamodel-codegen grpc_tools flow flow-bin elm elm-test purs spago lsc bsb rescript erlfmt hledger`;

/** Tools for which one description is enough. */
export const plainToolTable: DevelopTable = Object.fromEntries(
  plain
    .split(/\s+/)
    .filter((name) => name !== '')
    .map((name) => [name, projectTool]),
);

/** Effects of the words of a tool of the workspace, with a `what` of their own. */
export const projectRun = (program: string, what: string): Effect => ({
  type: 'run',
  program,
  origin: 'project',
  what,
});
