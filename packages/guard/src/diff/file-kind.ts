import type { LexerFamily } from './lexer.ts';

/** What a file is for, by its name alone. */
export type FileKind = 'test' | 'source' | 'other';

const families: Readonly<Record<string, LexerFamily>> = {
  ...Object.fromEntries(
    'js mjs cjs jsx ts mts cts tsx vue svelte'.split(' ').map((name) => [name, 'javascript']),
  ),
  ...Object.fromEntries(
    'go rs java kt kts swift c cc cpp cxx h hpp cs scala dart m'.split(' ').map((name) => [name, 'c']),
  ),
  php: 'php',
  ...Object.fromEntries('py pyi pyx'.split(' ').map((name) => [name, 'python'])),
  ...Object.fromEntries('rb rake ex exs sh bash zsh pl'.split(' ').map((name) => [name, 'hash'])),
};

/** How the file's code is cut into tokens; null where it is not code. */
export const familyOf = (path: string): LexerFamily | null => families[extensionOf(path)] ?? null;

export const extensionOf = (path: string): string => /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';

const testFolder =
  /(^|\/)(tests?|__tests__|specs?|e2e|cypress|testing|testsuite|unit_tests?|integration_tests?)\//i;
const testName =
  /(^|\/)(test|conftest)(_[^/]*)?\.[a-z]+$|[._-](tests?|specs?|cy|e2e)\.[a-z]+$|(^|\/)[A-Za-z0-9]+(Tests?|Spec|IT|TestCase)\.[a-z]+$/;

export const kindOf = (path: string): FileKind => {
  if (testFolder.test(path) || testName.test(path)) return 'test';
  return familyOf(path) === null ? 'other' : 'source';
};

const tooling =
  /(^|\/)(scripts?|tasks?|build|benchmarks?|bench|tools?|docs?|examples?|demos?|samples?|release|ci|\.github|playground|contrib|extras?|migrations?|locale)\/|(^|\/)(setup|conf|fabfile|noxfile|tasks)\.py$|(gulp|grunt|rake)file|\.config\.[cm]?[jt]s$|(^|\/)(Gruntfile|build|karma\.conf|webpack[\w.]*|rollup[\w.]*)\.[cm]?[jt]s$/i;

/** Scripts and examples are no part of the product. */
export const isTooling = (path: string): boolean => tooling.test(path);
