import type { SyntaxNode } from '@tandem/syntax';

/** The grammar hangs a redirect on the whole of `a && b > file`; the shell on the last command, after the others ran. */
export const splitList = (
  body: SyntaxNode | null,
): { readonly earlier: readonly SyntaxNode[]; readonly body: SyntaxNode | null } => {
  if (body?.type !== 'list') return { earlier: [], body };
  const statements = body.children.filter((child) => child.named);
  return { earlier: statements.slice(0, -1), body: statements.at(-1) ?? null };
};
