/** What is kept so that nothing is lost: snapshots of a workspace, and what lies outside of it. */

/** What a snapshot could not take in, in words: larger than the limits, not readable, no file. */
export type SnapshotTaken = { readonly notes: readonly string[] };

/** What one action did: all that differs between two snapshots. */
export type Segment = {
  readonly before: string;
  /** Null when no snapshot was taken after it, because a kill fell in between: then until now. */
  readonly after: string | null;
  /** Of the differences only these paths are its own. Absent: all of them. */
  readonly paths?: readonly string[];
  /** A person let it overwrite what others had changed. */
  readonly forced?: boolean;
};

export type RestoreRequest = {
  /** Oldest first. Each path gets what it was before the first of them that changed it. */
  readonly segments: readonly Segment[];
  /** A snapshot of the state before this restore, taken by the caller. */
  readonly now: string;
  /** What becomes of paths that somebody else changed since: nothing is done, they alone are left, or they go. */
  readonly others: 'refuse' | 'leave' | 'overwrite';
};

/** A path (or ref) that somebody else changed since the agent did, and how. */
export type Conflict = { readonly path: string; readonly diff: string };

export type Restored = {
  /** Paths that were changed, sorted. */
  readonly files: readonly string[];
  /** Refs that were moved, by full name. */
  readonly refs: readonly string[];
  /** With `refuse` and any of these, nothing was changed. */
  readonly conflicts: readonly Conflict[];
};

/** Something that was deleted, or is about to be, outside every workspace. */
export type Trashed = {
  readonly id: string;
  /** Absolute, as it was named. */
  readonly from: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly files: number;
  readonly bytes: number;
};

/** Keeps what an action deletes outside the workspace, where no snapshot reaches. Nothing leaves it by itself. */
export type Trash = {
  /**
   * Keeps a file, link or folder with all that is in it. `move` takes it away from where it is, in place of deleting
   * it; `copy` leaves it for the action to delete. @throws AppError not_found; limit when a copy would be too large;
   * usage for a path that holds the trash
   */
  readonly put: (path: string, how: 'move' | 'copy') => Promise<Trashed>;
  /** Newest first. */
  readonly list: () => Promise<readonly Trashed[]>;
  /** Byte for byte back to where it was, or to `to`. @throws AppError conflict when something is there; not_found */
  readonly restore: (id: string, to?: string) => Promise<string>;
};
