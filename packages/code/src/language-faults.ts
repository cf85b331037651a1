import type { Source, SyntaxNode } from '@tandem/syntax';
import { classTypes, functionTypes, loopTypes } from '@tandem/syntax';
import type { SyntaxFault } from './syntax-error.ts';

/** Errors that a compiler reports and the grammars let pass: indentation, and words outside the place they need. */
export const languageFaults = (root: SyntaxNode): readonly SyntaxFault[] => {
  const faults: SyntaxFault[] = [];
  for (const node of root.walk()) {
    const message = root.source.python ? pythonFault(node) : javascriptFault(node);
    if (message !== null) faults.push({ line: node.line, message, at: node.start });
  }
  return faults;
};

const pythonFault = (node: SyntaxNode): string | null => {
  if (node.type === 'block' && node.parts.length === 0) return 'expected an indented block';
  if (node.type === 'print_statement') return 'print needs parentheses: print(…)';
  if (node.type === 'return_statement' && enclosing(node)?.type !== 'function_definition') {
    return "'return' outside of a function";
  }
  if (node.type === 'break_statement' || node.type === 'continue_statement') {
    return inLoop(node) ? null : `'${node.text.split(/\s/)[0]}' outside of a loop`;
  }
  return (node.parent?.type === 'block' || node.parent?.type === 'module') && node.named
    ? indentFault(node, node.parent)
    : null;
};

/** A statement that begins its line stands exactly below the first of its block, and deeper than the block's owner. */
const indentFault = (node: SyntaxNode, block: SyntaxNode): string | null => {
  if (node.type === 'comment') return null;
  const own = indentWidth(node.source, node.start);
  if (own === null) return null;
  if (block.type === 'module') return own > 0 ? 'unexpected indent' : null;
  const first = block.parts[0]!;
  if (first === node) {
    const owner = indentWidth(node.source, block.parent!.start);
    return owner !== null && own <= owner ? 'expected an indented block' : null;
  }
  const wanted = indentWidth(node.source, first.start);
  if (wanted === null || wanted === own) return null;
  return own > wanted ? 'unexpected indent' : 'the indent matches no outer level';
};

/** Null when something else stands before it on its line. */
const indentWidth = (source: Source, offset: number): number | null => {
  const before = source.text.slice(source.lineStart(offset), offset);
  if (!/^[ \t\f]*$/.test(before)) return null;
  return before.replaceAll('\f', '').replaceAll('\t', '        ').length;
};

const javascriptFault = (node: SyntaxNode): string | null => {
  if (node.type === 'break_statement' && node.child('label') === null) {
    return inLoop(node) || inSwitch(node) ? null : "'break' outside of a loop or switch";
  }
  if (node.type === 'continue_statement' && node.child('label') === null) {
    return inLoop(node) ? null : "'continue' outside of a loop";
  }
  if (node.type === 'await_expression') {
    const owner = enclosing(node);
    const inside = owner !== null && functionTypes.has(owner.type);
    return inside && owner.token('async') === null ? "'await' in a function that is not async" : null;
  }
  if (node.type === 'lexical_declaration') return declaredTwice(node);
  return null;
};

/** `let a` and `const a` in one block. Function and var declarations may repeat, so they are left alone. */
const declaredTwice = (node: SyntaxNode): string | null => {
  const block = node.parent;
  if (block === null || !['program', 'statement_block'].includes(block.type)) return null;
  const earlier = new Set<string>();
  for (const other of block.children) {
    if (other === node) break;
    if (other.type === 'lexical_declaration') for (const name of simpleNames(other)) earlier.add(name);
  }
  const own = simpleNames(node).find((name) => earlier.has(name));
  return own === undefined ? null : `'${own}' is declared twice in this block`;
};

const simpleNames = (declaration: SyntaxNode): readonly string[] =>
  declaration.children
    .filter((child) => child.type === 'variable_declarator')
    .flatMap((child) => child.child('name') ?? [])
    .filter((name) => name.type === 'identifier')
    .map((name) => name.text);

/** The nearest function or class around a node: where `return`, `await` and loops are counted from. */
const enclosing = (node: SyntaxNode): SyntaxNode | null => node.ancestor(scopes);
const scopes: ReadonlySet<string> = new Set([...functionTypes, ...classTypes, 'class_static_block']);

const inLoop = (node: SyntaxNode): boolean => {
  const around = node.ancestor(new Set([...scopes, ...loopTypes]));
  return around !== null && loopTypes.has(around.type);
};

const inSwitch = (node: SyntaxNode): boolean =>
  node.ancestor(new Set([...scopes, 'switch_statement']))?.type === 'switch_statement';
