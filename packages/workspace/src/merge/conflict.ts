import type { Dropped, Hunk, SettledHunk } from '@tandem/merge';

/** A commit and the name that a person knows it by. */
export type Point = { readonly name: string; readonly commit: string };

/** Both sides changed lines of one text, or both added it. */
export type TextConflict = {
  readonly path: string;
  readonly kind: 'content' | 'add/add';
  readonly mode: string;
  /** Object ids; no base where both added it. */
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
};

export type Choice = 'ours' | 'theirs' | 'both';

/** What no text answers: who moved, deleted or replaced a path. Never guessed. */
export type PathConflict = {
  /** As git names it: `modify/delete`, `rename/rename`, `binary`, `submodule`, … */
  readonly kind: string;
  /** The first is what it is called by. */
  readonly paths: readonly string[];
  readonly said: readonly string[];
  readonly choices: readonly { readonly choice: Choice; readonly meaning: string }[];
};

export type DroppedLine = Dropped & { readonly path: string };
export type SettledPath = {
  readonly path: string;
  readonly kind: string;
  readonly choice: Choice;
};

export type OpenHunk = {
  readonly path: string;
  readonly kind: TextConflict['kind'];
  /** Line in the file with markers. */
  readonly line: number;
  readonly hunk: Hunk;
};

export type MergeStatus = 'merged' | 'up_to_date' | 'open' | 'verify_failed' | 'hook_failed' | 'abandoned';

/** What a merge did and what it left. The same is kept as the note of its commit. */
export type MergeReport = {
  readonly status: MergeStatus;
  readonly into: Point;
  readonly from: Point;
  readonly commit: string | null;
  /** Paths that differ from ours. */
  readonly changed: number;
  /** Files that git could not merge. */
  readonly conflicted: readonly string[];
  readonly settled: readonly SettledHunk[];
  readonly settledPaths: readonly SettledPath[];
  readonly dropped: readonly DroppedLine[];
  readonly open: readonly OpenHunk[];
  readonly openPaths: readonly PathConflict[];
  /** Where the open files lie, by path. */
  readonly files: readonly { readonly path: string; readonly file: string }[];
  readonly verify: { readonly command: string; readonly exit: number; readonly output: string } | null;
  readonly snapshot: string | null;
  readonly notes: readonly string[];
};
