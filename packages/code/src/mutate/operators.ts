import type { SyntaxNode } from '@tandem/syntax';
import { type Candidate, exchange, type Mutator, replace } from './candidate.ts';
import { isBinary, isString, operatorOf } from './expression.ts';

type Alternatives = Readonly<Record<string, readonly (readonly [other: string, weight: number])[]>>;

const comparisons: Alternatives = {
  '<': [
    ['<=', 1],
    ['>', 0.8],
    ['>=', 0.55],
    ['!=', 0.15],
  ],
  '<=': [
    ['<', 1],
    ['>=', 0.75],
    ['>', 0.55],
    ['==', 0.2],
  ],
  '>': [
    ['>=', 1],
    ['<', 0.8],
    ['<=', 0.55],
    ['!=', 0.15],
  ],
  '>=': [
    ['>', 1],
    ['<=', 0.75],
    ['<', 0.55],
    ['==', 0.2],
  ],
  '==': [
    ['!=', 0.75],
    ['<=', 0.35],
    ['>=', 0.35],
    ['<', 0.2],
    ['>', 0.2],
    ['===', 0.3],
  ],
  '!=': [
    ['==', 0.75],
    ['<', 0.35],
    ['>', 0.35],
    ['!==', 0.3],
  ],
  '===': [
    ['!==', 0.75],
    ['<=', 0.35],
    ['>=', 0.35],
    ['==', 0.3],
    ['<', 0.2],
    ['>', 0.2],
  ],
  '!==': [
    ['===', 0.75],
    ['!=', 0.3],
    ['<', 0.3],
    ['>', 0.3],
  ],
  is: [
    ['is not', 0.75],
    ['==', 0.35],
  ],
  'is not': [
    ['is', 0.75],
    ['!=', 0.35],
  ],
  in: [['not in', 0.75]],
  'not in': [['in', 0.75]],
};

/** `<` for `<=` and their like. */
export const comparison: Mutator = function* (node) {
  if (node.type === 'comparison_operator') {
    for (const token of node.children.filter((child) => child.field === 'operators')) {
      yield* alternatives(token, token.type.replace(/\s+/, ' '), comparisons, 'comparison');
    }
  }
  if (node.type === 'binary_expression') {
    const token = node.child('operator');
    if (token !== null && token.type !== 'in')
      yield* alternatives(token, token.type, comparisons, 'comparison');
  }
};

const arithmetics: Alternatives = {
  '+': [
    ['-', 0.85],
    ['*', 0.4],
  ],
  '-': [
    ['+', 0.85],
    ['*', 0.25],
    ['/', 0.2],
    ['%', 0.15],
  ],
  '*': [
    ['+', 0.6],
    ['/', 0.5],
    ['**', 0.3],
    ['-', 0.2],
    ['//', 0.2],
  ],
  '/': [
    ['//', 0.75],
    ['*', 0.6],
    ['%', 0.35],
    ['-', 0.15],
  ],
  '//': [
    ['/', 0.6],
    ['%', 0.6],
    ['*', 0.3],
  ],
  '%': [
    ['//', 0.6],
    ['/', 0.5],
    ['*', 0.25],
    ['-', 0.15],
  ],
  '**': [
    ['*', 0.6],
    ['+', 0.2],
  ],
  '&': [
    ['|', 0.7],
    ['^', 0.6],
  ],
  '|': [
    ['&', 0.7],
    ['^', 0.6],
  ],
  '^': [
    ['&', 0.7],
    ['|', 0.6],
    ['**', 0.3],
  ],
  '<<': [['>>', 0.7]],
  '>>': [
    ['<<', 0.7],
    ['>>>', 0.4],
  ],
  '>>>': [
    ['>>', 0.7],
    ['<<', 0.3],
  ],
  '&&': [
    ['||', 0.85],
    ['??', 0.1],
  ],
  '||': [
    ['&&', 0.85],
    ['??', 0.45],
  ],
  '??': [
    ['||', 0.6],
    ['&&', 0.3],
  ],
  and: [['or', 0.85]],
  or: [['and', 0.85]],
};

/** Another operator between the same operands. */
export const arithmetic: Mutator = function* (node) {
  if (!isBinary(node) && node.type !== 'boolean_operator') return;
  const token = node.child('operator');
  if (token === null) return;
  const joinsText = node.parts.some(isString) || (token.type === '%' && isString(node.parts[0]!));
  if (joinsText && token.type !== '||' && token.type !== '??') return;
  yield* alternatives(token, token.type, arithmetics, 'arithmetic');
};

const compounds: Alternatives = {
  '+=': [
    ['-=', 0.75],
    ['=', 0.5],
    ['*=', 0.35],
    ['|=', 0.1],
  ],
  '-=': [
    ['+=', 0.75],
    ['=', 0.5],
    ['/=', 0.1],
  ],
  '*=': [
    ['+=', 0.55],
    ['/=', 0.45],
    ['=', 0.4],
    ['**=', 0.2],
  ],
  '/=': [
    ['//=', 0.7],
    ['*=', 0.55],
    ['=', 0.3],
    ['-=', 0.3],
  ],
  '//=': [
    ['/=', 0.5],
    ['%=', 0.5],
    ['*=', 0.3],
    ['=', 0.3],
    ['-=', 0.3],
  ],
  '%=': [
    ['//=', 0.5],
    ['/=', 0.4],
    ['=', 0.3],
  ],
  '**=': [
    ['*=', 0.6],
    ['=', 0.3],
  ],
  '&=': [
    ['|=', 0.7],
    ['^=', 0.6],
    ['=', 0.4],
  ],
  '|=': [
    ['&=', 0.7],
    ['^=', 0.6],
    ['=', 0.4],
  ],
  '^=': [
    ['&=', 0.75],
    ['|=', 0.6],
    ['=', 0.4],
  ],
  '<<=': [
    ['>>=', 0.7],
    ['=', 0.3],
  ],
  '>>=': [
    ['<<=', 0.7],
    ['>>>=', 0.4],
    ['=', 0.3],
  ],
  '||=': [
    ['&&=', 0.6],
    ['??=', 0.6],
    ['=', 0.4],
  ],
  '??=': [
    ['||=', 0.6],
    ['=', 0.4],
  ],
  '&&=': [
    ['||=', 0.6],
    ['=', 0.4],
  ],
};
const assignments: Alternatives = {
  '=': [
    ['+=', 0.45],
    ['-=', 0.25],
    ['*=', 0.15],
    ['|=', 0.1],
  ],
};
const steps: Alternatives = { '++': [['--', 0.5]], '--': [['++', 0.5]] };

/** `+=` for `-=` or `=`, `++` for `--`. */
export const compound: Mutator = function* (node, names) {
  if (node.type === 'augmented_assignment' || node.type === 'augmented_assignment_expression') {
    const token = node.child('operator');
    if (token !== null) yield* alternatives(token, token.type, compounds, 'compound-assignment');
  }
  if (node.type === 'update_expression') {
    const token = node.child('operator');
    if (token !== null) yield* alternatives(token, token.type, steps, 'compound-assignment');
  }
  if (node.type !== 'assignment' && node.type !== 'assignment_expression') return;
  const left = node.child('left');
  const right = node.child('right');
  const token = node.token('=');
  if (left === null || right === null || token === null || node.child('type') !== null) return;
  if (/assignment|pattern|function|class/.test(left.type + right.type)) return;
  const constructing = /^(?:__init__|constructor)$/.test(names.functionOf(node).child('name')?.text ?? '');
  const before = left.type === 'identifier' ? names.assignedBefore(left) : !constructing;
  if (before) yield* alternatives(token, '=', assignments, 'compound-assignment');
};

const ordered = new Set(['-', '/', '//', '%', '**', '<<', '>>', '>>>', '+', 'in', 'instanceof']);

/** `b - a` for `a - b`; for `+` only where text is joined, because sums do not care. */
export const operandOrder: Mutator = function* (node) {
  const left = node.child('left');
  const right = node.child('right');
  if (!isBinary(node) || left === null || right === null) return;
  const operator = operatorOf(node);
  if (!ordered.has(operator) || isBinary(left)) return;
  if (operator === '%' && isString(left)) return;
  if (operator === '+') {
    if (/^\d+$/.test(right.text) || /^\d+$/.test(left.text)) return;
    yield exchange(left, right, ['operand-order', 0.3]);
  } else yield exchange(left, right, ['operand-order', 0.5]);
};

/** `x` for `-x` and `~x`. */
export const sign: Mutator = function* (node) {
  if (node.type !== 'unary_expression' && node.type !== 'unary_operator') return;
  const argument = node.child('argument');
  const operator = operatorOf(node);
  if (argument === null) return;
  if (operator === '-' || operator === '~') yield replace(node, argument.text, ['arithmetic', 0.5]);
  if (operator === '+') yield replace(node, `-${argument.text}`, ['arithmetic', 0.4]);
};

const scriptOnly = new Set(['===', '!==', '&&', '||', '??', '>>>', '>>>=', '&&=', '||=', '??=']);
const pythonOnly = new Set(['//', '//=']);

function* alternatives(
  token: SyntaxNode,
  operator: string,
  table: Alternatives,
  name: string,
): Generator<Candidate> {
  const foreign = token.source.python ? scriptOnly : pythonOnly;
  for (const [other, weight] of table[operator] ?? []) {
    if (!foreign.has(other)) yield replace(token, other, [name, weight]);
  }
}
