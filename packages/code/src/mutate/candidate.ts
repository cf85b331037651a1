import type { SyntaxNode } from '@tandem/syntax';
import type { Names } from './names-in-scope.ts';

/** One contiguous edit of the text, not yet checked. `weight` is how likely a simple bug is undone by it, 0 to 1. */
export type Candidate = {
  /** The node whose line decides whether it is asked for. */
  readonly node: SyntaxNode;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly operator: string;
  readonly weight: number;
};

/** Proposes edits for one node; called for every node of the tree in order. */
export type Mutator = (node: SyntaxNode, names: Names) => Iterable<Candidate>;

type Kind = readonly [operator: string, weight: number];

export const replace = (node: SyntaxNode, text: string, [operator, weight]: Kind): Candidate => ({
  node,
  start: node.start,
  end: node.end,
  text,
  operator,
  weight,
});

/** Exchanges two nodes, what stands between them kept: one edit over both. */
export const exchange = (first: SyntaxNode, second: SyntaxNode, kind: Kind): Candidate => {
  const between = first.source.text.slice(first.end, second.start);
  const text = second.text + between + first.text;
  return { ...replace(first, text, kind), end: second.end };
};

export const insert = (
  node: SyntaxNode,
  input: { readonly at: number; readonly text: string },
  kind: Kind,
): Candidate => ({
  ...replace(node, input.text, kind),
  start: input.at,
  end: input.at,
});

/** Takes out the text between two offsets. */
export const remove = (
  node: SyntaxNode,
  input: { readonly from: number; readonly to: number },
  kind: Kind,
): Candidate => ({
  ...replace(node, '', kind),
  start: input.from,
  end: input.to,
});
