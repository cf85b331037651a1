import type { SyntaxNode } from '@tandem/syntax';
import { type Candidate, exchange, type Mutator, replace } from './candidate.ts';
import { negated, operatorOf } from './expression.ts';
import type { Names } from './names-in-scope.ts';

/** Negations added and taken away, halves of a condition lost, branches exchanged. */
export const condition: Mutator = function* (node, names) {
  if (isNegation(node)) {
    const argument = node.child('argument') ?? node.parts[0];
    if (argument !== undefined) yield replace(node, argument.text, ['negation', 0.75]);
  }
  if (isLogical(node)) yield* halves(node);
  const tested = testOf(node);
  if (tested !== null) yield* tests(tested, node, names);
  if (node.type === 'ternary_expression') {
    const [one, other] = [node.child('consequence'), node.child('alternative')];
    if (one !== null && other !== null) yield exchange(one, other, ['negation', 0.5]);
  }
  if (node.type === 'conditional_expression') {
    const [one, , other] = node.parts;
    if (one !== undefined && other !== undefined) yield exchange(one, other, ['negation', 0.5]);
  }
};

const isNegation = (node: SyntaxNode): boolean =>
  node.type === 'not_operator' || (node.type === 'unary_expression' && operatorOf(node) === '!');

const isLogical = (node: SyntaxNode): boolean =>
  node.type === 'boolean_operator' ||
  (node.type === 'binary_expression' && ['&&', '||'].includes(operatorOf(node)));

function* halves(node: SyntaxNode): Generator<Candidate> {
  const left = node.child('left');
  const right = node.child('right');
  if (left === null || right === null) return;
  yield replace(node, left.text, ['condition', 0.55]);
  yield replace(node, right.text, ['condition', 0.5]);
  for (const half of [left, right]) {
    if (isNegatable(half)) yield replace(half, negated(half), ['negation', 0.4]);
  }
}

/** What decides: the condition of a statement, a ternary or a comprehension, without its parentheses. */
const testOf = (node: SyntaxNode): SyntaxNode | null => {
  if (node.type === 'if_clause') return node.parts[0] ?? null;
  if (node.type === 'conditional_expression') return node.parts[1] ?? null;
  const held = /^(?:if_statement|elif_clause|while_statement|do_statement|ternary_expression)$/.test(
    node.type,
  )
    ? node.child('condition')
    : null;
  return held?.type === 'parenthesized_expression' ? (held.parts[0] ?? null) : held;
};

function* tests(tested: SyntaxNode, owner: SyntaxNode, names: Names): Generator<Candidate> {
  if (isNegatable(tested)) yield replace(tested, negated(tested), ['negation', 0.6]);
  const python = tested.source.python;
  if (owner.type === 'while_statement') {
    if (tested.type !== 'true') {
      yield replace(tested, python ? 'True' : 'true', ['condition', 0.2]);
      return;
    }
    const lists = names.at(tested).filter((name) => name.shape === 'list' || name.shape === 'unknown');
    for (const [rank, { name, shape }] of lists.slice(0, 4).entries()) {
      const text = python || shape !== 'list' ? name : `${name}.length > 0`;
      yield replace(tested, text, ['condition', 0.6 - rank * 0.1]);
    }
    return;
  }
  const flags = names.at(tested).filter((name) => name.shape === 'boolean');
  for (const { name } of flags.slice(0, 2)) {
    if (name === tested.text) continue;
    const plain = isLogical(tested) ? `(${tested.text})` : tested.text;
    yield replace(tested, `${plain} ${python ? 'and' : '&&'} ${name}`, ['condition', 0.25]);
    yield replace(tested, `${plain} ${python ? 'and not' : '&& !'}${python ? ' ' : ''}${name}`, [
      'condition',
      0.25,
    ]);
  }
  if (tested.type === 'identifier' && python) {
    yield replace(tested, `${tested.text} is not None`, ['condition', 0.35]);
    yield replace(tested, `${tested.text} is None`, ['condition', 0.25]);
  }
}

/** Comparisons and negations have their own, more exact rules. */
const isNegatable = (node: SyntaxNode): boolean =>
  !isNegation(node) &&
  node.type !== 'true' &&
  node.type !== 'false' &&
  node.type !== 'comparison_operator' &&
  !(node.type === 'binary_expression' && /^(?:[<>]=?|[!=]==?)$/.test(operatorOf(node)));
