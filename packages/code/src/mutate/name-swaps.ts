import type { SyntaxNode } from '@tandem/syntax';
import { callTypes, classTypes } from '@tandem/syntax';
import { javascriptGlobals, pythonGlobals } from '../known-globals.ts';
import { type Candidate, type Mutator, replace } from './candidate.ts';
import { isNumber } from './expression.ts';
import type { Names, ScopedName } from './names-in-scope.ts';

/** More alternatives than this for one use are noise: a function with more names is not one wrong name away. */
const maxAlternatives = 6;

/** A name of the same function read where another was meant; a member of the same object for another. */
export const nameSwap: Mutator = function* (node, names) {
  if (node.type === 'identifier' && !receivers.test(node.text) && isRead(node)) {
    yield* otherNames(node, names);
    yield* elements(node, names);
  }
  if (isNumber(node)) yield* namesForNumber(node, names);
  if (node.type === 'subscript' || node.type === 'subscript_expression') yield* plainFor(node);
  if (node.type === 'attribute' || node.type === 'member_expression') yield* otherMembers(node);
};

const receivers = /^(?:self|cls|this|super)$/;

/** `items[i]` where only `i` or `items` is written, and the other way round. */
function* elements(node: SyntaxNode, names: Names): Generator<Candidate> {
  const parent = node.parent!;
  const operand = /^(?:comparison_operator|binary_operator|binary_expression|return_statement)$/.test(
    parent.type,
  );
  const given = /^(?:argument_list|arguments|augmented_assignment.*)$/.test(parent.type);
  if (!operand && !given) return;
  const known = names.at(node);
  const own = known.find((name) => name.name === node.text);
  if (own === undefined) return;
  const partner = own.shape === 'number' ? 'list' : own.shape === 'list' ? 'number' : null;
  const others = known.filter((name) => name.shape === partner && name.name !== node.text);
  for (const [rank, { name }] of others.slice(0, 2).entries()) {
    const text = partner === 'list' ? `${name}[${node.text}]` : `${node.text}[${name}]`;
    yield replace(node, text, ['name', (operand ? 0.3 : 0.2) - rank * 0.06]);
  }
}

function* plainFor(node: SyntaxNode): Generator<Candidate> {
  const index = node.child('index') ?? node.child('subscript');
  const object = node.child('object') ?? node.child('value');
  const written = node.field === 'left' || index === null || object === null || index.type === 'slice';
  if (written) return;
  if (index.type === 'identifier') yield replace(node, index.text, ['name', 0.3]);
  yield replace(node, object.text, ['name', 0.2]);
}

/** A name where a number is written. */
function* namesForNumber(node: SyntaxNode, names: Names): Generator<Candidate> {
  if (node.field === 'value' && node.parent?.type !== 'variable_declarator') return;
  const numbers = names.at(node).filter((name) => name.shape === 'number');
  for (const [rank, { name }] of numbers.slice(0, 3).entries()) {
    yield replace(node, name, ['name', 0.28 - rank * 0.05]);
  }
}

function* otherNames(node: SyntaxNode, names: Names): Generator<Candidate> {
  if (node.field === 'function' && callTypes.has(node.parent?.type ?? '')) {
    yield* otherFunctions(node, names);
    return;
  }
  const known = names.at(node);
  const own = known.find((name) => name.name === node.text);
  const shape = own?.shape ?? names.shapeOf(node);
  const unbound = own === undefined && isUnbound(node);
  if (own === undefined && !unbound && !mayBeConstant(node, shape)) return;
  const others = known.filter((name) => name.name !== node.text && name.shape !== 'function');
  const sorted = others.toSorted((a, b) => likeness(b, own, shape) - likeness(a, own, shape));
  for (const [rank, other] of sorted.slice(0, maxAlternatives).entries()) {
    const weight = 0.45 + 0.3 * likeness(other, own, shape) - rank * 0.06;
    const shift = unbound ? 0.3 : own === undefined ? -0.3 : 0;
    yield replace(node, other.name, ['name', Math.max(0.05, weight + shift)]);
  }
}

const boundCache = new WeakMap<SyntaxNode, ReadonlySet<string>>();

/** A name that nothing in the text binds and no runtime gives: certainly a wrong one. */
const isUnbound = (node: SyntaxNode): boolean => {
  const { root, python } = node.source;
  let bound = boundCache.get(root);
  if (bound === undefined) {
    const binders = [...root.walk()].filter(
      (part) => /identifier(?:_pattern)?$/.test(part.type) && !isRead(part),
    );
    bound = new Set(binders.map((part) => part.text));
    boundCache.set(root, bound);
  }
  return !bound.has(node.text) && !(python ? pythonGlobals : javascriptGlobals).has(node.text);
};

/** A constant of the module may be meant for a local; a module, a class or an exception is not. */
const mayBeConstant = (node: SyntaxNode, shape: ScopedName['shape']): boolean => {
  if (shape === 'function' || node.field === 'object' || /^[A-Z][a-z]/.test(node.text)) return false;
  return !(node.source.python ? pythonGlobals : javascriptGlobals).has(node.text);
};

/** 0 to 1: how easily one is written for the other. */
const likeness = (other: ScopedName, own: ScopedName | undefined, shape: ScopedName['shape']): number => {
  const unclear = other.shape === 'unknown' || shape === 'unknown';
  const sameShape = other.shape === shape ? 1 : unclear ? 0.5 : 0;
  const sameKind = own !== undefined && own.kind === other.kind ? 1 : 0;
  const alike = own !== undefined && resemble(own.name, other.name) ? 1 : 0;
  return 0.6 * sameShape + 0.2 * sameKind + 0.2 * alike;
};

/** `left` and `right`, `i` and `j`, `start` and `starts`: same length, or one begins or ends as the other. */
const resemble = (one: string, other: string): boolean =>
  one.length === other.length || one.slice(0, 3) === other.slice(0, 3) || one.slice(-3) === other.slice(-3);

function* otherFunctions(node: SyntaxNode, names: Names): Generator<Candidate> {
  if (!names.isOwnFunction(node.text)) return;
  let rank = 0;
  for (const other of names.ownFunctions) {
    if (other === node.text || rank >= 3 || !/^\w+$/.test(other)) continue;
    yield replace(node, other, ['name', 0.25 - rank * 0.05]);
    rank += 1;
  }
}

/** `this.low` for `this.high`: members that the same class reads from the same object. */
function* otherMembers(node: SyntaxNode): Generator<Candidate> {
  const object = node.child('object');
  const member = node.child('attribute') ?? node.child('property');
  if (object === null || member === null || !/^(?:self|this|cls|\w{1,12})$/.test(object.text)) return;
  if (node.field === 'function') return;
  const holder = node.ancestor(classTypes) ?? node.source.root;
  const others = membersOf(holder, object.text).filter((name) => name !== member.text);
  for (const [rank, other] of others.slice(0, 4).entries()) {
    yield replace(member, other, ['name', 0.45 - rank * 0.06]);
  }
}

const memberCache = new WeakMap<SyntaxNode, ReadonlyMap<string, readonly string[]>>();

/** Members by the object they are read from, called ones left out. */
const membersOf = (holder: SyntaxNode, object: string): readonly string[] => {
  let byObject = memberCache.get(holder);
  if (byObject === undefined) {
    const found = new Map<string, string[]>();
    for (const node of holder.walk()) {
      if (node.type !== 'attribute' && node.type !== 'member_expression') continue;
      const name = (node.child('attribute') ?? node.child('property'))?.text;
      const owner = node.child('object')?.text;
      if (name === undefined || owner === undefined || node.field === 'function') continue;
      const list = found.get(owner) ?? [];
      if (!list.includes(name)) list.push(name);
      found.set(owner, list);
    }
    byObject = found;
    memberCache.set(holder, byObject);
  }
  return byObject.get(object) ?? [];
};

const definingFields = new Set([
  'name',
  'alias',
  'parameter',
  'pattern',
  'attribute',
  'property',
  'key',
  'label',
]);
const definingParents = new Set([
  'parameters',
  'formal_parameters',
  'lambda_parameters',
  'list_splat_pattern',
  'dictionary_splat_pattern',
  'rest_pattern',
  'pattern_list',
  'tuple_pattern',
  'array_pattern',
  'object_pattern',
  'pair_pattern',
  'as_pattern_target',
  'import_clause',
  'import_specifier',
  'namespace_import',
  'export_specifier',
  'dotted_name',
  'decorator',
  'global_statement',
  'nonlocal_statement',
  'typed_parameter',
  'type',
  'class_heritage',
]);

/** Whether an identifier reads a value, rather than naming what is bound there. */
export const isRead = (node: SyntaxNode): boolean => {
  const parent = node.parent;
  if (parent === null || definingParents.has(parent.type)) return false;
  if (node.field !== null && definingFields.has(node.field)) return false;
  const binds = /^(?:for_statement|for_in_statement|for_in_clause|assignment|assignment_pattern)$/.test(
    parent.type,
  );
  return !(binds && node.field === 'left' && parent.type !== 'assignment') && !declares(node, parent);
};

/** The target of a plain assignment is read by nobody; of the form `x = …` it names. */
const declares = (node: SyntaxNode, parent: SyntaxNode): boolean =>
  (parent.type === 'assignment' || parent.type === 'assignment_expression') && node.field === 'left';
