import { parse, type SyntaxNode } from '@tandem/syntax';
import { languageFaults } from './language-faults.ts';

export type SyntaxFault = { readonly line: number; readonly message: string; readonly at: number };

/**
 * The first error of a text, or null. A grammar knows the language of its day: an error that the text had before an
 * edit may be newer syntax, so compare with the unedited text before blaming the edit.
 */
export const syntaxError = async (
  path: string,
  text: string,
): Promise<{ readonly line: number; readonly message: string } | null> => {
  const source = await parse(path, text);
  if (source === null) return null;
  const first = firstFault(source.root);
  return first === null ? null : { line: first.line, message: first.message };
};

/** The first fault in the order of the text: of the grammar, else of the rules that the grammar does not know. */
export const firstFault = (root: SyntaxNode): SyntaxFault | null => {
  for (const node of root.walk()) {
    if (node.missing) return missing(node);
    if (node.type === 'ERROR') return unexpected(node);
  }
  return languageFaults(root).toSorted((a, b) => a.at - b.at)[0] ?? null;
};

const missing = (node: SyntaxNode): SyntaxFault => {
  const opener = node.parent?.children.find((child) => closerOf[child.type] === node.type);
  const opened = opener === undefined ? '' : ` to close '${opener.type}' of line ${opener.line}`;
  const before = node.source.text.slice(0, node.start).trimEnd();
  const at = Math.max(0, before.length - 1);
  return { line: node.source.lineAt(at), message: `missing '${node.type}'${opened}`, at };
};

const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '${': '}' };

const unexpected = (node: SyntaxNode): SyntaxFault => {
  const unclosed = node.children.filter((child) => closerOf[child.type] !== undefined);
  const last = unclosed.at(-1);
  const closed = last !== undefined && node.children.some((child) => child.type === closerOf[last.type]);
  if (last !== undefined && !closed) {
    return { line: last.line, message: `'${last.type}' is never closed`, at: last.start };
  }
  const shown = (node.text.trim().split('\n', 1)[0] ?? '').slice(0, 60);
  const message = shown === '' ? 'the text ends too early' : `unexpected '${shown}'`;
  return { line: node.line, message, at: node.start };
};
