import type { SyntaxNode } from '@tandem/syntax';
import { loopTypes } from '@tandem/syntax';
import { type Candidate, insert, type Mutator, remove, replace } from './candidate.ts';
import { isStatement, leaves, lineEnd, ownsLines, reindented } from './lines.ts';

/** A statement too many, a `break` or `continue` too few, the wrong one of both. */
export const statement: Mutator = function* (node) {
  if (isStatement(node) && node.named && node.type !== 'comment') yield* deletions(node);
  if (node.type === 'break_statement')
    yield replace(node, node.text.replace('break', 'continue'), ['statement', loopOnly(node)]);
  if (node.type === 'continue_statement')
    yield replace(node, node.text.replace('continue', 'break'), ['statement', 0.5]);
  if (node.type === 'if_statement') yield* leaveLoop(node);
  if (node.type === 'switch_case') yield* closeCase(node);
  if (node.type === 'elif_clause') yield* elseIf(node);
  if (node.type === 'else_clause') yield* elseBranch(node);
  if (node.type === 'yield') yield* yields(node);
};

/** `continue` means nothing in a switch outside of a loop. */
const loopOnly = (node: SyntaxNode): number => (node.ancestor(loopTypes) === null ? 0 : 0.5);

const weights: Readonly<Record<string, number>> = {
  return_statement: 0.4,
  break_statement: 0.45,
  continue_statement: 0.45,
  raise_statement: 0.3,
  throw_statement: 0.3,
  expression_statement: 0.35,
  if_statement: 0.25,
  for_statement: 0.1,
  for_in_statement: 0.1,
  while_statement: 0.1,
};

function* deletions(node: SyntaxNode): Generator<Candidate> {
  const weight = weights[node.type];
  if (weight === undefined || node.parts[0]?.type === 'string') return;
  const binds = /^assignment(?:_expression)?$/.test(node.parts[0]?.type ?? '');
  const kind = ['statement', binds ? weight - 0.15 : weight] as const;
  yield deletion(node, kind);
  if (node.type === 'if_statement' && node.child('alternative') === null) yield* unwrapped(node);
}

const deletion = (node: SyntaxNode, kind: readonly [string, number]): Candidate => {
  const { source } = node;
  const only = node.parent!.parts.length === 1 && node.parent!.type === 'block';
  if (only || (source.python && !ownsLines(node))) return replace(node, source.python ? 'pass' : '', kind);
  if (!ownsLines(node)) return replace(node, '', kind);
  const to = Math.min(source.text.length, lineEnd(source, node.end) + 1);
  return remove(node, { from: source.lineStart(node.start), to }, kind);
};

/** What an `if` guards, always done. */
function* unwrapped(node: SyntaxNode): Generator<Candidate> {
  const body = node.child('consequence');
  if (body === null || !ownsLines(node) || body.parts.length !== 1) return;
  const inner = body.parts[0]!;
  const text = reindented(inner, node.source.indentAt(node.start));
  if (text === null || !ownsLines(inner)) return;
  yield { ...replace(node, text, ['statement', 0.25]), start: node.source.lineStart(node.start) };
}

function* leaveLoop(node: SyntaxNode): Generator<Candidate> {
  const loop = node.ancestor(loopTypes);
  const body = node.child('consequence');
  const last = body?.parts.at(-1);
  if (loop === null || last === undefined || leaves(last) || !ownsLines(last) || last.parent !== body) return;
  const indent = node.source.indentAt(last.start);
  const end = node.source.python ? '' : ';';
  for (const word of ['break', 'continue']) {
    yield insert(last, { at: last.end, text: `\n${indent}${word}${end}` }, ['statement', 0.3]);
  }
}

function* closeCase(node: SyntaxNode): Generator<Candidate> {
  const last = node.childrenOf('body').at(-1);
  if (last === undefined || leaves(last) || node.sibling(1)?.named !== true) return;
  yield insert(last, { at: last.end, text: ' break;' }, ['statement', 0.6]);
}

function* elseIf(node: SyntaxNode): Generator<Candidate> {
  const token = node.token('elif');
  if (token !== null) yield replace(token, 'if', ['statement', 0.4]);
}

/** `else if` as an `if` of its own, and the other branch dropped. */
function* elseBranch(node: SyntaxNode): Generator<Candidate> {
  const inner = node.parts[0];
  if (inner?.type === 'if_statement') {
    yield remove(node, { from: node.start, to: inner.start }, ['statement', 0.4]);
  }
  const gap = /\s*$/.exec(node.source.text.slice(0, node.start))![0].length;
  yield remove(node, { from: node.start - gap, to: node.end }, ['statement', 0.2]);
}

function* yields(node: SyntaxNode): Generator<Candidate> {
  const value = node.parts[0];
  if (value === undefined) return;
  const whole = node.token('from') !== null;
  yield replace(node, whole ? `yield ${value.text}` : `yield from ${value.text}`, ['return', 0.4]);
}
