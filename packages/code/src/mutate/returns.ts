import type { SyntaxNode } from '@tandem/syntax';
import { callTypes, functionTypes } from '@tandem/syntax';
import { type Candidate, insert, type Mutator, replace } from './candidate.ts';
import { calledName, isNumber, mayBeNumber, negated, shifted } from './expression.ts';
import { leaves, ownsLines } from './lines.ts';
import type { Names, ScopedName } from './names-in-scope.ts';

/** What a function gives back: a lost `return`, another local, the opposite, a lost `await`, a missing guard. */
export const returned: Mutator = function* (node, names) {
  if (node.type === 'return_statement') yield* values(node, names);
  if (node.type === 'expression_statement') yield* lostReturn(node, names);
  if (callTypes.has(node.type)) yield* lostAwait(node);
  if (node.type === 'await_expression' || node.type === 'await') {
    const value = node.parts[0];
    if (value !== undefined) yield replace(node, value.text, ['await', 0.2]);
  }
  if (functionTypes.has(node.type)) yield* bodyEnds(node, names);
};

function* values(node: SyntaxNode, names: Names): Generator<Candidate> {
  const value = node.parts[0];
  const locals = names.at(node).filter((name) => name.shape !== 'function');
  if (value === undefined) {
    for (const [rank, { name }] of locals
      .filter((known) => known.kind === 'local')
      .slice(0, 3)
      .entries()) {
      yield insert(node, { at: node.start + 'return'.length, text: ` ${name}` }, [
        'return',
        0.4 - rank * 0.08,
      ]);
    }
    return;
  }
  const shape = value.type === 'identifier' ? names.shapeOf(value) : 'unknown';
  const signed = /^unary/.test(value.type) && value.parts.length === 1 && isNumber(value.parts[0]!);
  if (isNumber(value) || signed) {
    yield* localsFor(value, locals);
    return;
  }
  const truth = /^(?:comparison_operator|boolean_operator|not_operator|true|false)$/.test(value.type);
  if (!truth && shape !== 'list' && shape !== 'number' && !mayNotNegate(value)) {
    yield replace(value, negated(value), ['return', 0.3]);
  }
  if (value.type === 'boolean_operator' || value.type === 'comparison_operator') {
    yield replace(value, `not (${value.text})`, ['return', 0.3]);
  }
  if (
    mayBeNumber(value) &&
    shape !== 'list' &&
    shape !== 'string' &&
    value.type !== 'tuple' &&
    !choice.test(value.text)
  ) {
    for (const [rank, text] of shifted(value).entries())
      yield replace(value, text, ['return', 0.45 - rank * 0.04]);
  }
  if (value.type !== 'identifier') yield* localsFor(value, locals);
}

/** One of two values is rarely a number that is one off. */
const choice = /\?|\bif\b|&&|\|\||\b(?:and|or)\b|=>/;

function* localsFor(value: SyntaxNode, locals: readonly ScopedName[]): Generator<Candidate> {
  for (const [rank, { name }] of locals.slice(0, 4).entries()) {
    yield replace(value, name, ['return', 0.3 - rank * 0.05]);
  }
}

const mayNotNegate = (node: SyntaxNode): boolean =>
  /^(?:string|list|array|object|dictionary|tuple|set|none|null|binary_operator|template_string|jsx|new_expression|.*comprehension)/.test(
    node.type,
  );

function* lostReturn(node: SyntaxNode, names: Names): Generator<Candidate> {
  const value = node.parts[0];
  if (value === undefined || /assign|string|update_expression|yield/.test(value.type)) return;
  const owner = names.functionOf(node);
  if (owner.parent === null) return;
  const name = callTypes.has(value.type) ? calledName(value) : '';
  if (/^(?:print|log|warn|error|append|push|add|sort|reverse|extend|super)$/.test(name)) return;
  const last = owner.child('body')?.parts.at(-1) === node;
  const recursive = name !== '' && name === functionName(owner);
  if (recursive || last)
    yield insert(node, { at: node.start, text: 'return ' }, ['return', recursive ? 0.75 : 0.6]);
  if (recursive && node.source.python) {
    yield insert(node, { at: node.start, text: 'yield from ' }, ['return', 0.4]);
  }
}

const functionName = (owner: SyntaxNode): string =>
  owner.child('name')?.text ?? owner.parent?.child('name')?.text ?? '';

function* lostAwait(node: SyntaxNode): Generator<Candidate> {
  const owner = node.ancestor(functionTypes);
  if (owner?.token('async') == null || node.type === 'new_expression') return;
  if (/^await/.test(node.parent?.type ?? '') || node.parent?.field === 'function') return;
  const member = node.parent?.type === 'member_expression' || node.parent?.type === 'attribute';
  const text = `await ${node.text}`;
  if (
    /^(?:log|len|print|push|append|String|Number|isArray|keys|range|int|str|map|filter)$/.test(
      calledName(node),
    )
  )
    return;
  yield replace(node, member ? `(${text})` : text, ['await', 0.55]);
}

/** A result that is built and not returned; an empty input that is not met. */
function* bodyEnds(node: SyntaxNode, names: Names): Generator<Candidate> {
  const body = node.child('body');
  const statements = body?.parts ?? [];
  const last = statements.at(-1);
  if (body === null || last === undefined || !/block$/.test(body.type) || !ownsLines(last)) return;
  const end = node.source.python ? '' : ';';
  const indent = node.source.indentAt(last.start);
  if (!leaves(last)) {
    const giving = names.at(last).filter((name) => name.kind === 'local' && name.shape !== 'function');
    const base = [...body.walk()].some((part) => part.type === 'return_statement') ? 0.3 : 0.5;
    for (const [rank, { name }] of giving.slice(0, 3).entries()) {
      yield insert(last, { at: last.end, text: `\n${indent}return ${name}${end}` }, [
        'return',
        base - rank * 0.1,
      ]);
    }
  }
  yield* guards(node, { statements, names, indent });
}

type Body = { readonly statements: readonly SyntaxNode[]; readonly names: Names; readonly indent: string };

function* guards(node: SyntaxNode, { statements, names, indent }: Body): Generator<Candidate> {
  const first = statements.find((part) => part.parts[0]?.type !== 'string');
  if (first === undefined || !ownsLines(first)) return;
  const parameters = names
    .at(first)
    .filter((name) => name.kind === 'parameter')
    .slice(0, 2);
  for (const [rank, { name, shape }] of parameters.entries()) {
    const values =
      shape === 'number' ? ['0', '1', name] : shape === 'list' ? ['[]', '0', name] : ['[]', name];
    for (const [place, value] of values.entries()) {
      const weight = 0.22 - 0.05 * rank - 0.03 * place;
      yield insert(first, { at: first.start, text: guard({ node, name, value, shape, indent }) }, [
        'guard',
        weight,
      ]);
    }
  }
}

type Guard = {
  readonly node: SyntaxNode;
  readonly name: string;
  readonly value: string;
  readonly shape: string;
  readonly indent: string;
};

const guard = ({ node, name, value, shape, indent }: Guard): string => {
  if (!node.source.python) {
    const test = shape === 'list' || shape === 'string' ? `${name}.length === 0` : `!${name}`;
    return `if (${test}) return ${value};\n${indent}`;
  }
  return `if not ${name}:\n${indent}${/\t/.test(indent) ? '\t' : '    '}return ${value}\n${indent}`;
};
