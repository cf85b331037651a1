import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScratchWorkspace, Workspace } from '@tandem/core';
import { isAppError } from '@tandem/protocol';
import { startProcess } from '../exec/start.ts';
import { inherited } from '../git/git-command.ts';
import { type Aside, checkOut, closeAside, openAside } from './aside.ts';
import type { MergeReport, Point } from './conflict.ts';
import type { Git } from './git.ts';

/** Git runs these before the commit of a merge, in this order. */
const hooks = ['pre-merge-commit', 'prepare-commit-msg', 'commit-msg'] as const;

export type Checked = {
  readonly verify: MergeReport['verify'];
  /** Null when none refused. */
  readonly refusal: { readonly hook: string; readonly output: string } | null;
  /** With what hooks made of them. */
  readonly tree: string;
  readonly message: string;
};

export type Checking = {
  readonly git: Git;
  readonly place: { readonly gitDir: string; readonly common: string; readonly from: Point };
  readonly folder: string;
  readonly workspace: Workspace;
  readonly head: string;
  readonly tree: string;
  readonly message: string;
  readonly verify: { readonly command: string; readonly timeoutMs: number } | null;
  readonly signal: AbortSignal;
};

/**
 * Verify and the repository's hooks, in a scratch that holds the merge: the person's files are not touched. Verify is
 * confined as the workspace is; hooks run as git would run them. Where neither is there, nothing is made.
 */
export const checkMerge = async (input: Checking): Promise<Checked> => {
  const { verify, tree, message } = input;
  const present = await presentHooks(input.git);
  const untouched: Checked = { verify: null, refusal: null, tree, message };
  if (verify === null && present.length === 0) return untouched;
  const scratch = await input.workspace.scratch('merge');
  const aside = await openAside(input.folder, input.place, scratch.root);
  try {
    await layOut(aside, scratch, input);
    const verified = verify === null ? null : await runVerify(scratch, verify, input.signal);
    if (verified !== null && verified.exit !== 0) return { ...untouched, verify: verified };
    return { ...(await runHooks(aside, present, input)), verify: verified };
  } finally {
    await closeAside(aside);
    await scratch.dispose();
  }
};

const presentHooks = async (git: Git): Promise<readonly string[]> => {
  const configured = await git.ask(['config', '--type=path', '--get-all', 'core.hooksPath']);
  // The last is what the question itself was asked with.
  const told = configured.stdout.toString().split('\n').slice(0, -2).at(-1);
  const folder = told ?? (await git.get(['rev-parse', '--git-common-dir'])).replace(/\n$/, '/hooks');
  const top = (await git.get(['rev-parse', '--show-toplevel'])).replace(/\n$/, '');
  return hooks.filter((name) => existsSync(join(folder.startsWith('/') ? '' : top, folder, name)));
};

/** The tracked files as they will be; what is untracked or ignored is as the person has it. */
const layOut = async (aside: Aside, scratch: ScratchWorkspace, input: Checking): Promise<void> => {
  const { git } = input;
  await aside.git.get(['read-tree', input.tree]);
  const merged = await git.names([
    'diff-tree',
    '-r',
    '-z',
    '--name-only',
    '--no-renames',
    input.head,
    input.tree,
  ]);
  const dirty = await git.names(['diff', '-z', '--name-only', '--no-renames', '--no-ext-diff', 'HEAD']);
  const tracked = new Set(await aside.git.names(['ls-files', '-z']));
  const paths = [...new Set([...merged, ...dirty])];
  // What the workspace will not remove lies behind a link, and is not the scratch's.
  for (const path of paths.filter((one) => !tracked.has(one))) await scratch.remove(path).catch(refused);
  await checkOut(
    aside,
    paths.filter((path) => tracked.has(path)),
  );
  await aside.git.ask(['update-index', '-q', '--refresh']);
};

const refused = (error: unknown): void => {
  if (!isAppError(error)) throw error;
};

const runVerify = async (
  scratch: ScratchWorkspace,
  { command, timeoutMs }: { readonly command: string; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<MergeReport['verify']> => {
  const { exit, output } = await scratch.run({ command, timeoutMs, signal, maxOutput: 8_000 });
  return { command, exit, output };
};

const hookMs = 600_000;

const runHooks = async (
  aside: Aside,
  present: readonly string[],
  input: Checking,
): Promise<Omit<Checked, 'verify'>> => {
  const file = join(aside.folder, 'MERGE_MSG');
  await writeFile(file, input.message);
  for (const hook of present) {
    const words = hook === 'prepare-commit-msg' ? [file, 'merge'] : hook === 'commit-msg' ? [file] : [];
    const { exit, output } = await runHook(aside.tree, hook, words, {
      environment: {
        GIT_DIR: aside.folder,
        GIT_WORK_TREE: aside.tree,
        GIT_INDEX_FILE: join(aside.folder, 'index'),
      },
      signal: input.signal,
    });
    if (exit !== 0) return { refusal: { hook, output }, tree: input.tree, message: input.message };
  }
  const message = await readFile(file, 'utf8');
  const tree = (await aside.git.get(['write-tree'])).trim();
  return {
    refusal: null,
    tree,
    message: message === input.message ? message : await tidy(input.git, message),
  };
};

const tidy = (git: Git, message: string): Promise<string> => git.get(['stripspace'], { input: message });

/** A hook as git runs it: with the person's rights and environment. */
export const runHook = async (
  cwd: string,
  hook: string,
  words: readonly string[],
  options: { readonly environment: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<{ readonly exit: number; readonly output: string }> => {
  options.signal.throwIfAborted();
  const unset = inherited.filter((name) => options.environment[name] === undefined);
  const running = startProcess({
    command: [
      ...['env', ...unset.flatMap((name) => ['-u', name])],
      ...['git', 'hook', 'run', '--ignore-missing', hook, ...(words.length === 0 ? [] : ['--', ...words])],
    ],
    cwd,
    environment: { ...(process.env as Record<string, string>), ...options.environment },
    maxOutput: 8_000,
  });
  const stop = (): void => void running.kill();
  const timer = setTimeout(stop, hookMs);
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    const exit = await running.exited;
    options.signal.throwIfAborted();
    return { exit, output: running.output() };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', stop);
  }
};
