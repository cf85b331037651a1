import type { Layer, Rule } from '../rules/rule.ts';

/** What a source besides the shipped text adds to a clause. */
export type Addition = { readonly layer: Layer; readonly text: string };

/** One thing that an agent keeps to. */
export type Clause = {
  /** `keep-work`: what decisions and findings name. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
  /** Who wrote it first; nobody else changes title or body. */
  readonly layer: Layer;
  readonly additions: readonly Addition[];
};

export type Constitution = {
  readonly clauses: readonly Clause[];
  /** Checkable rules of the clauses, for the layer they came from. */
  readonly rules: Readonly<Record<'user' | 'workspace', readonly Rule[]>>;
  /** What was left out and why, for the person. */
  readonly notes: readonly string[];
};
