import type { CodeSymbol } from '../ports.ts';

/** What stands at the end of a file and has to stay there. */
const tail = /^(?:if __name__ ==|module\.exports\b|export \{|export default [\w$]+;?$)/m;
const exportLists = [/^(module\.exports\s*=\s*\{)([^}]*)(\})/m, /^(export\s*\{)([^}]*)(\})(?!\s*from)/m];

/** A file with what an answer adds to it; its exports grow where the file's others are exported. */
export const addSymbols = (input: {
  readonly path: string;
  readonly text: string;
  readonly answer: string;
  /** Of the file, and those of the answer that the file has not: top level, each. */
  readonly known: readonly CodeSymbol[];
  readonly added: readonly CodeSymbol[];
}): string => {
  const { text, answer, added } = input;
  const list = exportLists.find((pattern) => pattern.test(text));
  const prefix = list === undefined && exportsInPlace(input) ? 'export ' : '';
  const written = added.map(({ docStart, start, end }) => {
    const body = answer.slice(start, end);
    const bare = list === undefined ? body : body.replace(/^export\s+/, '');
    return answer.slice(docStart, start) + (bare.startsWith('export ') ? bare : prefix + bare);
  });
  const at = text.search(tail);
  const [before, after] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
  const gap = /\.pyi?$/.test(input.path) ? '\n\n\n' : '\n\n';
  const joined = `${[before.trimEnd(), ...written, after.trimEnd()].filter((part) => part !== '').join(gap)}\n`;
  return list === undefined ? joined : joined.replace(list, (_, ...parts) => listed(parts, added));
};

const exportsInPlace = (input: { readonly text: string; readonly known: readonly CodeSymbol[] }): boolean =>
  input.known.some(({ start }) => input.text.startsWith('export ', start));

/** The list with the new names, in the way that it is written. */
const listed = (parts: readonly unknown[], added: readonly CodeSymbol[]): string => {
  const [open, inner, close] = parts.map(String) as [string, string, string];
  const names = added.map(({ name }) => name);
  const known = inner.trim().replace(/,$/, '');
  if (!inner.includes('\n'))
    return `${open} ${[...(known === '' ? [] : [known]), ...names].join(', ')} ${close}`;
  const indent = inner.match(/\n([ \t]*)\S/)?.[1] ?? '  ';
  return `${open}\n${indent}${[known, ...names].join(`,\n${indent}`)},\n${close}`;
};
