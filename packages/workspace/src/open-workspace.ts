import { createHash } from 'node:crypto';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Clock, RunRequest, RunResult, ScratchWorkspace, Workspace } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { startBackground } from './exec/background.ts';
import type { ConfinedRun } from './exec/confinement.ts';
import { runCommand } from './exec/run.ts';
import { grepFiles } from './files/grep.ts';
import type { ListSource } from './files/list.ts';
import { listFiles } from './files/list.ts';
import { createPathGuard } from './files/paths.ts';
import { readTextFile } from './files/read.ts';
import { removeFile, writeTextFile } from './files/write.ts';
import { deniedPaths } from './sandbox/denied-paths.ts';
import type { ConfinedPlace, Sandbox } from './sandbox/sandbox.ts';
import { createScratchFolder } from './scratch/create-scratch.ts';
import { removeTree, sweepScratch } from './scratch/sweep.ts';
import { createSnapshots } from './snapshot/snapshots.ts';
import { worktreeAt } from './worktree/record.ts';

export type WorkspaceOptions = {
  /** Where scratch copies and snapshots are kept; outside the workspace. */
  readonly stateDir: string;
  /** The state folder below which worktrees are made; absent: `stateDir`. */
  readonly worktreesDir?: string;
  readonly clock?: Clock;
  /** Confines the commands of this workspace and its scratch copies. Absent: they run with our own rights. */
  readonly sandbox?: Sandbox;
};

/** Opens a directory as a workspace and sweeps what dead processes left behind. @throws AppError usage */
export const openWorkspace = async (root: string, options: WorkspaceOptions): Promise<Workspace> => {
  const real = await realpath(root).catch(() => null);
  if (real === null || !(await stat(real)).isDirectory()) {
    throw new AppError('usage', `${root} is not a directory; give an existing one.`, { details: { root } });
  }
  await mkdir(options.stateDir, { recursive: true });
  const stateDir = await realpath(options.stateDir);
  await sweepScratch(join(stateDir, 'scratch'));
  const worktree = await worktreeAt(options.worktreesDir ?? stateDir, real);
  return assemble({
    source: { root: real, denied: deniedIn(real, stateDir) },
    environment: worktree?.environment ?? {},
    ...(options.sandbox === undefined ? {} : { sandbox: options.sandbox }),
    // Packages are shared with the workspace that it was made from.
    readable: worktree === null ? [] : [worktree.origin],
    isScratch: false,
    durable: true,
    stateDir,
    snapshotFolder: join(stateDir, 'snapshots', hashOf(real)),
    milliseconds: options.clock === undefined ? () => performance.now() : options.clock.ms,
  });
};

/** A copy below the state folder is no secret to itself. */
const deniedIn = (root: string, stateDir: string): ReturnType<typeof deniedPaths> => {
  const homes = [homedir(), ...(process.env.HOME ? [process.env.HOME] : [])];
  const isInside = root === stateDir || root.startsWith(`${stateDir}/`);
  return deniedPaths({ homes, environment: process.env, ...(isInside ? {} : { state: stateDir }) });
};

type Parts = {
  readonly source: ListSource;
  readonly environment: Readonly<Record<string, string>>;
  readonly stateDir: string;
  readonly snapshotFolder: string;
  readonly milliseconds: () => number;
  readonly sandbox?: Sandbox;
  /** What a confined command may read beside the root. */
  readonly readable: readonly string[];
  readonly isScratch: boolean;
  /** Whether writes must outlive a power cut. */
  readonly durable: boolean;
};

/** `git` makes the copy a repository with one commit, for tools that need one. */
type ScratchOptions = { readonly name: string; readonly git?: boolean };

const assemble = (parts: Parts): Workspace => {
  const { source, environment, milliseconds, sandbox } = parts;
  const guard = createPathGuard(source.root, source.denied);
  const temporary = parts.environment.TMPDIR;
  const place: ConfinedPlace = {
    root: source.root,
    isScratch: parts.isScratch,
    readable: parts.readable,
    ...(temporary === undefined ? {} : { temporary }),
  };
  const confined =
    sandbox === undefined ? {} : { confine: (run: ConfinedRun) => sandbox.confine(place, run) };
  const runner = { guard, environment, milliseconds, ...confined };
  const snapshots = createSnapshots({
    source,
    folder: parts.snapshotFolder,
    watch: parts.durable,
    own: parts.stateDir,
  });
  return {
    root: source.root,
    ...(sandbox === undefined ? {} : { sandbox: sandbox.facts }),
    read: (path) => readTextFile(guard, path),
    write: (path, text) => writeTextFile(guard, { path, text, durable: parts.durable }),
    remove: (path) => removeFile(guard, path),
    list: (request) => listFiles(source, request),
    grep: (request) => grepFiles(source, request),
    run: (request) => runCommand(runner, request),
    start: (request) => startBackground(runner, request),
    snapshot: snapshots.take,
    restore: snapshots.restore,
    diffSince: snapshots.diffSince,
    scratch: (name) => openScratch(parts, { name }),
  };
};

/** What runs in one workspace now, so that a scratch copy can end it before it goes. */
type Running = { readonly closed: AbortController; readonly runs: Set<Promise<unknown>> };

const openScratch = async (parts: Parts, options: ScratchOptions): Promise<ScratchWorkspace> => {
  const folder = join(parts.stateDir, 'scratch');
  const made = await createScratchFolder({ source: parts.source, folder, ...options });
  const workspace = assemble({
    ...parts,
    source: { root: made.root, known: made.files, ceiling: folder },
    environment: made.environment,
    durable: false,
    readable: [...parts.readable, parts.source.root],
    isScratch: true,
    // Beside the copy and named after it, so that whatever sweeps the copy sweeps its snapshots.
    snapshotFolder: `${made.root}.snapshots`,
  });
  const running: Running = { closed: new AbortController(), runs: new Set() };
  return {
    ...workspace,
    run: (request) => track(running, workspace.run, request),
    start: async (request) => {
      const signal = AbortSignal.any([request.signal, running.closed.signal]);
      const started = await workspace.start({ ...request, signal });
      hold(running, started.exited);
      return started;
    },
    dispose: async () => {
      running.closed.abort(
        new AppError('interrupted', 'The scratch copy was disposed while a command ran in it.'),
      );
      await Promise.allSettled(running.runs);
      await removeTree(made.root);
      await removeTree(`${made.root}.snapshots`);
    },
  };
};

const track = (running: Running, run: Workspace['run'], request: RunRequest): Promise<RunResult> => {
  const signal = AbortSignal.any([request.signal, running.closed.signal]);
  const result = run({ ...request, signal });
  hold(running, result);
  return result;
};

const hold = (running: Running, work: Promise<unknown>): void => {
  running.runs.add(work);
  const done = (): void => void running.runs.delete(work);
  work.then(done, done);
};

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
