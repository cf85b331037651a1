import type { Mutation } from '@tandem/core';
import { loadGrammar, parse, type Source, type SyntaxNode } from '@tandem/syntax';
import { boundary } from './boundary.ts';
import { argument, methodSwap, missingWrap } from './calls.ts';
import type { Candidate, Mutator } from './candidate.ts';
import { condition } from './conditions.ts';
import { constant } from './constants.ts';
import { move } from './moves.ts';
import { nameSwap } from './name-swaps.ts';
import { Names } from './names-in-scope.ts';
import { arithmetic, comparison, compound, operandOrder, sign } from './operators.ts';
import { returned } from './returns.ts';
import { statement } from './statements.ts';
import { startChecker } from './still-parses.ts';
import { term } from './terms.ts';

const mutators: readonly Mutator[] = [
  comparison,
  boundary,
  arithmetic,
  compound,
  operandOrder,
  sign,
  condition,
  constant,
  nameSwap,
  argument,
  methodSwap,
  missingWrap,
  returned,
  statement,
  move,
  term,
];

export type MutationOptions = { readonly lines?: ReadonlySet<number>; readonly limit: number };

/**
 * Texts one small edit away, each of which undoes a bug that people make. Likely ones first, no two alike, none with
 * a syntax error that the text did not have.
 */
export const mutations = async (
  path: string,
  text: string,
  options: MutationOptions,
): Promise<readonly Mutation[]> => {
  const source = await parse(path, text);
  if (source === null || options.limit <= 0) return [];
  const ordered = byLikelihood(proposals(source, options.lines ?? null));
  const checker = startChecker(await loadGrammar(source.language), source);
  try {
    return take({ source, ordered, limit: options.limit, parses: checker.parses });
  } finally {
    checker.close();
  }
};

type Taking = {
  readonly source: Source;
  readonly ordered: readonly Candidate[];
  readonly limit: number;
  readonly parses: (candidate: Candidate, text: string) => boolean;
};

const take = ({ source, ordered, limit, parses }: Taking): readonly Mutation[] => {
  const seen = new Set([source.text]);
  const taken: Mutation[] = [];
  for (const candidate of ordered) {
    if (taken.length >= limit) break;
    const text = source.text.slice(0, candidate.start) + candidate.text + source.text.slice(candidate.end);
    if (seen.has(text)) continue;
    seen.add(text);
    if (parses(candidate, text)) taken.push(toMutation(source, candidate, text));
  }
  return taken;
};

/** Types, imports and decorators hold no behaviour of the kind that a small edit repairs. */
const skipped =
  /^(?:comment|import_statement|import_from_statement|future_import_statement|type_annotation|type_arguments|type_parameters|type|interface_declaration|type_alias_declaration|ambient_declaration|decorator|as_pattern_target|jsx_text|string_content|string_fragment)$/;

function* proposals(source: Source, lines: ReadonlySet<number> | null): Generator<Candidate> {
  const names = new Names(source);
  const stack: SyntaxNode[] = [source.root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (skipped.test(node.type)) continue;
    for (let at = node.children.length - 1; at >= 0; at -= 1) stack.push(node.children[at]!);
    if (!node.named || node === source.root) continue;
    if (lines !== null && !touches(node, lines)) continue;
    for (const mutator of mutators) {
      for (const candidate of mutator(node, names)) {
        if (candidate.weight > 0 && (lines === null || lines.has(candidate.node.line))) yield candidate;
      }
    }
  }
}

const touches = (node: SyntaxNode, lines: ReadonlySet<number>): boolean => {
  const end = node.endLine;
  for (let line = node.line; line <= end; line += 1) if (lines.has(line)) return true;
  return false;
};

/** So many of one operator halve the chance of its next: a file full of comparisons must not crowd out the rest. */
const crowding = 25;

const byLikelihood = (all: Iterable<Candidate>): readonly Candidate[] => {
  const counts = new Map<string, number>();
  const scored = [...all]
    .toSorted((a, b) => b.weight - a.weight)
    .map((candidate) => {
      const count = counts.get(candidate.operator) ?? 0;
      counts.set(candidate.operator, count + 1);
      return { candidate, score: candidate.weight / (1 + count / crowding) };
    });
  return scored.toSorted((a, b) => b.score - a.score).map(({ candidate }) => candidate);
};

/** What a person is shown of an edit: longer ones are cut. */
const maxShown = 200;

const toMutation = (source: Source, candidate: Candidate, text: string): Mutation => {
  const { start, end } = candidate;
  const whole = start === end || candidate.text === '';
  const lineFrom = whole ? source.lineStart(start) : start;
  const lineTo = whole ? nextBreak(source.text, end) : end;
  const before = source.text.slice(lineFrom, lineTo);
  const after = text.slice(lineFrom, lineTo + text.length - source.text.length);
  return {
    text,
    line: candidate.node.line,
    operator: candidate.operator,
    before: shown(before),
    after: shown(after),
  };
};

/** Without empty lines around; a statement keeps its indent, because a move changes nothing else. */
const shown = (text: string): string =>
  text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .slice(0, maxShown);

const nextBreak = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};
