import type { SyntaxNode } from '@tandem/syntax';
import { functionTypes } from '@tandem/syntax';
import { type Candidate, type Mutator, replace } from './candidate.ts';
import { isNumber, isString } from './expression.ts';

/** Another number, truth, text or empty value where one is written. */
export const constant: Mutator = function* (node, names) {
  if (isNumber(node)) yield* numbers(node, names.functionOf(node));
  else if (node.type === 'true' || node.type === 'false') yield truth(node);
  else if (node.type === 'string') yield* strings(node, names.functionOf(node));
  else if (node.type === 'identifier' && node.text === 'Infinity') {
    const signed = node.parent?.type === 'unary_expression';
    yield signed
      ? replace(node.parent!, 'Infinity', ['constant', 0.55])
      : replace(node, '-Infinity', ['constant', 0.55]);
    yield replace(signed ? node.parent! : node, '0', ['constant', 0.3]);
  } else if (node.type === 'call' && /^float\(\s*['"]inf['"]\s*\)$/.test(node.text)) {
    if (node.parent?.type !== 'unary_operator') yield replace(node, `-${node.text}`, ['constant', 0.55]);
  } else yield* emptyValues(node);
};

function* numbers(node: SyntaxNode, owner: SyntaxNode): Generator<Candidate> {
  const value = Number(node.text.replaceAll('_', ''));
  if (Number.isNaN(value) || isCovered(node)) return;
  const base = isInitial(node) ? 0.65 : 0.55;
  if (!Number.isSafeInteger(value)) {
    yield replace(node, String(value + 1), ['constant', 0.25]);
    yield replace(node, String(Number((value * 10).toPrecision(12))), ['constant', 0.25]);
    yield replace(node, String(Number((value / 10).toPrecision(12))), ['constant', 0.25]);
    return;
  }
  const near = value === 0 ? [1, -1] : value === 1 ? [0, 2, -1] : [value + 1, value - 1];
  for (const [rank, other] of near.entries())
    yield replace(node, String(other), ['constant', base - rank * 0.1]);
  if (isInitial(node)) {
    const infinite = node.source.python ? "float('inf')" : 'Infinity';
    yield replace(node, infinite, ['constant', 0.2]);
    yield replace(node, `-${infinite}`, ['constant', 0.25]);
  }
  if (value > 1) {
    yield replace(node, '1', ['constant', 0.25]);
    yield replace(node, '0', ['constant', 0.25]);
    if (node.parent !== null && !/^unary/.test(node.parent.type)) {
      yield replace(node, `-${node.text}`, ['constant', 0.15]);
    }
    if (value >= 10) yield replace(node, String(value * 10), ['constant', 0.2]);
    if (value >= 10 && value % 10 === 0) yield replace(node, String(value / 10), ['constant', 0.25]);
  }
  const others = literalsOf(owner).numbers.filter((text) => text !== node.text);
  for (const other of others.slice(0, 4)) yield replace(node, other, ['constant', 0.35]);
}

/** Numbers that the boundary rules already move by one, so that only others are worth a try here. */
const isCovered = (node: SyntaxNode): boolean => node.parent?.type === 'slice';

/** `total = 0` and `let total = 0`: what an accumulator starts from. */
const isInitial = (node: SyntaxNode): boolean =>
  (node.parent?.type === 'variable_declarator' && node.field === 'value') ||
  (node.parent?.type === 'assignment' && node.field === 'right');

const truth = (node: SyntaxNode): Candidate => {
  const [yes, no] = node.source.python ? ['True', 'False'] : ['true', 'false'];
  return replace(node, node.type === 'true' ? no : yes, ['constant', 0.7]);
};

function* strings(node: SyntaxNode, owner: SyntaxNode): Generator<Candidate> {
  if (isDocumentation(node) || node.text.length > 60 || /^[rbfu]*(?:"""|''')/i.test(node.text)) return;
  if (node.children.some((child) => child.type === 'interpolation')) return;
  const quote = node.text.at(-1) ?? "'";
  const prefix = node.text.slice(0, node.text.indexOf(quote));
  const content = node.text.slice(prefix.length + 1, -1);
  const write = (text: string): string => prefix + quote + text + quote;
  if (content === '') yield replace(node, write(' '), ['constant', 0.35]);
  if (content === ' ') yield replace(node, write(''), ['constant', 0.4]);
  if (content.length > 1 && content.trim() !== content)
    yield replace(node, write(content.trim()), ['constant', 0.25]);
  if (/^[a-z]+$/.test(content)) yield replace(node, write(content.toUpperCase()), ['constant', 0.15]);
  if (/^[A-Z]+$/.test(content)) yield replace(node, write(content.toLowerCase()), ['constant', 0.15]);
  const others = literalsOf(owner).strings;
  for (const other of others.filter((text) => text !== node.text && text.length < 40).slice(0, 4)) {
    yield replace(node, other, ['constant', 0.3]);
  }
  if (content !== '' && content !== ' ') yield replace(node, write(''), ['constant', 0.1]);
}

const isDocumentation = (node: SyntaxNode): boolean =>
  /^(?:expression_statement|import_statement|export_statement|import_from_statement|literal_type)$/.test(
    node.parent?.type ?? '',
  );

type Literals = { readonly numbers: readonly string[]; readonly strings: readonly string[] };
const literalCache = new WeakMap<SyntaxNode, Literals>();
/** More different literals of one function are a table, and no hint. */
const maxLiterals = 8;

/** The literals of a function, each once, in order; not those of functions in it. */
const literalsOf = (owner: SyntaxNode): Literals => {
  const known = literalCache.get(owner);
  if (known !== undefined) return known;
  const numbers = new Set<string>();
  const strings = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    for (const child of node.children) {
      if (isNumber(child)) numbers.add(child.text);
      else if (child.type === 'string' && !isDocumentation(child)) strings.add(child.text);
      else if (!functionTypes.has(child.type)) visit(child);
    }
  };
  visit(owner);
  const found = {
    numbers: [...numbers].slice(0, maxLiterals),
    strings: [...strings].slice(0, maxLiterals),
  };
  literalCache.set(owner, found);
  return found;
};

/** `None` for a value, `[[]]` for `[]`, `{}` for `[]`. */
function* emptyValues(node: SyntaxNode): Generator<Candidate> {
  const list = node.type === 'list' || node.type === 'array';
  if (list && node.parts.length === 0) {
    yield replace(node, '[[]]', ['constant', node.parent?.type === 'return_statement' ? 0.45 : 0.25]);
    yield replace(node, '{}', ['constant', 0.1]);
    yield replace(node, '[0]', ['constant', 0.15]);
    yield replace(node, '[1]', ['constant', 0.15]);
  }
  if (list && node.parts.length > 1) {
    const [first, second] = node.parts;
    if (node.parts.length === 2 && first !== undefined && second !== undefined && !isString(first)) {
      yield {
        ...replace(node, `[${second.text}, ${first.text}]`, ['operand-order', 0.3]),
      };
    }
  }
  const nothing = node.type === 'none' || node.type === 'null';
  if (!nothing || node.parent?.type === 'comparison_operator') return;
  yield replace(node, '0', ['constant', 0.15]);
  yield replace(node, '[]', ['constant', 0.15]);
  yield replace(node, node.source.python ? 'False' : 'undefined', ['constant', 0.15]);
}
