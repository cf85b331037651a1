import { classTypes, parse, type SyntaxNode } from '@tandem/syntax';
import type { Declaration } from './declaration.ts';
import { declarations } from './declarations.ts';

/**
 * The text with the body of one function or class replaced by a placeholder that parses. Head, comments above and a
 * Python docstring stay. Null when nothing of that name has a body.
 */
export const withoutBody = async (path: string, text: string, qualified: string): Promise<string | null> => {
  const source = await parse(path, text);
  if (source === null) return null;
  const found = find(declarations(source), qualified);
  const body = found?.inner.child('body') ?? null;
  if (found === undefined || body === null || found.kind === 'type') return null;
  return source.python ? emptyPython(found, body) : emptyJavascript(body);
};

/** By full name, else by a last name that only one symbol has. */
const find = (all: readonly Declaration[], qualified: string): Declaration | undefined => {
  const exact = all.find((declaration) => declaration.qualified === qualified);
  if (exact !== undefined) return exact;
  const named = all.filter((declaration) => declaration.name === qualified);
  return named.length === 1 ? named[0] : undefined;
};

const emptyJavascript = (body: SyntaxNode): string => {
  const { text } = body.source;
  const indent = body.source.indentAt(body.start);
  return `${text.slice(0, body.start)}{\n${indent}  // TODO\n${indent}}${text.slice(body.end)}`;
};

const emptyPython = (declaration: Declaration, body: SyntaxNode): string => {
  const { text } = body.source;
  const first = body.parts[0];
  const docstring =
    first?.type === 'expression_statement' &&
    ['string', 'concatenated_string'].includes(first.children[0]?.type ?? '');
  const filler = classTypes.has(declaration.inner.type) ? 'pass' : 'raise NotImplementedError';
  if (first === undefined) return text;
  const indent = body.source.indentAt(first.start) || '    ';
  const ownLine =
    body.source.lineAt(first.start) > body.source.lineAt(declaration.inner.child('name')?.start ?? 0);
  if (!ownLine) return `${text.slice(0, body.start)}${filler}${text.slice(body.end)}`;
  if (docstring) return `${text.slice(0, first.end)}\n${indent}${filler}${text.slice(body.end)}`;
  return `${text.slice(0, first.start)}${filler}${text.slice(body.end)}`;
};
