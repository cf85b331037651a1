import type { SyntaxNode } from '@tandem/syntax';
import { callTypes } from '@tandem/syntax';
import { type Candidate, insert, type Mutator, replace } from './candidate.ts';
import { calledName, isNumber, mayBeNumber, positional, shifted } from './expression.ts';

const ordering = new Set(['<', '<=', '>', '>=']);
const equality = new Set(['==', '!=', '===', '!==']);

/** One more or one less where ranges begin and end: comparisons, `range`, slices, subscripts, recursion. */
export const boundary: Mutator = function* (node, names) {
  if (node.type === 'comparison_operator' || node.type === 'binary_expression') yield* comparedEnds(node);
  else if (callTypes.has(node.type)) yield* callEnds(node, names.isOwnFunction(calledName(node)));
  else if (node.type === 'slice') yield* sliceEnds(node);
  else if (node.type === 'subscript' || node.type === 'subscript_expression') yield* subscripts(node);
  else if (node.type === 'assignment' || node.type === 'variable_declarator')
    yield* assigned(node, names.shapeOf);
};

function* comparedEnds(node: SyntaxNode): Generator<Candidate> {
  const operators = node.children.filter(
    (child) => child.field === 'operators' || child.field === 'operator',
  );
  const isOrder = operators.some((token) => ordering.has(token.type));
  if (!isOrder && !operators.some((token) => equality.has(token.type))) return;
  const operands = node.parts.filter((part) => part.field !== 'operators');
  if (!operands.every(mayBeNumber)) return;
  for (const [place, operand] of operands.entries()) {
    const base = (isOrder ? 0.8 : 0.4) - (place === 0 ? 0.2 : 0);
    yield* shifts(operand, base);
  }
}

function* callEnds(node: SyntaxNode, own: boolean): Generator<Candidate> {
  const name = calledName(node);
  const given = positional(node);
  if (name === 'range') yield* rangeEnds(node, given);
  else if (/^(?:slice|substring|substr|splice|charAt|charCodeAt|at|pop|insert|islice)$/.test(name)) {
    for (const argument of given) if (mayBeNumber(argument)) yield* shifts(argument, 0.6);
  } else if (own) {
    for (const argument of given) {
      if (isSimple(argument)) yield* shifts(argument, 0.5);
    }
  }
}

function* rangeEnds(node: SyntaxNode, given: readonly SyntaxNode[]): Generator<Candidate> {
  const [first, second, third] = given;
  if (first === undefined) return;
  for (const [place, argument] of given.slice(0, 2).entries()) {
    yield* shifts(argument, place === given.length - 1 || place === 1 ? 0.9 : 0.7);
  }
  if (second === undefined) yield insert(node, { at: first.start, text: '1, ' }, ['boundary', 0.5]);
  else if (third === undefined && isNumber(first)) {
    yield { ...replace(first, second.text, ['boundary', 0.45]), end: second.end };
  }
  if (second !== undefined && third === undefined) {
    yield { ...replace(first, `${second.text}, ${first.text}, -1`, ['boundary', 0.25]), end: second.end };
  }
}

function* sliceEnds(node: SyntaxNode): Generator<Candidate> {
  for (const part of node.parts) yield* shifts(part, 0.7);
  const text = node.text.trim();
  const open = /^([^:]+):$/.exec(text);
  const closed = /^:([^:]+)$/.exec(text);
  if (open !== null) yield replace(node, `:${open[1]}`, ['boundary', 0.4]);
  if (closed !== null) yield replace(node, `${closed[1]}:`, ['boundary', 0.4]);
  if (closed !== null) yield replace(node, `1:${closed[1]}`, ['boundary', 0.3]);
  if (text === ':') yield replace(node, '1:', ['boundary', 0.3]);
  if (text === ':') yield replace(node, ':-1', ['boundary', 0.3]);
  const both = /^([^:]+):([^:]+)$/.exec(text);
  if (both !== null) yield replace(node, `${both[1]}:`, ['boundary', 0.35]);
  if (both !== null) yield replace(node, `:${both[2]}`, ['boundary', 0.35]);
}

function* subscripts(node: SyntaxNode): Generator<Candidate> {
  const index = node.child('index') ?? node.childrenOf('subscript')[0] ?? null;
  if (index === null || index.type === 'slice' || !mayBeNumber(index)) return;
  yield* shifts(index, 0.55);
  if (!node.source.python) return;
  if (index.text === '0') yield replace(index, '-1', ['boundary', 0.5]);
  if (index.text === '-1') yield replace(index, '0', ['boundary', 0.5]);
}

/** `x = f(y)` one off, where `x` is used as a number. */
function* assigned(node: SyntaxNode, shapeOf: (name: SyntaxNode) => string): Generator<Candidate> {
  const name = node.child('left') ?? node.child('name');
  const value = node.child('right') ?? node.child('value');
  if (name?.type !== 'identifier' || value === null || isNumber(value) || !mayBeNumber(value)) return;
  if (shapeOf(name) === 'number') yield* shifts(value, 0.4);
}

function* shifts(node: SyntaxNode, weight: number): Generator<Candidate> {
  for (const [rank, text] of shifted(node).entries()) {
    yield replace(node, text, ['boundary', weight - rank * 0.05]);
  }
}

const isSimple = (node: SyntaxNode): boolean =>
  node.type === 'identifier' || /^(?:binary|subscript$)/.test(node.type) || isNumber(node);
