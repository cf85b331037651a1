import { parse, type SyntaxNode } from '@tandem/syntax';

export type Import = { readonly module: string; readonly names: readonly string[] };

/**
 * Module specifiers as written, with the names they bind; `*` for everything. A Python `from a import b` may mean the
 * module `a.b`: ask resolveImport for that too.
 */
export const imports = async (path: string, text: string): Promise<readonly Import[]> => {
  const source = await parse(path, text);
  if (source === null) return [];
  const read = source.python ? pythonImport : javascriptImport;
  return [...source.root.walk()].flatMap((node) => read(node));
};

const pythonImport = (node: SyntaxNode): readonly Import[] => {
  if (node.type === 'import_statement') {
    return node.childrenOf('name').map((name) => ({
      module: name.child('name')?.text ?? name.text,
      names: [name.child('alias')?.text ?? name.text.split('.')[0]!],
    }));
  }
  if (node.type !== 'import_from_statement' && node.type !== 'future_import_statement') return [];
  const names = node.childrenOf('name').map((name) => name.child('alias')?.text ?? name.text);
  const all = node.children.some((child) => child.type === 'wildcard_import');
  return [{ module: node.child('module_name')?.text ?? '__future__', names: all ? ['*'] : names }];
};

const javascriptImport = (node: SyntaxNode): readonly Import[] => {
  if (node.type === 'import_statement' || node.type === 'export_statement') {
    const required = node.children.find((child) => child.type === 'import_require_clause');
    const specifier = stringValue(node.child('source') ?? required?.child('source') ?? null);
    if (specifier === null) return [];
    return [{ module: specifier, names: node.type === 'import_statement' ? boundNames(node) : [] }];
  }
  if (node.type !== 'call_expression') return [];
  const called = node.child('function');
  if (called?.type !== 'import' && called?.text !== 'require') return [];
  const specifier = stringValue(node.child('arguments')?.parts[0] ?? null);
  return specifier === null ? [] : [{ module: specifier, names: namesBoundBy(node) }];
};

const boundNames = (statement: SyntaxNode): readonly string[] => {
  const names: string[] = [];
  for (const node of statement.walk()) {
    if (node.type === 'import_specifier') names.push((node.child('alias') ?? node.child('name'))?.text ?? '');
    const holder = node.parent?.type ?? '';
    const whole =
      holder === 'import_clause' || holder === 'namespace_import' || holder === 'import_require_clause';
    if (node.type === 'identifier' && whole) names.push(node.text);
  }
  return names;
};

const namesBoundBy = (call: SyntaxNode): readonly string[] => {
  let holder = call.parent;
  while (
    holder !== null &&
    /^(?:await_expression|member_expression|parenthesized_expression)$/.test(holder.type)
  ) {
    holder = holder.parent;
  }
  const name = holder?.type === 'variable_declarator' ? holder.child('name') : null;
  return name === null || name === undefined ? [] : patternNames(name);
};

/** The names that a JavaScript pattern binds. */
export const patternNames = (pattern: SyntaxNode): readonly string[] =>
  [...pattern.walk()]
    .filter((node) => node.type === 'identifier' || node.type === 'shorthand_property_identifier_pattern')
    .filter((node) => !(node.parent?.type === 'assignment_pattern' && node.field === 'right'))
    .map((node) => node.text);

const stringValue = (node: SyntaxNode | null): string | null => {
  if (node === null || (node.type !== 'string' && node.type !== 'template_string')) return null;
  return /\$\{/.test(node.text) ? null : node.text.slice(1, -1);
};
