import type { Source, SyntaxNode } from '@tandem/syntax';
import { classTypes, functionTypes } from '@tandem/syntax';
import { type Declaration, documentationStart } from './declaration.ts';

type Scope = { readonly prefix: string; readonly exported: boolean; readonly top: boolean };
type Output = { readonly found: Declaration[]; readonly exported: ReadonlySet<string> };

/** Functions, classes and types at any depth, methods of classes and of bound objects, bindings of the module. */
export const javascriptDeclarations = (source: Source): readonly Declaration[] => {
  const output: Output = { found: [], exported: exportedNames(source.root) };
  visit(source.root, { prefix: '', exported: false, top: true }, output);
  return output.found;
};

const typeDeclarations: ReadonlySet<string> = new Set([
  'interface_declaration',
  'type_alias_declaration',
  'enum_declaration',
]);

const visit = (node: SyntaxNode, scope: Scope, output: Output): void => {
  for (const child of node.children) visitOne(child, scope, output);
};

const visitOne = (node: SyntaxNode, scope: Scope, output: Output): void => {
  const { type } = node;
  if (type === 'export_statement') visitExport(node, scope, output);
  else if (type === 'function_signature' || (functionTypes.has(type) && type.endsWith('_declaration'))) {
    add({ node, inner: node, name: nameOf(node) }, scope, output);
  } else if (classTypes.has(type) && type !== 'class')
    add({ node, inner: node, name: nameOf(node) }, scope, output);
  else if (typeDeclarations.has(type)) add({ node, inner: node, name: nameOf(node) }, scope, output);
  else if (type === 'internal_module' || type === 'module') {
    const inside = { prefix: `${scope.prefix}${nameOf(node)}.`, exported: scope.exported, top: false };
    visit(node.child('body') ?? node, inside, output);
  } else if (type === 'lexical_declaration' || type === 'variable_declaration')
    visitBinding(node, scope, output);
  else if (type === 'assignment_expression') visitAssignment(node, scope, output);
  else visit(node, functionTypes.has(type) ? { ...scope, top: false } : scope, output);
};

const visitExport = (node: SyntaxNode, scope: Scope, output: Output): void => {
  const value = node.child('value');
  if (value !== null && (functionTypes.has(value.type) || value.type === 'class')) {
    add({ node, inner: value, name: nameOf(value) || 'default' }, { ...scope, exported: true }, output);
  } else visit(node, { ...scope, exported: true }, output);
};

const visitBinding = (node: SyntaxNode, scope: Scope, output: Output): void => {
  const declarators = node.children.filter((child) => child.type === 'variable_declarator');
  for (const declarator of declarators) {
    const name = declarator.child('name');
    const value = unwrap(declarator.child('value'));
    const outer = declarators.length === 1 ? node : declarator;
    if (name?.type !== 'identifier' || value === null) visit(declarator, scope, output);
    else if (isDefinition(value)) add({ node: outer, inner: value, name: name.text }, scope, output);
    else {
      if (scope.top) push({ node: outer, inner: outer, name: name.text, kind: 'variable' }, scope, output);
      if (value.type === 'object')
        visitMembers(value, { ...scope, prefix: `${scope.prefix}${name.text}.` }, output);
      else visit(declarator, { ...scope, top: false }, output);
    }
  }
};

/** `exports.f = …`, `module.exports = …`, `A.prototype.f = …`, `a.f = …`. */
const visitAssignment = (node: SyntaxNode, scope: Scope, output: Output): void => {
  const value = unwrap(node.child('right'));
  const left = node.child('left');
  if (value === null || left === null) return;
  const outer = node.parent?.type === 'expression_statement' ? node.parent : node;
  const path = left.text.replace(/^module\.exports\b/, 'exports');
  const exported = scope.exported || path.startsWith('exports');
  if (value.type === 'object') {
    const prefix = path === 'exports' ? scope.prefix : `${scope.prefix}${path.replace(/^exports\./, '')}.`;
    visitMembers(value, { prefix, exported, top: false }, output);
    return;
  }
  if (!isDefinition(value) || left.type === 'subscript_expression') {
    visit(node, scope, output);
    return;
  }
  const qualified =
    path === 'exports' ? nameOf(value) || 'default' : path.replace(/^exports\.|prototype\./g, '');
  const dot = qualified.lastIndexOf('.');
  const inner = { prefix: scope.prefix + qualified.slice(0, dot + 1), exported, top: scope.top };
  const name = qualified.slice(dot + 1);
  add({ node: outer, inner: value, name, ...(dot === -1 ? {} : { member: true }) }, inner, output);
};

/** Methods and functions of an object or class body. */
const visitMembers = (body: SyntaxNode, scope: Scope, output: Output): void => {
  for (const member of body.children) {
    const name = member.child('name') ?? member.child('key') ?? member.child('property');
    const value = member.type === 'method_definition' ? member : unwrap(member.child('value'));
    if (member.type.startsWith('abstract_method') && name !== null) {
      push({ node: member, inner: member, name: name.text, kind: 'method' }, scope, output);
    } else if (name !== null && value !== null && isDefinition(value)) {
      const text = name.text.replace(/^['"]|['"]$/g, '');
      add({ node: member, inner: value, name: text, member: true }, scope, output);
    } else if (member.children.length > 0) visit(member, { ...scope, top: false }, output);
  }
};

type Found = { readonly node: SyntaxNode; readonly inner: SyntaxNode; readonly name: string };

const add = (found: Found & { readonly member?: boolean }, scope: Scope, output: Output): void => {
  const { inner, name } = found;
  const isClass = classTypes.has(inner.type);
  const plain = found.member === true ? 'method' : 'function';
  const kind = typeDeclarations.has(inner.type) ? 'type' : isClass ? 'class' : plain;
  const exported = push({ ...found, kind }, scope, output);
  const body = inner.child('body');
  if (body === null) return;
  const prefix = `${scope.prefix}${name}.`;
  if (isClass) visitMembers(body, { prefix, exported, top: false }, output);
  else if (kind !== 'type') visit(inner, { prefix, exported: false, top: false }, output);
};

const push = (
  found: Found & { readonly kind: Declaration['kind'] },
  scope: Scope,
  output: Output,
): boolean => {
  const { node, inner, name, kind } = found;
  const outer = node.parent?.type === 'export_statement' ? node.parent : node;
  const byName = scope.prefix === '' && output.exported.has(name) && !inFunction(node);
  const exported = (scope.exported || byName) && !name.startsWith('#');
  output.found.push({
    name,
    qualified: scope.prefix + name,
    kind,
    outer,
    inner,
    docStart: documentationStart(outer),
    exported,
  });
  return exported;
};

const inFunction = (node: SyntaxNode): boolean => node.ancestor(functionTypes) !== null;

const nameOf = (node: SyntaxNode): string => node.child('name')?.text ?? '';
const isDefinition = (node: SyntaxNode): boolean => functionTypes.has(node.type) || node.type === 'class';

/** `(…)`, `… as T`, `… satisfies T` and a one-function wrapper such as `memo(() => …)` are seen through. */
const unwrap = (node: SyntaxNode | null): SyntaxNode | null => {
  if (node === null) return null;
  if (['parenthesized_expression', 'as_expression', 'satisfies_expression'].includes(node.type)) {
    return unwrap(node.parts[0] ?? null) ?? node;
  }
  if (node.type === 'call_expression' && wrappers.test(node.child('function')?.text ?? '')) {
    const first = node.child('arguments')?.parts[0];
    if (first !== undefined && functionTypes.has(first.type)) return first;
  }
  return node;
};

const wrappers = /^(?:\w+\.)?(?:memo|memoize|forwardRef|useCallback|observer|debounce|throttle|once|curry)$/;

/** Names that `export { a }`, `export default a`, `module.exports = { a, b: c }` or `exports.x = a` make public. */
const exportedNames = (root: SyntaxNode): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const statement of root.children) {
    if (statement.type === 'export_statement' && statement.child('source') === null) {
      for (const node of statement.walk()) {
        if (node.type === 'export_specifier') names.add(nameOf(node));
      }
      const value = statement.child('value');
      if (value?.type === 'identifier') names.add(value.text);
    }
    const assignment = statement.children.find((child) => child.type === 'assignment_expression');
    if (assignment === undefined || !/^(?:module\.)?exports\b/.test(assignment.text)) continue;
    const right = assignment.child('right');
    for (const node of right?.type === 'object' ? right.parts : [right]) {
      const value = node?.child('value') ?? node;
      if (value !== null && /identifier$/.test(value.type)) names.add(value.text);
    }
  }
  return names;
};
