import type { SyntaxNode } from '@tandem/syntax';
import { type Candidate, insert, type Mutator, replace } from './candidate.ts';
import { calledName, isArithmetic, isNumber, mayBeNumber, positional } from './expression.ts';
import type { Names } from './names-in-scope.ts';

/** A term of a sum or product that is missing or too many. */
export const term: Mutator = function* (node, names) {
  if (isArithmetic(node)) {
    const left = node.child('left');
    const right = node.child('right');
    if (left !== null) yield replace(node, left.text, ['term', 0.4]);
    if (right !== null) yield replace(node, right.text, ['term', 0.3]);
  }
  if (isGiven(node, names)) yield* added(node, names);
};

/** Where a value is handed on: returned, assigned, appended, passed to a function of this text. */
const isGiven = (node: SyntaxNode, names: Names): boolean => {
  const parent = node.parent;
  if (parent === null || !node.named || isNumber(node) || !mayBeNumber(node) || /^comment$/.test(node.type))
    return false;
  if (parent.type === 'return_statement') return true;
  if (
    /^(?:assignment|augmented_assignment|assignment_expression|augmented_assignment_expression)$/.test(
      parent.type,
    )
  ) {
    return node.field === 'right';
  }
  if (parent.type === 'variable_declarator') return node.field === 'value' && isArithmetic(node);
  const call = parent.type === 'argument_list' || parent.type === 'arguments' ? parent.parent : null;
  if (call === null) return false;
  const name = calledName(call);
  return (
    (names.isOwnFunction(name) || /^(?:append|push|max|min|range)$/.test(name)) &&
    positional(call).includes(node)
  );
};

function* added(node: SyntaxNode, names: Names): Generator<Candidate> {
  const used = new Set(
    [...node.walk()].filter((part) => part.type === 'identifier').map((part) => part.text),
  );
  if (/^(?:call|list|array|object|.*function|.*comprehension|await)/.test(node.type) && used.size > 6) return;
  const returning = node.parent?.type === 'return_statement' ? 0.05 : 0;
  const numbers = names.at(node).filter((name) => name.shape === 'number' || name.shape === 'unknown');
  const fresh = numbers
    .filter((name) => !used.has(name.name))
    .toSorted((a, b) => rankOf(a.shape) - rankOf(b.shape));
  for (const [rank, { name, shape }] of fresh.slice(0, 4).entries()) {
    const base = (shape === 'number' ? 0.38 : 0.22) + returning - rank * 0.05;
    for (const [place, operator] of ['+', '-', '*'].entries()) {
      const text = `${looseOperand(node, operator)} ${operator} ${name}`;
      yield replace(node, text, ['term', Math.max(0.03, base - place * 0.08)]);
    }
  }
  if (isArithmetic(node)) {
    yield insert(node, { at: node.end, text: ' + 1' }, ['term', 0.3]);
    yield insert(node, { at: node.end, text: ' - 1' }, ['term', 0.3]);
  }
}

const rankOf = (shape: string): number => (shape === 'number' ? 0 : 1);

/** A sum keeps its meaning beside `+`; beside `*` it needs parentheses. */
const looseOperand = (node: SyntaxNode, operator: string): string => {
  const compound = /^(?:conditional|ternary|boolean|not_|comparison|lambda|await|yield)/.test(node.type);
  const other = /^binary/.test(node.type) && (operator === '*' || !isArithmetic(node));
  return compound || other ? `(${node.text})` : node.text;
};
