import { execFile } from 'node:child_process';
import { glob, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Facts, PathFacts } from './facts.ts';

const run = promisify(execFile);
/** A repository that answers more slowly is as good as unknown: nobody waits for a guard. */
const timeoutMs = 2_000;
const maxPaths = 20;
const maxNames = 200;

/**
 * Looks at the workspace for the facts that a decision wants. What cannot be learnt is left out, which never lowers a
 * decision. Starts git with hooks, monitors and external programs switched off: the repository is not trusted.
 */
export const gatherFacts = async (input: {
  /** Absolute. */
  readonly cwd: string;
  readonly workspace: string;
  readonly wants: readonly string[];
  /** Absolute paths of files that the session itself has made. */
  readonly created?: readonly string[];
  readonly signal?: AbortSignal;
}): Promise<Facts> => {
  const { cwd, workspace, wants } = input;
  const created = new Set(input.created);
  const git = (args: readonly string[]): Promise<string | null> => runGit(args, cwd, input.signal);
  const wanted = (name: string): boolean => wants.includes(name);
  const globs = await expandGlobs(wants);
  const named = [...wants.flatMap((want) => (want.startsWith('path:') ? [want.slice(5)] : []))];
  const paths = [...new Set([...named, ...Object.values(globs).flat()])].slice(0, maxPaths);
  const [tree, stashes, unpushed, merged, branches, facts] = await Promise.all([
    wanted('clean') || wanted('untracked') ? readTree(git) : null,
    wanted('stashes') ? count(git(['stash', 'list', '--format=%gd'])) : null,
    wanted('unpushed') ? number(git(['rev-list', '--count', '@{upstream}..HEAD'])) : null,
    wanted('merged') ? lines(git(['branch', '--merged', 'HEAD', '--format=%(refname:short)'])) : null,
    wanted('branch') ? readBranches(git) : {},
    Promise.all(
      paths.map(
        async (path) =>
          [path, { ...(await pathFacts(path, git)), ...(await isCreated(path, created)) }] as const,
      ),
    ),
  ]);
  return {
    workspace,
    repository: cwd,
    ...(tree ?? {}),
    ...(stashes === null ? {} : { stashes }),
    ...(unpushed === null ? {} : { unpushed }),
    ...(merged === null ? {} : { merged }),
    ...branches,
    paths: Object.fromEntries(facts),
    globs,
  };
};

type Git = (args: readonly string[]) => Promise<string | null>;

const quiet = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

const runGit = async (
  args: readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<string | null> => {
  try {
    const options = {
      cwd,
      timeout: timeoutMs,
      maxBuffer: 8_000_000,
      ...(signal === undefined ? {} : { signal }),
    };
    return (await run('git', [...quiet, ...args], options)).stdout;
  } catch {
    signal?.throwIfAborted();
    return null;
  }
};

const lines = async (output: Promise<string | null>): Promise<readonly string[] | null> =>
  (await output)?.split('\n').filter((line) => line !== '') ?? null;

const count = async (output: Promise<string | null>): Promise<number | null> =>
  (await lines(output))?.length ?? null;

const number = async (output: Promise<string | null>): Promise<number | null> => {
  const text = (await output)?.trim();
  return text === undefined || !/^\d+$/.test(text) ? null : Number(text);
};

/** By what this clone knows: no remote is asked. Whether the forge protects a branch is said nowhere here. */
const readBranches = async (git: Git): Promise<Pick<Facts, 'branch' | 'upstream' | 'defaultBranch'>> => {
  const inside = (await git(['rev-parse', '--is-inside-work-tree']))?.trim() === 'true';
  if (!inside) return {};
  const name = async (...args: readonly string[]): Promise<string | null> =>
    (await git(args))?.trim() || null;
  const branch = await name('symbolic-ref', '--quiet', '--short', 'HEAD');
  const [merge, remote] = await Promise.all([
    branch === null ? null : name('config', '--get', `branch.${branch}.merge`),
    branch === null ? null : name('config', '--get', `branch.${branch}.remote`),
  ]);
  const from = remote ?? 'origin';
  const head = await name('symbolic-ref', '--quiet', '--short', `refs/remotes/${from}/HEAD`);
  return {
    branch,
    upstream: merge?.replace(/^refs\/heads\//, '') ?? null,
    defaultBranch: head?.startsWith(`${from}/`) === true ? head.slice(from.length + 1) : null,
  };
};

const readTree = async (git: Git): Promise<Pick<Facts, 'clean' | 'untracked'> | null> => {
  const output = await git([
    'status',
    '--porcelain=v1',
    '-z',
    '--untracked-files=normal',
    '--ignore-submodules=none',
  ]);
  if (output === null) return null;
  const entries = output.split('\0').filter((entry) => /^[ MADRCUT?!]{2} /.test(entry));
  const untracked = entries.filter((entry) => entry.startsWith('??')).length;
  return { clean: entries.length === untracked, untracked };
};

const pathFacts = async (path: string, git: Git): Promise<PathFacts> => {
  const stat = await lstat(path).catch(() => null);
  if (stat === null) return { kind: 'missing' };
  const kind = stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : 'file';
  const [known, status, ignored] = await Promise.all([
    git(['ls-files', '-z', '--', path]),
    git(['status', '--porcelain=v1', '-z', '--untracked-files=all', '--ignored', '--', path]),
    git(['check-ignore', '-q', '--', path]),
  ]);
  if (known === null || status === null) return { kind, bytes: stat.size };
  // What git ignores inside a folder is lost with it, and exists nowhere else.
  const untracked = status.split('\0').some((entry) => /^(?:\?\?|!!)/.test(entry));
  return {
    kind,
    tracked: known !== '' && !untracked,
    clean: known !== '' && status === '',
    ignored: ignored !== null,
    bytes: stat.size,
  };
};

/** Of a folder: everything in it. */
const isCreated = async (
  path: string,
  created: ReadonlySet<string>,
): Promise<Pick<PathFacts, 'createdHere'>> => {
  if (created.size === 0) return {};
  if (created.has(path)) return { createdHere: true };
  if (![...created].some((file) => file.startsWith(`${path}/`))) return {};
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  const files = entries?.filter((entry) => !entry.isDirectory()) ?? [];
  return {
    createdHere: files.length > 0 && files.every((entry) => created.has(join(entry.parentPath, entry.name))),
  };
};

/** Patterns with the names that they stand for in the real tree, links not followed. */
const expandGlobs = async (
  wants: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> => {
  const patterns = wants
    .flatMap((want) => (want.startsWith('glob:') ? [want.slice(5)] : []))
    .slice(0, maxPaths);
  const found: Record<string, readonly string[]> = {};
  for (const pattern of patterns) {
    const names: string[] = [];
    for await (const name of glob(pattern)) {
      names.push(name);
      if (names.length > maxNames) break;
    }
    if (names.length <= maxNames) found[pattern] = names;
  }
  return found;
};
