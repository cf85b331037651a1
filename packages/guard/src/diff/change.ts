/** One file of an edit. */
export type FileChange = {
  /** Relative to the workspace, with forward slashes; the new name where it was renamed. */
  readonly path: string;
  /** The old name where it was renamed or copied. */
  readonly from?: string;
  /** null: the file is new. */
  readonly before: string | null;
  /** null: the file is deleted. */
  readonly after: string | null;
  /**
   * Where only a diff is known, `before` and `after` hold the lines of its hunks alone; these are their 1-based numbers in
   * the file. A gap between two numbers is a border between hunks.
   */
  readonly beforeLines?: readonly number[];
  readonly afterLines?: readonly number[];
};

/** What an edit or a commit would change. */
export type Change = {
  readonly files: readonly FileChange[];
  /** At least one file is known by its hunks alone. */
  readonly partial?: boolean;
  /** Everything that lands together is in it: a commit, not one of the edits that lead to it. */
  readonly whole?: boolean;
  /** Why the diff could not be read in full: such a change is never allowed without a person. */
  readonly problem?: string;
};
