import type { SyntaxNode } from '@tandem/syntax';
import { callTypes } from '@tandem/syntax';
import { type Candidate, exchange, insert, type Mutator, remove, replace } from './candidate.ts';
import { calledName, isArithmetic, isString, operatorOf, positional } from './expression.ts';
import type { Names } from './names-in-scope.ts';

const pairs: readonly (readonly [one: string, other: string, weight: number])[] = [
  ['min', 'max', 0.75],
  ['startsWith', 'endsWith', 0.65],
  ['startswith', 'endswith', 0.65],
  ['lower', 'upper', 0.6],
  ['toLowerCase', 'toUpperCase', 0.6],
  ['append', 'extend', 0.6],
  ['push', 'unshift', 0.5],
  ['pop', 'shift', 0.5],
  ['append', 'appendleft', 0.4],
  ['pop', 'popleft', 0.5],
  ['any', 'all', 0.7],
  ['some', 'every', 0.7],
  ['floor', 'ceil', 0.65],
  ['floor', 'round', 0.5],
  ['ceil', 'round', 0.35],
  ['trunc', 'floor', 0.3],
  ['keys', 'values', 0.5],
  ['values', 'entries', 0.3],
  ['values', 'items', 0.3],
  ['keys', 'items', 0.2],
  ['indexOf', 'lastIndexOf', 0.5],
  ['find', 'rfind', 0.5],
  ['index', 'find', 0.3],
  ['split', 'rsplit', 0.3],
  ['strip', 'lstrip', 0.35],
  ['strip', 'rstrip', 0.35],
  ['trim', 'trimStart', 0.3],
  ['trim', 'trimEnd', 0.3],
  ['isalpha', 'isalnum', 0.45],
  ['isdigit', 'isalnum', 0.35],
  ['isdigit', 'isalpha', 0.35],
  ['isupper', 'islower', 0.5],
  ['filter', 'map', 0.3],
  ['map', 'flatMap', 0.35],
  ['map', 'forEach', 0.35],
  ['find', 'filter', 0.3],
  ['find', 'findLast', 0.25],
  ['slice', 'splice', 0.45],
  ['substring', 'substr', 0.35],
  ['replace', 'replaceAll', 0.45],
  ['match', 'matchAll', 0.2],
  ['match', 'search', 0.35],
  ['match', 'fullmatch', 0.35],
  ['reduce', 'reduceRight', 0.3],
  ['concat', 'push', 0.2],
  ['add', 'delete', 0.3],
  ['add', 'remove', 0.3],
  ['add', 'discard', 0.2],
  ['union', 'intersection', 0.4],
  ['int', 'round', 0.3],
  ['int', 'float', 0.3],
  ['sum', 'len', 0.3],
  ['sum', 'max', 0.25],
  ['sorted', 'reversed', 0.3],
  ['sorted', 'list', 0.2],
  ['list', 'set', 0.3],
  ['list', 'tuple', 0.2],
  ['sin', 'cos', 0.4],
  ['log', 'log2', 0.3],
  ['log', 'log10', 0.3],
  ['parseInt', 'parseFloat', 0.4],
  ['ord', 'chr', 0.3],
  ['heappush', 'heappop', 0.2],
  ['first', 'last', 0.45],
  ['insert', 'append', 0.1],
  ['getDate', 'getDay', 0.5],
  ['allSettled', 'all', 0.3],
  ['race', 'all', 0.2],
];
const siblings = new Map<string, (readonly [string, number])[]>();
for (const [one, other, weight] of pairs) {
  siblings.set(one, [...(siblings.get(one) ?? []), [other, weight]]);
  siblings.set(other, [...(siblings.get(other) ?? []), [one, weight]]);
}

const droppable =
  /^(?:sort|sorted|reverse|reversed|toSorted|toReversed|lower|upper|strip|lstrip|rstrip|trim|toLowerCase|toUpperCase|copy|slice|flat|title|capitalize|join|toString|values|keys|items|abs|int|str|float|len|list|set|tuple|round|floor|ceil|String|Number|Boolean|isoformat)$/;

/** Another method of the same family; a call too many. */
export const methodSwap: Mutator = function* (node) {
  if (!callTypes.has(node.type)) return;
  const called = node.child('function');
  if (called === null) return;
  const name = called.child('property') ?? called.child('attribute') ?? called;
  if (/identifier$/.test(name.type)) {
    for (const [other, weight] of siblings.get(name.text) ?? [])
      yield replace(name, other, ['method', weight]);
  }
  if (!droppable.test(name.text)) return;
  const object = called.child('object');
  const [first, ...rest] = positional(node);
  if (object !== null && first === undefined && object.text !== 'Math') {
    yield remove(node, { from: object.end, to: node.end }, ['missing-call', 0.35]);
  } else if (first !== undefined && rest.length === 0 && (object === null || object.text === 'Math')) {
    const safe = isArithmetic(first) && node.parent !== null && isArithmetic(node.parent);
    yield replace(node, safe ? `(${first.text})` : first.text, ['wrap', 0.4]);
  }
};

/** Arguments in another order, or one too many. */
export const argument: Mutator = function* (node, names) {
  if (!callTypes.has(node.type)) return;
  const given = positional(node);
  const own = names.isOwnFunction(calledName(node));
  const symmetric = /^(?:min|max|gcd|print|log)$/.test(calledName(node));
  for (const [place, first] of given.entries()) {
    const second = given[place + 1];
    if (second === undefined || first.text === second.text || symmetric) continue;
    if (/function|lambda/.test(first.type + second.type)) continue;
    const sameSort = isString(first) === isString(second);
    yield exchange(first, second, ['argument', (own ? 0.7 : 0.5) - (sameSort ? 0 : 0.2)]);
  }
  if (own) yield* moreArguments(node, { given, names });
  const last = given.at(-1);
  const before = given.at(-2);
  if (last !== undefined && before !== undefined) {
    yield remove(last, { from: before.end, to: last.end }, ['argument', 0.25]);
  }
};

type Given = { readonly given: readonly SyntaxNode[]; readonly names: Names };

/** An argument that was forgotten: a parameter of the caller, handed on. */
function* moreArguments(node: SyntaxNode, { given, names }: Given): Generator<Candidate> {
  const last = given.at(-1);
  if (last === undefined) return;
  const used = new Set(given.map((part) => part.text));
  const fresh = names.at(node).filter((name) => name.kind === 'parameter' && !used.has(name.name));
  for (const { name } of fresh.slice(0, 2)) {
    yield insert(last, { at: last.end, text: `, ${name}` }, ['argument', 0.2]);
  }
}

/** A conversion that is missing: `abs` on a difference, `str` in a join, `len` of a list in a comparison, a copy. */
export const missingWrap: Mutator = function* (node, names) {
  const python = node.source.python;
  const wrap = (name: string, weight: number): Candidate =>
    replace(node, `${name}(${node.text})`, ['wrap', weight]);
  if (isArithmetic(node)) {
    const operator = operatorOf(node);
    const inAbs =
      /^(?:Math\.)?abs\(/.test(node.parent?.parent?.text ?? '') && node.parent?.type.startsWith('arg');
    if (operator === '-' && !inAbs) yield wrap(python ? 'abs' : 'Math.abs', isCompared(node) ? 0.65 : 0.35);
    if (operator === '/') {
      yield wrap(python ? 'int' : 'Math.floor', 0.5);
      yield wrap(python ? 'round' : 'Math.round', 0.25);
      if (!python) yield wrap('Math.ceil', 0.3);
    }
  }
  if (node.type !== 'identifier' || node.parent === null || /^(?:left|name)$/.test(node.field ?? '')) return;
  const shape = names.shapeOf(node);
  const parent = node.parent;
  const joined = isArithmetic(parent) && operatorOf(parent) === '+' && parent.parts.some(isString);
  if (joined) yield wrap(python ? 'str' : 'String', 0.5);
  const compared = isCompared(node) || isArithmetic(parent);
  if (compared && shape === 'list')
    yield python ? wrap('len', 0.4) : replace(node, `${node.text}.length`, ['wrap', 0.4]);
  if (compared && shape === 'number') yield wrap(python ? 'abs' : 'Math.abs', 0.2);
  yield* missingCalls(node, shape);
  const given = parent.type === 'argument_list' || parent.type === 'arguments';
  if (given && python && /^(?:range|str)$/.test(calledName(parent.parent!))) {
    yield wrap('len', shape === 'list' ? 0.5 : 0.25);
  }
  if (given && shape !== 'number' && /^(?:append|push)$/.test(calledName(parent.parent!))) {
    yield replace(node, python ? `${node.text}[:]` : `[...${node.text}]`, ['wrap', 0.45]);
  }
  if (parent.type === 'return_statement' && shape === 'list' && python) {
    yield wrap('sorted', 0.25);
    yield wrap('list', 0.25);
    yield wrap('len', 0.2);
  }
  if (parent.type === 'return_statement' && shape === 'list' && !python) {
    yield insert(node, { at: node.end, text: '.length' }, ['wrap', 0.2]);
    yield insert(node, { at: node.end, text: '.reverse()' }, ['wrap', 0.2]);
  }
};

/** `for key, value in table` needs `.items()`; texts that are compared may need the same case. */
function* missingCalls(node: SyntaxNode, shape: string): Generator<Candidate> {
  const parent = node.parent!;
  const add = (text: string, weight: number): Candidate =>
    insert(node, { at: node.end, text }, ['missing-call', weight]);
  const unpacked = /^(?:pattern_list|tuple_pattern)$/.test(parent.child('left')?.type ?? '');
  if (node.field === 'right' && /^for_(?:statement|in_clause)$/.test(parent.type) && unpacked) {
    yield add('.items()', 0.5);
    yield replace(node, `enumerate(${node.text})`, ['missing-call', 0.4]);
  }
  if (shape !== 'string' || !(isCompared(node) || isArithmetic(parent) || parent.type === 'return_statement'))
    return;
  for (const text of node.source.python
    ? ['.lower()', '.upper()', '.strip()']
    : ['.toLowerCase()', '.toUpperCase()', '.trim()']) {
    yield add(text, 0.2);
  }
}

const isCompared = (node: SyntaxNode): boolean => {
  const parent = node.parent;
  if (parent === null) return false;
  return parent.type === 'comparison_operator' || /^[<>=!]=?=?$/.test(operatorOf(parent));
};
