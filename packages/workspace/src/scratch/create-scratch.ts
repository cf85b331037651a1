import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownerName } from '../exec/owner.ts';
import type { ListSource } from '../files/list.ts';
import { allFiles } from '../files/list.ts';
import { diskError } from '../files/write.ts';
import { gitCommand } from '../git/git-command.ts';
import { copyTree } from './copy-tree.ts';
import { shareDependencies } from './dependencies.ts';
import { ignoredInFolder, ignoredInGit } from './ignored.ts';
import { removeTree } from './sweep.ts';

export type ScratchFolder = {
  readonly root: string;
  /** The workspace's files it began with: they belong to it whatever its ignore files say. */
  readonly files: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
};

let made = 0;

/**
 * A copy of a workspace's files as they are now, without `.git`, so that nothing done in it reaches the user's
 * repository. Installed packages are shared with the original.
 */
export const createScratchFolder = async (input: {
  readonly source: ListSource;
  readonly folder: string;
  readonly name: string;
  /** True makes it a git repository with one commit, for tools that need one. */
  readonly git?: boolean;
}): Promise<ScratchFolder> => {
  const name = input.name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 60);
  const root = join(input.folder, `${ownerName()}-${++made}-${name}`);
  try {
    await mkdir(root, { recursive: true });
    const [files, ignored] = await Promise.all([allFiles(input.source), ignoredOf(input.source)]);
    await copyTree({ from: input.source.root, to: root, paths: [...files, ...ignored.copied] });
    for (const path of ignored.dependencies)
      await shareDependencies({ from: input.source.root, to: root, path });
    if (input.git === true) await freshRepository(root);
    const real = await realpath(root);
    return { root: real, files, environment: await scratchEnvironment(real) };
  } catch (error) {
    await removeTree(root);
    throw diskError(error, root);
  }
};

const ignoredOf = async (source: ListSource): ReturnType<typeof ignoredInGit> => {
  const inside =
    source.known === undefined && (await gitCommand(source.root, ['rev-parse', '--git-dir'])).exit === 0;
  return inside ? ignoredInGit(source.root) : ignoredInFolder(source.root);
};

/** For tools that need a repository: one commit of everything, by nobody, without the user's hooks. */
const freshRepository = async (root: string): Promise<void> => {
  const identity = [
    '-c',
    'user.name=tandem',
    '-c',
    'user.email=tandem@localhost',
    '-c',
    'commit.gpgsign=false',
  ];
  for (const step of [
    ['init', '-q', '-b', 'main', '--template='],
    ['add', '-A'],
    [...identity, 'commit', '-q', '--allow-empty', '--no-verify', '-m', 'scratch'],
  ]) {
    const outcome = await gitCommand(root, step, { ceiling: dirname(root) });
    if (outcome.exit !== 0) throw new Error(`git ${step.join(' ')}: ${outcome.stderr}`);
  }
};

const pythonProject = ['pyproject.toml', 'setup.py', 'setup.cfg'];

/**
 * No colours and no byte code (a copy's compiled files would be keyed by a path that is gone). An editable install of
 * a Python project points at the user's files, so the copy's own come first on the path. No repository above the copy
 * is found by mistake.
 */
const scratchEnvironment = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const exists = async (path: string): Promise<boolean> =>
    (await stat(join(root, path)).catch(() => null)) !== null;
  const python = (await Promise.all(pythonProject.map(exists))).includes(true);
  const folders = [...((await exists('src')) ? [join(root, 'src')] : []), root];
  const before = process.env.PYTHONPATH;
  return {
    NO_COLOR: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    GIT_CEILING_DIRECTORIES: dirname(root),
    ...(python ? { PYTHONPATH: [...folders, ...(before ? [before] : [])].join(':') } : {}),
  };
};
