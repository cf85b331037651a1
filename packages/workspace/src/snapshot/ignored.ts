import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that hold what can be made again; where no git says so, they count as ignored. */
const remade = new Set([
  ...['node_modules', 'bower_components', '__pycache__', '.venv', 'venv', 'dist', 'target', '.tox', '.nox'],
  ...['.mypy_cache', '.pytest_cache', '.ruff_cache', '.cache', '.next', '.turbo', '.gradle', 'coverage'],
]);

/** A path below the root of a repository (or of a workspace without one), and where that root is. */
export type Asked = { readonly path: string; readonly base: string; readonly inGit: boolean };

export type Ignored = {
  /** One answer a question, in order. */
  readonly ask: (asked: readonly Asked[]) => Promise<readonly boolean[]>;
};

/**
 * What git ignores: by its own answer, so that its rules are not told a second time here. Where there is no
 * repository the rules of `.gitignore` files hold all the same, through an empty one in the state folder.
 */
export const createIgnored = (emptyRepository: string): Ignored => ({
  ask: async (asked) => {
    const answers: boolean[] = asked.map(() => false);
    const groups = new Map<string, number[]>();
    asked.forEach(({ path, base, inGit }, index) => {
      if (!inGit && path.split('/').some((part) => remade.has(part))) answers[index] = true;
      const group = groups.get(base);
      if (group === undefined) groups.set(base, [index]);
      else group.push(index);
    });
    for (const [base, indices] of groups) {
      const inGit = asked[indices[0] as number]?.inGit === true;
      const ignored = await checkIgnore({
        base,
        paths: indices.map((index) => asked[index]?.path as string),
        repository: inGit ? null : await makeEmpty(emptyRepository),
      });
      for (const index of indices) if (ignored.has(asked[index]?.path as string)) answers[index] = true;
    }
    return answers;
  },
});

const makeEmpty = async (folder: string): Promise<string> => {
  await mkdir(join(folder, 'objects'), { recursive: true });
  await mkdir(join(folder, 'refs'), { recursive: true });
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  return folder;
};

/**
 * Paths that are ignored and not tracked. Nothing is, where git cannot or will not say. The index is asked apart from
 * the rules: asked together, git goes through all of it for every path.
 */
const checkIgnore = async (input: {
  readonly base: string;
  readonly paths: readonly string[];
  readonly repository: string | null;
}): Promise<ReadonlySet<string>> => {
  const { base, repository } = input;
  const where = repository === null ? [] : [`--git-dir=${repository}`, `--work-tree=${base}`];
  const words = [...where, 'check-ignore', '-z', '--stdin', '--no-index'];
  const ignored = await askGit({ base, words, stdin: input.paths.map((path) => `${path}\0`).join('') });
  if (ignored.size === 0 || repository !== null) return ignored;
  const tracked = await askGit({
    base,
    words: ['ls-files', '-z', '-c', '-i', '--exclude-standard'],
    stdin: '',
  });
  return new Set([...ignored].filter((path) => !tracked.has(path)));
};

const askGit = (input: {
  readonly base: string;
  readonly words: readonly string[];
  readonly stdin: string;
}): Promise<ReadonlySet<string>> =>
  new Promise((resolve) => {
    const child = spawn('git', [...quiet, ...input.words], {
      cwd: input.base,
      env: bareEnvironment(),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
    child.on('error', () => resolve(new Set()));
    child.on('close', () => {
      const names = Buffer.concat(chunks).toString('utf8').split('\0');
      resolve(new Set(names.filter((name) => name !== '')));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input.stdin);
  });

const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

const bareEnvironment = (): NodeJS.ProcessEnv => {
  const environment: NodeJS.ProcessEnv = { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  for (const name of Object.keys(environment))
    if (/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY)$/.test(name))
      delete environment[name];
  return environment;
};
