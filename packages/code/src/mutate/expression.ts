import type { SyntaxNode } from '@tandem/syntax';

/** Words about expressions that several mutators share. */

const arithmetic = new Set(['+', '-', '*', '/', '//', '%', '**', '@']);
const loose: ReadonlySet<string> = new Set([
  'conditional_expression',
  'ternary_expression',
  'boolean_operator',
  'not_operator',
  'comparison_operator',
  'lambda',
  'arrow_function',
  'assignment_expression',
  'yield',
  'yield_expression',
  'await',
]);

export const operatorOf = (node: SyntaxNode): string => node.child('operator')?.type ?? '';

export const isBinary = (node: SyntaxNode): boolean =>
  node.type === 'binary_expression' || node.type === 'binary_operator';

export const isArithmetic = (node: SyntaxNode): boolean => isBinary(node) && arithmetic.has(operatorOf(node));

export const isNumber = (node: SyntaxNode): boolean => ['number', 'integer', 'float'].includes(node.type);

export const isString = (node: SyntaxNode): boolean =>
  ['string', 'template_string', 'concatenated_string'].includes(node.type);

/** Text that may stand before `+ 1`: sums and products need no parentheses. */
const addend = (node: SyntaxNode): string =>
  loose.has(node.type) || (isBinary(node) && !isArithmetic(node)) ? `(${node.text})` : node.text;

const neverNumbers: ReadonlySet<string> = new Set([
  'string',
  'template_string',
  'concatenated_string',
  'true',
  'false',
  'none',
  'null',
  'undefined',
  'list',
  'array',
  'object',
  'dictionary',
  'set',
  'tuple',
  'regex',
  'not_operator',
  'boolean_operator',
  'comparison_operator',
  'arrow_function',
  'function_expression',
  'lambda',
  'list_comprehension',
  'generator_expression',
  'spread_element',
  'list_splat',
  'keyword_argument',
  'class',
]);

export const mayBeNumber = (node: SyntaxNode): boolean =>
  !neverNumbers.has(node.type) &&
  node.text !== 'None' &&
  node.text !== 'undefined' &&
  !(node.type === 'unary_expression' && ['!', 'typeof'].includes(operatorOf(node)));

/** The expression one more or one less, written as a person would; more than one way where there is one. */
export const shifted = (node: SyntaxNode): readonly string[] => {
  if (isNumber(node)) {
    const value = Number(node.text);
    return Number.isSafeInteger(value) ? [String(value + 1), String(value - 1)] : [];
  }
  if (isBinary(node)) {
    const right = node.child('right');
    const left = node.child('left');
    const sign = operatorOf(node);
    if (right !== null && left !== null && /^\d+$/.test(right.text) && (sign === '+' || sign === '-')) {
      const amount = Number(right.text);
      const flipped = `${left.text} ${sign === '+' ? '-' : '+'} ${amount}`;
      const more = `${left.text} ${sign} ${amount + 1}`;
      return amount === 1 ? [left.text, flipped, more] : [`${left.text} ${sign} ${amount - 1}`, more];
    }
  }
  return [`${addend(node)} - 1`, `${addend(node)} + 1`];
};

/** The name that a call is made by: `f`, or the last name of `a.b.f`. */
export const calledName = (call: SyntaxNode): string => {
  const called = call.child('function') ?? call.child('constructor');
  if (called === null) return '';
  return called.child('property')?.text ?? called.child('attribute')?.text ?? called.text;
};

/** Positional arguments; none where one is spread or named, because their order means something else. */
export const positional = (call: SyntaxNode): readonly SyntaxNode[] => {
  const list = call.child('arguments');
  if (list === null || (list.type !== 'arguments' && list.type !== 'argument_list')) return [];
  const all = list.parts;
  const named = all.findIndex((part) => /keyword_argument|splat|spread/.test(part.type));
  return named === -1 ? all : all.slice(0, named);
};

export const negated = (node: SyntaxNode): string => {
  if (node.source.python) {
    const bare = !['conditional_expression', 'boolean_operator', 'lambda', 'named_expression'].includes(
      node.type,
    );
    return bare ? `not ${node.text}` : `not (${node.text})`;
  }
  const bare =
    /^(?:identifier|member_expression|call_expression|subscript_expression|parenthesized_expression|this|true|false)$/;
  return bare.test(node.type) ? `!${node.text}` : `!(${node.text})`;
};
