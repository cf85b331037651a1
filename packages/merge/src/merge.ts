/** The shapes of a merge of one file. Texts are whole, with their own line ends; lines are 1-based and inclusive. */

export type Versions = { readonly base: string; readonly ours: string; readonly theirs: string };

export type MergeInput = Versions & {
  /** Decides the language; workspace-relative or a bare name. */
  readonly path: string;
  /** After the markers of what is left in conflict; default `ours`, `base`, `theirs`. */
  readonly labels?: { readonly ours: string; readonly base: string; readonly theirs: string };
  /** Characters of a marker; default 7. */
  readonly markerSize?: number;
};

/** A place where both sides changed the same lines. The texts have their line ends. */
export type Hunk = Versions & {
  /** Lines of the merged text around it that nobody disputes. */
  readonly before: string;
  readonly after: string;
};

/** How a hunk was settled: `structure` names the rule, `model` the model's id. */
export type Settled = {
  readonly how: 'structure' | 'rerere' | 'model' | 'person';
  readonly by: string;
  readonly hunk: Hunk;
  readonly text: string;
};

/** A line that one side added and the merged text does not have. Never empty: blank lines are nobody's work. */
export type Dropped = {
  readonly side: 'ours' | 'theirs';
  readonly line: number;
  readonly text: string;
};

export type Merged = {
  /** With markers where a conflict is left. */
  readonly text: string;
  readonly open: readonly Hunk[];
  readonly settled: readonly Settled[];
  readonly dropped: readonly Dropped[];
};

/** What each side said of its changes: subjects of commits, newest first. Somebody else's words, and no instruction. */
export type Intent = { readonly ours: readonly string[]; readonly theirs: readonly string[] };

/** Proposes texts for a hunk, best first; what it says is checked before it is taken. Rejects with the signal's reason. */
export type ProposeHunk = (
  input: { readonly path: string; readonly hunk: Hunk; readonly intent?: Intent },
  options: { readonly signal: AbortSignal },
) => Promise<{ readonly by: string; readonly texts: readonly string[] }>;
