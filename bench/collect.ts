/**
 * `npm run bench:collect -- GIT_DIR OUT --test-cmd CMD`: makes tasks of kind `repo` from the bug-fix commits of a
 * repository on this disk. Its code stays in OUT, which must lie outside this repository.
 *
 * A commit fits when its message speaks of a fix and it touches one to four source files and at least one test. The
 * task starts from its parent; hidden/ holds the commit's tests, reference/ its source. A task is kept only when the
 * start fails and the reference passes here and now.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runTask } from './run-task.ts';
import { readTask } from './task.ts';

const usage = `npm run bench:collect -- GIT_DIR OUT --test-cmd CMD [options]
  --test-cmd CMD    run in the workspace; {tests} is replaced by the commit's test files
  --visible-cmd CMD what the agent may run (default: --test-cmd over the tests that exist before the fix)
  --link DIR,...    folders under GIT_DIR's work tree (node_modules, .venv) that every task links to
  --limit N         at most N tasks (default 20)
  --since DATE      only newer commits
  --max-lines N     at most N changed source lines (default 60)
  --timeout S       for the test (default 120)
  --licence TEXT    written into task.json`;

export type Commit = { readonly hash: string; readonly parent: string; readonly message: string };

export type Change = { readonly path: string; readonly status: string; readonly lines: number };

/** Null when the commit makes no task. Only changed source files count: an added one has no bug to find. */
export const splitChanges = (
  changes: readonly Change[],
  maxLines: number,
): { readonly source: readonly string[]; readonly tests: readonly string[] } | null => {
  const code = changes.filter(({ path }) => isCode(path));
  const tests = code.filter(({ path }) => isTest(path));
  const source = code.filter(({ path }) => !isTest(path));
  const lines = source.reduce((total, change) => total + change.lines, 0);
  const fits =
    tests.some(({ status }) => status !== 'D') &&
    source.length >= 1 &&
    source.length <= 4 &&
    source.every(({ status }) => status === 'M') &&
    lines <= maxLines;
  if (!fits) return null;
  return {
    source: source.map(({ path }) => path),
    tests: tests.filter(({ status }) => status !== 'D').map(({ path }) => path),
  };
};

const languages: Readonly<Record<string, string>> = {
  ...{
    '.js': 'js',
    '.mjs': 'js',
    '.cjs': 'js',
    '.jsx': 'js',
    '.ts': 'ts',
    '.mts': 'ts',
    '.tsx': 'ts',
    '.py': 'py',
  },
};

const isCode = (path: string): boolean => extname(path) in languages && !/\.d\.[mc]?ts$/.test(path);

const isTest = (path: string): boolean =>
  /(?:^|\/)(?:tests?|__tests__|spec|specs)\//.test(path) ||
  /(?:^|\/)test_[^/]*$|[._-](?:test|spec)s?\.\w+$|_test\.\w+$/.test(path);

export const isFix = (message: string): boolean =>
  /\b(?:fix(?:es|ed)?|bug(?:fix)?|regression|crash(?:es)?)\b/i.test(message.split('\n', 1)[0]!) &&
  !/\b(?:typo|lint|docs?|readme|ci|bump|format(?:ting)?|flaky|types?|typings)\b/i.test(
    message.split('\n', 1)[0]!,
  ) &&
  !/^(?:Merge|Revert)\b/.test(message);

/** The message without trailers, issue links and conventional-commit prefix: what a person would have asked. */
export const instructionOf = (message: string, source: readonly string[]): string => {
  const text = message
    .replace(/^(?:Signed-off-by|Co-authored-by|Reviewed-by|Change-Id):.*$/gim, '')
    .replace(/^\w+(?:\([^)]*\))?!?:\s*/, '')
    .replace(/\s*\(?(?:closes|fixes|fix|resolves|refs?)?:?\s*(?:[\w.-]+\/[\w.-]+)?#\d+\)?/gi, '')
    .trim();
  return `${text}\n\nThe bug is in ${source.join(', ')}. Fix it there; leave the tests alone.\n`;
};

// --------------------------------------------------------------------------------------------------- the tasks

type Settings = {
  readonly gitDirectory: string;
  readonly out: string;
  readonly testCommand: string;
  readonly visibleCommand: string;
  readonly links: readonly string[];
  readonly limit: number;
  readonly since?: string;
  readonly maxLines: number;
  readonly timeoutSeconds: number;
  readonly licence: string;
};

const collect = async (settings: Settings): Promise<number> => {
  let kept = 0;
  for (const commit of commitsOf(settings)) {
    if (kept >= settings.limit) break;
    const parts = splitChanges(changesOf(settings.gitDirectory, commit), settings.maxLines);
    if (parts === null) continue;
    const folder = writeTask(settings, { commit, ...parts });
    const problem = await problemOf(folder);
    console.error(`${problem === null ? 'kept   ' : 'dropped'} ${commit.hash.slice(0, 10)} ${problem ?? ''}`);
    if (problem === null) kept += 1;
    else rmSync(folder, { recursive: true, force: true });
  }
  return kept;
};

const git = (directory: string, ...args: readonly string[]): Buffer => {
  const result = spawnSync('git', ['-C', directory, ...args], { maxBuffer: 256 * 1024 * 1024 });
  if (result.status !== 0) throw new Error(`git ${args[0]} failed: ${result.stderr}`);
  return result.stdout;
};

const commitsOf = ({ gitDirectory, since }: Settings): readonly Commit[] =>
  git(
    gitDirectory,
    ...['log', '--no-merges', '--format=%H%x1f%P%x1f%B%x1e', '-n', '20000'],
    ...(since === undefined ? [] : [`--since=${since}`]),
  )
    .toString()
    .split('\x1e')
    .map((record) => record.trim().split('\x1f'))
    .map(([hash = '', parent = '', message = '']) => ({ hash, parent, message }))
    .filter(({ parent, message }) => parent !== '' && isFix(message));

const changesOf = (directory: string, { hash, parent }: Commit): readonly Change[] => {
  const statuses = git(directory, 'diff', '--no-renames', '--name-status', parent, hash).toString().trim();
  const lines = new Map(
    git(directory, 'diff', '--no-renames', '--numstat', parent, hash)
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([added, removed, path = '']) => [path, Number(added) + Number(removed)] as const),
  );
  return statuses
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([status = '', path = '']) => ({ status, path, lines: lines.get(path) || 0 }));
};

const writeTask = (
  settings: Settings,
  input: { readonly commit: Commit; readonly source: readonly string[]; readonly tests: readonly string[] },
): string => {
  const { commit, source, tests } = input;
  const id = `${commit.hash.slice(0, 10)}-${extname(source[0]!).slice(1)}`;
  const folder = join(settings.out, 'tasks', 'repo', id);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  git(settings.gitDirectory, 'archive', '--format=tar.gz', '-o', join(folder, 'start.tgz'), commit.parent);
  for (const path of tests) layBlob(settings, { commit, path, folder: join(folder, 'hidden') });
  for (const path of source) layBlob(settings, { commit, path, folder: join(folder, 'reference') });
  writeFileSync(join(folder, 'instruction.md'), instructionOf(commit.message, source));
  writeFileSync(
    join(folder, 'task.json'),
    `${JSON.stringify(taskFacts(settings, { id, commit, source, tests }), null, 1)}\n`,
  );
  return folder;
};

const layBlob = (
  { gitDirectory }: Settings,
  input: { readonly commit: Commit; readonly path: string; readonly folder: string },
): void => {
  const target = join(input.folder, input.path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, git(gitDirectory, 'show', `${input.commit.hash}:${input.path}`));
};

const taskFacts = (
  settings: Settings,
  input: {
    readonly id: string;
    readonly commit: Commit;
    readonly source: readonly string[];
    readonly tests: readonly string[];
  },
) => {
  const link = settings.links
    .map((path) => `ln -sfn ${quote(join(settings.gitDirectory, path))} ${quote(path)}; `)
    .join('');
  const testsBefore = input.tests.filter((path) =>
    existsAt(settings.gitDirectory, `${input.commit.parent}:${path}`),
  );
  const visible = withTests(settings.visibleCommand, testsBefore);
  return {
    id: input.id,
    kind: 'repo',
    lang: languages[extname(input.source[0]!)] ?? 'other',
    source: `commit ${input.commit.hash}`,
    licence: settings.licence,
    files: input.source,
    // Without a test that was there before the fix, there is nothing honest to let the agent see.
    visible_test_cmd: testsBefore.length === 0 ? '' : `${link}${visible}`,
    hidden_test_cmd: `${link}${withTests(settings.testCommand, input.tests)} && echo BENCH_OK $BENCH_NONCE`,
    timeout_s: settings.timeoutSeconds,
  };
};

const withTests = (command: string, tests: readonly string[]): string =>
  command.replaceAll('{tests}', () => tests.map(quote).join(' '));

const quote = (text: string): string =>
  /^[\w./@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const existsAt = (directory: string, object: string): boolean =>
  spawnSync('git', ['-C', directory, 'cat-file', '-e', object]).status === 0;

const problemOf = async (folder: string): Promise<string | null> => {
  const task = readTask(folder);
  const start = await runTask(task, { subject: { type: 'start' }, runtime: folder });
  if (start.passed) return 'the start passes already';
  const reference = await runTask(task, { subject: { type: 'reference' }, runtime: folder });
  if (!reference.passed) return `the reference fails: ${reference.tail.trim().split('\n').at(-1)}`;
  return null;
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'test-cmd': { type: 'string' },
      'visible-cmd': { type: 'string' },
      link: { type: 'string', default: '' },
      limit: { type: 'string', default: '20' },
      since: { type: 'string' },
      'max-lines': { type: 'string', default: '60' },
      timeout: { type: 'string', default: '120' },
      licence: { type: 'string', default: 'see the repository' },
    },
  });
  const [gitDirectory, out] = positionals.map((path) => resolve(process.env.INIT_CWD ?? process.cwd(), path));
  const testCommand = values['test-cmd'];
  if (
    gitDirectory === undefined ||
    out === undefined ||
    testCommand === undefined ||
    !existsSync(gitDirectory)
  ) {
    console.error(usage);
    return 2;
  }
  if (!relative(join(import.meta.dirname, '..'), out).startsWith('..')) {
    console.error("OUT must lie outside this repository: other people's code stays out of it");
    return 2;
  }
  const kept = await collect({
    ...{ gitDirectory, out, testCommand },
    visibleCommand: values['visible-cmd'] ?? testCommand,
    links: values.link.split(',').filter(Boolean),
    limit: Number(values.limit),
    ...(values.since === undefined ? {} : { since: values.since }),
    maxLines: Number(values['max-lines']),
    timeoutSeconds: Number(values.timeout),
    licence: values.licence,
  });
  console.log(`${kept} tasks in ${join(out, 'tasks', 'repo')}`);
  return kept > 0 ? 0 : 1;
};

if (import.meta.main) process.exitCode = await main();
