/** Worktrees for sessions, attempts and runs: made with the work that is there, never destroyed with work in them. */
import type { FileDelta } from '@tandem/protocol';

/** What a worktree begins with. `mirror` is the workspace as it is: staged, unstaged and untracked. */
export type WorktreeStart =
  | { readonly kind: 'head' }
  | { readonly kind: 'ref'; readonly ref: string }
  | { readonly kind: 'mirror' };

export type Worktree = {
  /** Unique among the worktrees of its repository; also the last part of its branch. */
  readonly name: string;
  /** Absolute; a Workspace may be opened on it. */
  readonly root: string;
  /** Absolute: top of the working tree that it was made from. A request may name any folder in it. */
  readonly origin: string;
  readonly branch: string;
  /** Commit id that its own work is counted from; holds the mirrored state too. */
  readonly start: string;
  readonly createdAt: string;
  readonly session?: string;
  readonly attempt?: string;
  /** Ports that nobody else was given: `first` to `first + count - 1`. */
  readonly ports: { readonly first: number; readonly count: number };
  /** For every command in it: TMPDIR, PORT, TANDEM_WORKTREE, …. A Workspace opened on `root` sets it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the origin, what was not brought along: other repositories in it, and ignored files too large to be copied. */
  readonly left?: readonly string[];
};

/** Something that would be lost, or hurt, if the worktree went: the reason, and each thing by name. */
export type WorktreeHold = {
  readonly kind:
    | 'commits'
    | 'changes'
    | 'untracked'
    | 'ignored'
    | 'locked'
    | 'process'
    | 'submodule'
    | 'foreign'
    | 'nested'
    | 'missing';
  readonly names: readonly string[];
};

export type WorktreeFacts = Worktree & {
  /** False when its folder was removed by hand. */
  readonly present: boolean;
  /** Its own work since `start`. */
  readonly files: readonly FileDelta[];
  /** Commits since `start`. */
  readonly commits: number;
  readonly holds: readonly WorktreeHold[];
};

export type DiscardedWorktree = { readonly trash: string; readonly name: string; readonly files: number };

export type Worktrees = {
  /**
   * Atomic: afterwards it is whole, or nothing is there that has no name. Nothing of the repository runs: no hook, no
   * filter. @throws AppError usage where there is no repository, no commit or no such ref; conflict when the name is
   * taken, or a mirror's origin is in the middle of a conflict; disk
   */
  readonly create: (
    input: {
      readonly origin: string;
      readonly start: WorktreeStart;
      /** Default: one that is free. */
      readonly name?: string;
      readonly session?: string;
      readonly attempt?: string;
    },
    options: { readonly signal: AbortSignal },
  ) => Promise<Worktree>;
  /** Those of the repository that `origin` lies in, oldest first. */
  readonly list: (origin: string) => Promise<readonly WorktreeFacts[]>;
  /** Its own work since `start`, committed or not, as one unified diff. @throws AppError not_found */
  readonly diff: (worktree: { readonly origin: string; readonly name: string }) => Promise<{
    readonly diff: string;
    readonly files: readonly FileDelta[];
  }>;
  /**
   * Brings its own work into the files of `origin`, where nothing else changed since; else nothing is done and the
   * paths in the way are named. @throws AppError conflict, not_found
   */
  readonly land: (worktree: {
    readonly origin: string;
    readonly name: string;
  }) => Promise<{ readonly files: readonly FileDelta[] }>;
  /**
   * Moves it to the trash, its commits kept. Refuses with all holds named unless each kind is in `despite`; `locked`,
   * `process`, `foreign` and `nested` cannot be waved through. @throws AppError conflict with `details.holds`; not_found
   */
  readonly discard: (
    worktree: { readonly origin: string; readonly name: string },
    options: { readonly despite: readonly WorktreeHold['kind'][] },
  ) => Promise<DiscardedWorktree>;
  /** Byte for byte as it was when discarded, refs included. @throws AppError conflict when something is in its place */
  readonly restore: (input: { readonly origin: string; readonly trash: string }) => Promise<Worktree>;
};
