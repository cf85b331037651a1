import type { Source, SyntaxNode } from '@tandem/syntax';
import { classTypes, functionTypes } from '@tandem/syntax';
import { declarations } from '../declarations.ts';
import { patternNames } from '../imports.ts';
import { guessShape, type Shape } from './shape.ts';

export type ScopedName = {
  readonly name: string;
  readonly kind: 'parameter' | 'local';
  readonly shape: Shape;
};

type Binding = {
  readonly name: string;
  readonly kind: ScopedName['kind'];
  readonly from: number;
  /** Where the name can be seen. */
  readonly within: SyntaxNode;
};

/** What a text knows about its own names, worked out once a function. */
export class Names {
  readonly #source: Source;
  readonly #bindings = new Map<SyntaxNode, readonly Binding[]>();
  readonly #shapes = new Map<SyntaxNode, ReadonlyMap<string, Shape>>();
  readonly #functions: ReadonlySet<string>;

  constructor(source: Source) {
    this.#source = source;
    const own = declarations(source).filter((found) => found.kind === 'function' || found.kind === 'method');
    this.#functions = new Set(own.map((found) => found.name));
  }

  isOwnFunction(name: string): boolean {
    return this.#functions.has(name);
  }

  get ownFunctions(): ReadonlySet<string> {
    return this.#functions;
  }

  /** The nearest function around a node, or the whole text. */
  functionOf(node: SyntaxNode): SyntaxNode {
    return node.ancestor(functionTypes) ?? this.#source.root;
  }

  readonly shapeOf = (identifier: SyntaxNode): Shape =>
    this.#shapesOf(this.functionOf(identifier)).get(identifier.text) ?? 'unknown';

  /** Parameters and locals that can be read at a node, nearest function first; names of the module are left out. */
  at(node: SyntaxNode): readonly ScopedName[] {
    const seen = new Map<string, ScopedName>();
    for (let owner = this.functionOf(node); owner !== this.#source.root; owner = this.functionOf(owner)) {
      const shapes = this.#shapesOf(owner);
      for (const binding of this.#bindingsOf(owner)) {
        const visible =
          binding.from < node.start && binding.within.start <= node.start && node.end <= binding.within.end;
        if (!visible || seen.has(binding.name)) continue;
        const shape = shapes.get(binding.name) ?? 'unknown';
        seen.set(binding.name, { name: binding.name, kind: binding.kind, shape });
      }
    }
    return [...seen.values()];
  }

  /** Whether a name already holds something where it is assigned again. */
  assignedBefore(identifier: SyntaxNode): boolean {
    return this.at(identifier).some((known) => known.name === identifier.text);
  }

  #bindingsOf(owner: SyntaxNode): readonly Binding[] {
    const known = this.#bindings.get(owner);
    if (known !== undefined) return known;
    const found = [...parametersOf(owner), ...localsOf(owner)];
    this.#bindings.set(owner, found);
    return found;
  }

  #shapesOf(owner: SyntaxNode): ReadonlyMap<string, Shape> {
    const known = this.#shapes.get(owner);
    if (known !== undefined) return known;
    const found = guessShape(owner);
    this.#shapes.set(owner, found);
    return found;
  }
}

const parametersOf = (owner: SyntaxNode): readonly Binding[] => {
  const list = owner.child('parameters') ?? owner.child('parameter');
  if (list === null) return [];
  const nodes = list.type === 'identifier' ? [list] : list.parts;
  return nodes
    .flatMap((node) => parameterNames(node))
    .filter((name) => name !== 'self' && name !== 'cls' && name !== 'this')
    .map((name) => ({ name, kind: 'parameter', from: owner.start - 1, within: owner }));
};

const parameterNames = (node: SyntaxNode): readonly string[] => {
  const named = node.child('name') ?? node.child('pattern') ?? node.child('left');
  if (named !== null) return patternNames(named);
  if (node.type === 'typed_parameter') return patternNames(node.parts[0] ?? node);
  return patternNames(node);
};

/** Bound inside a function, but not inside a function in it. */
const localsOf = (owner: SyntaxNode): readonly Binding[] => {
  const found: Binding[] = [];
  const visit = (node: SyntaxNode): void => {
    for (const child of node.children) {
      for (const pattern of boundPatterns(child)) {
        const within = visibleIn(child, owner);
        // A comprehension reads its names before the text binds them.
        const from = child.type === 'for_in_clause' ? within.start - 1 : pattern.start;
        for (const name of patternNames(pattern)) found.push({ name, kind: 'local', from, within });
      }
      if (!functionTypes.has(child.type) && !classTypes.has(child.type)) visit(child);
    }
  };
  visit(owner.child('body') ?? owner);
  return found;
};

const boundPatterns = (node: SyntaxNode): readonly SyntaxNode[] => {
  const field = bindingField[node.type];
  const pattern = field === undefined ? null : node.child(field);
  if (pattern === null) return [];
  // `a.b = 1` and `a[0] = 1` bind nothing.
  return /^(?:attribute|subscript|member_expression|subscript_expression)$/.test(pattern.type)
    ? []
    : [pattern];
};

const bindingField: Readonly<Record<string, string>> = {
  variable_declarator: 'name',
  assignment: 'left',
  for_statement: 'left',
  for_in_statement: 'left',
  for_in_clause: 'left',
  named_expression: 'name',
  as_pattern: 'alias',
  catch_clause: 'parameter',
};

const braces: ReadonlySet<string> = new Set([
  'statement_block',
  'program',
  'for_statement',
  'for_in_statement',
  'switch_body',
]);
const comprehensions: ReadonlySet<string> = new Set([
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

const visibleIn = (binder: SyntaxNode, owner: SyntaxNode): SyntaxNode => {
  if (binder.type === 'for_in_clause') return binder.ancestor(comprehensions) ?? owner;
  if (owner.source.python || binder.parent?.type === 'variable_declaration') return owner;
  if (binder.type === 'for_in_statement' || binder.type === 'catch_clause') return binder;
  return binder.ancestor(braces) ?? owner;
};
