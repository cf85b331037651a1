/** True for files that hold tests. They are read, and changed only when the request is about them. */
export const isTestFile = (path: string): boolean =>
  /(^|\/)(tests?|__tests__|specs?|testing)\//i.test(path) ||
  /(^|\/)(test_[^/]*|conftest)\.py$/.test(path) ||
  /[._-](test|spec|tests)\.[A-Za-z]+$/.test(path);

/** Files that steer tools rather than hold the program. */
export const isConfigFile = (path: string): boolean =>
  /(^|\/)(package(-lock)?\.json|tsconfig[^/]*\.json|pyproject\.toml|setup\.(py|cfg)|tox\.ini|Makefile|\.[^/]+)$/.test(
    path,
  ) ||
  /\.config\.[cm]?[jt]s$/.test(path) ||
  path.startsWith('.');

const sourceExtension =
  /\.(py|[cm]?jsx?|[cm]?tsx?|go|rs|java|kt|rb|php|c|h|cc|cpp|hpp|cs|swift|scala|lua|sh|ex|exs|ml|hs|dart|vue|svelte)$/;

export const isSource = (path: string): boolean =>
  sourceExtension.test(path) && !isTestFile(path) && !isConfigFile(path);
