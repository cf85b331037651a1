import { lstat, mkdir, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isAwaited } from './taken.ts';

/** In a writable workspace: what other programs run or obey without being asked, and what tells the agent its rules. */
const settings: readonly string[] = [
  '.git',
  '.tandem',
  '.claude',
  '.codex',
  '.cursor',
  '.gemini',
  '.opencode',
  '.agents',
  '.aider.conf.yml',
  '.mcp.json',
  'AGENTS.md',
  'CLAUDE.md',
  'GEMINI.md',
  '.husky',
  '.githooks',
  '.pre-commit-config.yaml',
  'lefthook.yml',
  '.vscode',
  '.idea',
  '.envrc',
];

/** In a repository's own folder: what names programs or moves the folder elsewhere. A commit writes none of these. */
const gitSettings: readonly string[] = [
  'hooks',
  'config',
  'config.worktree',
  'info',
  'modules',
  'worktrees',
  'commondir',
  'gitdir',
];

export type Protected = {
  /** Absolute, existing, real: to be mounted read-only. */
  readonly readOnly: readonly string[];
  /** Absolute, existing, real, writable, but not to be moved away: mounted onto themselves. */
  readonly writable: readonly string[];
  /** Absolute, with the link text, or null where nothing is: nothing can be mounted there, so they are watched. */
  readonly watched: ReadonlyMap<string, string | null>;
};

/** What must stay as it is inside a writable root, as far as it is there. */
export const protectedPaths = async (root: string): Promise<Protected> => {
  const repository = await repositoryOf(root);
  const hooks = await hooksFolder(root, repository?.common ?? null);
  const names = settings.map((name) => join(root, name));
  const found = { readOnly: [] as string[], watched: new Map<string, string | null>() };
  for (const path of [...names, ...(hooks === null ? [] : [hooks])]) {
    if (path !== repository?.own) await sort(path, root, found);
  }
  if (repository === null) return { ...found, writable: [] };
  const { own, common } = repository;
  if (own === common) {
    // Kept from being planted by being there: an empty folder means the same to git as none.
    for (const name of ['hooks', 'info'])
      await mkdir(join(common, name), { recursive: true }).catch(() => {});
  }
  for (const folder of new Set([own, common])) {
    for (const name of gitSettings) {
      // A linked worktree's own folder lies in `worktrees`, which stays closed but for it.
      await sort(join(folder, name), root, found);
    }
  }
  return { ...found, writable: [...new Set([own, common])] };
};

const sort = async (
  path: string,
  root: string,
  found: { readonly readOnly: string[]; readonly watched: Map<string, string | null> },
): Promise<void> => {
  const stats = isAwaited(path) ? null : await lstat(path).catch(() => null);
  if (stats === null) {
    // Optional parts of git's own folder do no harm by appearing, but for the one that moves it.
    if (dirname(path) === root || path.endsWith('/commondir')) found.watched.set(path, null);
    return;
  }
  if (!stats.isSymbolicLink()) {
    found.readOnly.push(path);
    return;
  }
  found.watched.set(path, await readlink(path));
  const target = await realpath(path).catch(() => null);
  if (target?.startsWith(`${root}/`)) found.readOnly.push(target);
};

type Repository = { readonly own: string; readonly common: string };

/**
 * The repository's folders that a commit in this root writes. A `.git` file is text of the repository, so where it
 * points is believed only if a linked worktree is registered there that points back.
 */
const repositoryOf = async (root: string): Promise<Repository | null> => {
  const path = join(root, '.git');
  const stats = await lstat(path).catch(() => null);
  if (stats?.isDirectory() === true) return { own: path, common: path };
  if (stats?.isFile() !== true) return null;
  const named = /^gitdir: (.+?)\s*$/.exec(await text(path))?.[1];
  if (named === undefined) return null;
  const own = await realpath(resolve(root, named)).catch(() => null);
  const common = own === null ? null : dirname(dirname(own));
  if (own === null || common === null || dirname(own) !== join(common, 'worktrees')) return null;
  const back = (await text(join(own, 'gitdir'))).trim();
  const pointsBack = back !== '' && (await realpath(resolve(own, back)).catch(() => null)) === path;
  return pointsBack && /\S/.test(await text(join(common, 'HEAD'))) ? { own, common } : null;
};

/** The folder in the workspace that git's configuration takes hooks from, if any. */
const hooksFolder = async (root: string, common: string | null): Promise<string | null> => {
  const config = common === null ? '' : await text(join(common, 'config'));
  const named = /^\s*hookspath\s*=\s*"?([^"#;\n]+?)"?\s*$/im.exec(config)?.[1];
  if (named === undefined) return null;
  const folder = isAbsolute(named) ? named : join(root, named);
  return folder.startsWith(`${root}/`) ? folder : null;
};

const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
