import type { CodeSymbol } from '@tandem/core';
import { parse, type Source } from '@tandem/syntax';
import type { Declaration } from './declaration.ts';
import { javascriptDeclarations } from './declarations-javascript.ts';
import { pythonDeclarations } from './declarations-python.ts';

/** In order of the text. Empty for a language without a grammar. */
export const symbols = async (path: string, text: string): Promise<readonly CodeSymbol[]> => {
  const source = await parse(path, text);
  return source === null ? [] : declarations(source).map(toSymbol);
};

export const declarations = (source: Source): readonly Declaration[] =>
  (source.python ? pythonDeclarations(source) : javascriptDeclarations(source)).toSorted(
    (a, b) => a.outer.start - b.outer.start || b.outer.end - a.outer.end,
  );

const toSymbol = (declaration: Declaration): CodeSymbol => {
  const { outer } = declaration;
  return {
    name: declaration.name,
    qualified: declaration.qualified,
    kind: declaration.kind,
    startLine: outer.line,
    endLine: outer.endLine,
    start: outer.start,
    end: outer.end,
    signature: signature(declaration),
    docStart: declaration.docStart,
    exported: declaration.exported,
  };
};

/** Enough for any head a person writes; a variable's value may go on for pages. */
const maxSignature = 240;

const signature = ({ outer, inner, kind }: Declaration): string => {
  const text = outer.source.text;
  if (kind === 'variable') return (outer.text.split('\n', 1)[0] ?? '').trim().slice(0, 120);
  const body = inner.child('body');
  const end = body === null ? outer.end : body.start;
  return text
    .slice(outer.start, end)
    .replace(/\s*#[^\n]*$/, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/\s*[{:]$/, '')
    .slice(0, maxSignature);
};
