/** What is known of one path when the action is judged. A field that is left out is not known. */
export type PathFacts = {
  readonly kind?: 'file' | 'folder' | 'missing' | 'link';
  /** Git knows it; of a folder: everything in it that is not ignored. */
  readonly tracked?: boolean;
  /** `.gitignore` covers it. */
  readonly ignored?: boolean;
  /** Equal to HEAD; of a folder: everything in it. */
  readonly clean?: boolean;
  /** Files below it. */
  readonly files?: number;
  readonly bytes?: number;
  /** This session made it, so that nothing of the person's can be in it. */
  readonly createdHere?: boolean;
};

/**
 * The state of the world that a decision may depend on, gathered by the caller. Plain data; everything left out is
 * unknown, and what is unknown never lowers a decision.
 */
export type Facts = {
  /** Absolute. Names of folders such as `build` count only below it. */
  readonly workspace?: string;
  /** Absolute; where git was asked. What it said holds for commands run there alone. The workspace if left out. */
  readonly repository?: string;
  /** No tracked file differs from HEAD or the index. */
  readonly clean?: boolean;
  /** Files that git neither tracks nor ignores. */
  readonly untracked?: number;
  readonly stashes?: number;
  /** Commits of the current branch that its upstream lacks; left out where there is no upstream. */
  readonly unpushed?: number;
  /** What is checked out; null: no branch is. */
  readonly branch?: string | null;
  /** Where the current branch is pushed to, by its name at the other end; null: nowhere is said. */
  readonly upstream?: string | null;
  /** What others start from, as far as this clone was told; null: it was not. */
  readonly defaultBranch?: string | null;
  /** Local branches whose commits are all in the current branch or its upstream. */
  readonly merged?: readonly string[];
  /** By absolute path. */
  readonly paths?: Readonly<Record<string, PathFacts>>;
  /** Names that a pattern stands for, by absolute pattern; an empty list when nothing fits. */
  readonly globs?: Readonly<Record<string, readonly string[]>>;
};

/** A fact that could lower a decision if it were known: a field of `Facts`, or the facts of one path or pattern. */
export type Want =
  | 'clean'
  | 'untracked'
  | 'stashes'
  | 'unpushed'
  | 'merged'
  | 'branch'
  | `path:${string}`
  | `glob:${string}`;
