import type { SyntaxNode } from '@tandem/syntax';
import { literal, unknownWord, type Word } from './command.ts';

/** What is known while a script is read, at one point of it. */
export type Scope = {
  readonly variables: Map<string, Word>;
  /** Names that commands below inherit. */
  readonly exported: Set<string>;
  readonly functions: Map<string, SyntaxNode>;
  readonly aliases: Map<string, string>;
  positional: readonly Word[] | null;
  cwd: string | null;
  readonly wrappers: readonly string[];
  readonly elsewhere: string | null;
  /** Functions being read now: a second time is a recursion. */
  readonly calls: readonly string[];
  readonly depth: number;
};

/** Files and folders that the runners of CI systems name by variables; a text of a workflow uses them. */
const runnerFiles = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY', 'GITHUB_PATH', 'GITHUB_STATE'];
const runnerFolders = [
  'GITHUB_WORKSPACE',
  'CI_PROJECT_DIR',
  'CIRCLE_WORKING_DIRECTORY',
  'BUILD_SOURCESDIRECTORY',
];

export const firstScope = (input: {
  readonly cwd: string | null;
  readonly home: string;
  readonly workspace: string;
}): Scope => ({
  variables: new Map<string, Word>([
    ['HOME', literal(input.home)],
    ['PATH', literal('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')],
    ['IFS', { text: ' \t\n', known: true, glob: false, quoted: false }],
    ['SHELL', literal('/bin/bash')],
    ['TMPDIR', literal('/tmp')],
    ['0', literal('bash')],
    ['RUNNER_TEMP', literal('/tmp/runner')],
    ...runnerFiles.map((name) => [name, literal(`/tmp/runner/${name}`)] as const),
    ...runnerFolders.map((name) => [name, literal(input.workspace)] as const),
  ]),
  exported: new Set(),
  functions: new Map(),
  aliases: new Map(),
  positional: null,
  cwd: input.cwd,
  wrappers: [],
  elsewhere: null,
  calls: [],
  depth: 0,
});

/** A subshell: it sees everything and changes nothing outside. */
export const subshell = (scope: Scope, changes: Partial<Scope> = {}): Scope => ({
  ...scope,
  variables: new Map(scope.variables),
  exported: new Set(scope.exported),
  functions: new Map(scope.functions),
  aliases: new Map(scope.aliases),
  ...changes,
});

/** The value of a variable; null where the text never set it. */
export const variableOf = (scope: Scope, name: string): Word | null => {
  if (name === 'PWD') return scope.cwd === null ? unknownWord : literal(scope.cwd);
  if (/^[1-9]\d*$/.test(name) && scope.positional !== null)
    return scope.positional[Number(name) - 1] ?? literal('');
  if (name === '#' && scope.positional !== null) return literal(String(scope.positional.length));
  return scope.variables.get(name) ?? null;
};

/** After a branch that may not have run: what it changed is not known. */
export const joinBranches = (scope: Scope, branches: readonly Scope[]): void => {
  for (const branch of branches) {
    for (const [name, value] of branch.variables) {
      const before = scope.variables.get(name);
      if (before?.text !== value.text) scope.variables.set(name, before === undefined ? value : unknownWord);
    }
    for (const [name, body] of branch.functions)
      if (!scope.functions.has(name)) scope.functions.set(name, body);
    if (branch.cwd !== scope.cwd) scope.cwd = null;
  }
};
