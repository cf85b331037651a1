import type { Source, SyntaxNode } from '@tandem/syntax';

/** Statements as whole lines: what moving, removing and adding them needs. */

/** True when nothing but blanks stands before and after a statement on its lines. */
export const ownsLines = (node: SyntaxNode): boolean => {
  const { source } = node;
  const before = source.text.slice(source.lineStart(node.start), node.start);
  const after = source.text.slice(node.end, lineEnd(source, node.end));
  return /^[ \t]*$/.test(before) && /^[ \t]*;?[ \t]*(?:(?:#|\/\/).*)?$/.test(after);
};

export const lineEnd = (source: Source, offset: number): number => {
  const end = source.text.indexOf('\n', offset);
  return end === -1 ? source.text.length : end;
};

/** The lines of a statement at another depth; null where a line cannot be shifted without changing a text in it. */
export const reindented = (node: SyntaxNode, indent: string): string | null => {
  const { source } = node;
  const own = source.indentAt(node.start);
  const inText = [...node.walk()].some((part) => /string/.test(part.type) && part.line !== part.endLine);
  if (inText) return null;
  const lines = (own + node.text).split('\n');
  if (!lines.every((line) => line.trim() === '' || line.startsWith(own))) return null;
  return lines.map((line) => (line.trim() === '' ? line : indent + line.slice(own.length))).join('\n');
};

const containers: ReadonlySet<string> = new Set(['block', 'module', 'statement_block', 'program']);

export const isStatement = (node: SyntaxNode): boolean =>
  node.parent !== null && containers.has(node.parent.type);

/** The statement that a block belongs to: of an `else` the whole `if`. Null for bodies of functions and classes. */
export const ownerOf = (block: SyntaxNode): SyntaxNode | null => {
  const owner = block.parent;
  if (owner === null) return null;
  if (/^(?:else_clause|elif_clause|except_clause|finally_clause)$/.test(owner.type)) return owner.parent;
  return /^(?:if|for|for_in|while|with|try)_statement$/.test(owner.type) ? owner : null;
};

/** The block that ends where a compound statement ends. */
export const lastBlock = (node: SyntaxNode): SyntaxNode | null => {
  if (!/^(?:if|for|for_in|while|with|try)_statement$/.test(node.type)) return null;
  let last = node.parts.at(-1) ?? null;
  while (last !== null && /_clause$/.test(last.type)) last = last.parts.at(-1) ?? null;
  return last !== null && /^(?:block|statement_block)$/.test(last.type) ? last : null;
};

export const leaves = (node: SyntaxNode): boolean =>
  /^(?:return|raise|throw|break|continue)_statement$/.test(node.type);
