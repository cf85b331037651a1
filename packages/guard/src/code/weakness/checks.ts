import type { SyntaxNode } from '@tandem/syntax';
import type { Call, Program, TreeCall } from '../program.ts';
import { constantText, has, isConstant, marks, type Value } from '../value.ts';
import type { Certainty, Weakness } from './weakness.ts';

export type Check = (call: TreeCall) => Certainty | null;

const outside = marks.input | marks.fetched | marks.argument;

/** Whoever uses the program chose it. */
export const isTainted = (value: Value | undefined): boolean =>
  value !== undefined && has(value, outside) && !has(value, marks.cleaned) && !isConstant(value);

/** Neither constant nor made harmless, nor a function of the text. */
export const isDynamic = (value: Value | undefined): value is Value =>
  value !== undefined &&
  !isConstant(value) &&
  !has(value, marks.cleaned) &&
  !value.name?.startsWith('local:');

/** Not constant. `otherwise` is the certainty where nothing says who chose the value. */
export const dynamic =
  (at: number, otherwise: Certainty | null = 'high'): Check =>
  (call) => {
    const value = call.args[at];
    if (!isDynamic(value)) return null;
    return isTainted(value) || has(value, marks.built) ? 'high' : otherwise;
  };

/** Only where a request or an answer chose it; a program's own arguments are its user's. */
export const requested =
  (otherwise: Certainty | null, ...places: readonly number[]): Check =>
  (call) => {
    const values = places.flatMap((at) => call.args[at] ?? []).filter(isDynamic);
    if (values.some((value) => has(value, marks.input | marks.fetched))) return 'high';
    return values.length > 0 ? otherwise : null;
  };

export const tainted =
  (...places: readonly number[]): Check =>
  (call) =>
    places.some((at) => isTainted(call.args[at])) ? 'high' : null;

export const always =
  (certainty: Certainty): Check =>
  () =>
    certainty;

export const anyOf =
  (...checks: readonly Check[]): Check =>
  (call) => {
    const found = checks.map((check) => check(call));
    return (
      found.find((certainty) => certainty === 'high') ?? found.find((certainty) => certainty !== null) ?? null
    );
  };

/** A keyword argument, or a field of the options, has this text. */
export const option =
  (names: RegExp, value: RegExp, certainty: Certainty = 'high'): Check =>
  (call) =>
    [...call.named].some(
      ([name, given]) => names.test(name) && value.test(constantText(given) ?? given.name ?? ''),
    )
      ? certainty
      : null;

export const argumentText = (call: Call, at: number): string => constantText(call.args[at]) ?? '';

/** The name that a node's value is kept under, or the function it is made in. */
export const purposeOf = (node: SyntaxNode): string => {
  const names: string[] = [];
  for (let at: SyntaxNode | null = node; at !== null && names.length < 3; at = at.parent) {
    if (
      /^(?:assignment|assignment_expression|variable_declarator|pair|keyword_argument|function_definition|function_declaration|method_definition)$/.test(
        at.type,
      )
    )
      names.push((at.child('left') ?? at.child('name') ?? at.child('key'))?.text ?? '');
  }
  return names.join(' ');
};

/** Nodes of some types, in order of the text. */
export const nodesOf = (program: Program, types: RegExp): readonly SyntaxNode[] => {
  const lists = [...program.named].flatMap(([type, nodes]) => (types.test(type) ? [nodes] : []));
  if (lists.length <= 1) return lists[0] ?? [];
  const wanted = new Set(lists.map((nodes) => nodes[0]!.type));
  return program.nodes.filter((node) => node.named && wanted.has(node.type));
};

export const weakness = (node: SyntaxNode, parts: Omit<Weakness, 'line'>): Weakness => ({
  ...parts,
  line: node.line,
});

/** Key and value of assignments, fields of objects and keyword arguments. */
export function* settings(
  program: Program,
): Generator<{ readonly node: SyntaxNode; readonly key: string; readonly value: SyntaxNode }> {
  for (const node of nodesOf(
    program,
    /^(?:assignment|assignment_expression|variable_declarator|pair|keyword_argument|default_parameter|typed_default_parameter)$/,
  )) {
    const key = node.child('left') ?? node.child('name') ?? node.child('key');
    const value = node.child('right') ?? node.child('value');
    if (key !== null && value !== null)
      yield { node, key: key.text.replace(/^[bru]?['"]|['"]$/g, ''), value };
  }
}
