import type { CodeSymbol } from '@tandem/core';
import type { SyntaxNode } from '@tandem/syntax';

/** A symbol before it is plain data: with the nodes it was read from. */
export type Declaration = {
  readonly name: string;
  readonly qualified: string;
  readonly kind: CodeSymbol['kind'];
  /** What the symbol covers. */
  readonly outer: SyntaxNode;
  /** The function, class or type itself; where `signature` ends is its body. */
  readonly inner: SyntaxNode;
  readonly docStart: number;
  readonly exported: boolean;
};

/** The start of the comments and decorators that stand directly above a node, or the node's own. */
export const documentationStart = (node: SyntaxNode): number => {
  let first = node;
  for (let above = node.sibling(-1); above !== null; above = above.sibling(-1)) {
    if (above.type !== 'comment' && above.type !== 'decorator') break;
    if (above.endLine < first.line - 1 || sharesLine(above)) break;
    first = above;
  }
  return first.start;
};

/** A comment after code on the same line belongs to that code. */
const sharesLine = (comment: SyntaxNode): boolean => {
  const before = comment.source.text.slice(comment.source.lineStart(comment.start), comment.start);
  return /\S/.test(before) && comment.type === 'comment';
};
