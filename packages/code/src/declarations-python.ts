import type { Source, SyntaxNode } from '@tandem/syntax';
import { type Declaration, documentationStart } from './declaration.ts';

type Scope = {
  readonly prefix: string;
  readonly inClass: boolean;
  readonly exported: boolean;
  readonly top: boolean;
};

/** `def` and `class` at any depth, methods, and assignments of the module. */
export const pythonDeclarations = (source: Source): readonly Declaration[] => {
  const found: Declaration[] = [];
  const listed = namesInAll(source.root);
  visit(source.root, { prefix: '', inClass: false, exported: true, top: true }, { found, listed });
  return found;
};

type Output = { readonly found: Declaration[]; readonly listed: ReadonlySet<string> | null };

const visit = (node: SyntaxNode, scope: Scope, output: Output): void => {
  for (const child of node.children) {
    if (child.type === 'function_definition' || child.type === 'class_definition') {
      define(child, scope, output);
    } else if (scope.top && child.type === 'assignment') {
      assign(child, scope, output);
    } else if (child.children.length > 0) visit(child, scope, output);
  }
};

const define = (node: SyntaxNode, scope: Scope, output: Output): void => {
  const name = node.child('name')?.text ?? '';
  const isClass = node.type === 'class_definition';
  const exported = scope.exported && isPublic(name, scope, output);
  const qualified = scope.prefix + name;
  const decorated = node.parent?.type === 'decorated_definition' ? node.parent : node;
  output.found.push({
    name,
    qualified,
    kind: isClass ? 'class' : scope.inClass ? 'method' : 'function',
    outer: node,
    inner: node,
    docStart: documentationStart(decorated),
    exported,
  });
  const body = node.child('body');
  if (body === null) return;
  visit(
    body,
    { prefix: `${qualified}.`, inClass: isClass, exported: isClass && exported, top: false },
    output,
  );
};

const assign = (node: SyntaxNode, scope: Scope, output: Output): void => {
  const left = node.child('left');
  if (left?.type !== 'identifier' || node.parent?.type !== 'expression_statement') return;
  if (output.found.some((known) => known.qualified === left.text)) return;
  output.found.push({
    name: left.text,
    qualified: left.text,
    kind: 'variable',
    outer: node.parent,
    inner: node.parent,
    docStart: documentationStart(node.parent),
    exported: isPublic(left.text, scope, output),
  });
};

const isPublic = (name: string, scope: Scope, output: Output): boolean => {
  if (scope.top && output.listed !== null) return output.listed.has(name);
  return !name.startsWith('_') || /^__\w+__$/.test(name);
};

/** The names of `__all__`, where the module has one. */
const namesInAll = (root: SyntaxNode): ReadonlySet<string> | null => {
  for (const statement of root.children) {
    const assignment = statement.children.find((child) => child.type === 'assignment');
    if (assignment?.child('left')?.text !== '__all__') continue;
    const strings = [...assignment.walk()].filter((node) => node.type === 'string_content');
    return new Set(strings.map((node) => node.text));
  }
  return null;
};
