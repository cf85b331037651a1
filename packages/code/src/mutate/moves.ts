import type { SyntaxNode } from '@tandem/syntax';
import { loopTypes } from '@tandem/syntax';
import { type Candidate, exchange, type Mutator, replace } from './candidate.ts';
import { isStatement, lastBlock, ownerOf, ownsLines, reindented } from './lines.ts';

/** A statement one or two blocks further out or in, or before its neighbour. */
export const move: Mutator = function* (node) {
  if (!node.named || node.type === 'comment' || !isStatement(node) || !ownsLines(node)) return;
  if (/^(?:import|export|function|class|decorated|lexical_declaration)/.test(node.type)) {
    if (node.type === 'lexical_declaration') yield* orders(node);
    return;
  }
  yield* outward(node);
  yield* inward(node);
  yield* orders(node);
};

const weightOf = (node: SyntaxNode): number =>
  node.type === 'return_statement' ? 0.75 : node.parts[0]?.type.startsWith('augmented') ? 0.6 : 0.45;

function* outward(node: SyntaxNode): Generator<Candidate> {
  const stays = leavesLoop(node);
  let block = node.parent!;
  if (block.parts.at(-1) !== node || block.parts.length < 2) return;
  for (let depth = 0; depth < 2; depth += 1) {
    const owner = ownerOf(block);
    if (owner === null || owner.end !== block.end || !isStatement(owner)) return;
    if (stays && /^(?:for|while)/.test(owner.type)) return;
    const candidate = node.source.python ? dedent(node, owner) : leaveBraces(node, { block, owner, depth });
    if (candidate !== null) yield { ...candidate, weight: weightOf(node) - depth * 0.1 };
    block = owner.parent!;
    if (block.parts.at(-1) !== owner) return;
  }
}

/** It ends or skips a round of the loop around it, and means nothing outside. */
const leavesLoop = (node: SyntaxNode): boolean =>
  [...node.walk()].some((part) => {
    if (!/^(?:break|continue)_statement$/.test(part.type)) return false;
    const loop = part.ancestor(loopTypes);
    return loop === null || loop.start < node.start;
  });

const dedent = (node: SyntaxNode, owner: SyntaxNode): Candidate | null => {
  const text = reindented(node, node.source.indentAt(owner.start));
  return text === null ? null : lines(node, text, node.end);
};

type Braces = { readonly block: SyntaxNode; readonly owner: SyntaxNode; readonly depth: number };

const leaveBraces = (node: SyntaxNode, { block, owner }: Braces): Candidate | null => {
  const { source } = node;
  const text = reindented(node, source.indentAt(owner.start));
  if (text === null || !source.text.slice(node.end, block.end).includes('}')) return null;
  const rest = source.text.slice(node.end, block.end).replace(/^[ \t]*\n/, '');
  return lines(node, `${rest}\n${text}`, block.end);
};

function* inward(node: SyntaxNode): Generator<Candidate> {
  let before = node.sibling(-1);
  for (let depth = 0; depth < 2 && before !== null; depth += 1) {
    const block = lastBlock(before);
    const inner = block?.parts.at(-1);
    if (block === null || inner === undefined || !ownsLines(inner)) return;
    const text = reindented(node, node.source.indentAt(inner.start));
    if (text === null) return;
    const weight = weightOf(node) - 0.15 - depth * 0.1;
    if (node.source.python) yield { ...lines(node, text, node.end), weight };
    else {
      const closing = node.source.text.slice(inner.end, before.end);
      const outerClosing = node.source.text.slice(before.end, node.start).trim();
      if (depth > 0 || outerClosing !== '') return;
      yield { ...replace(node, `\n${text}${closing}`, ['move', weight]), start: inner.end };
    }
    before = inner;
  }
}

const lines = (node: SyntaxNode, text: string, end: number): Candidate => ({
  ...replace(node, text, ['move', 0]),
  start: node.source.lineStart(node.start),
  end,
});

/** Two neighbours in the other order. */
function* orders(node: SyntaxNode): Generator<Candidate> {
  const next = node.sibling(1);
  if (next === null || !next.named || next.type === 'comment' || !ownsLines(next)) return;
  const simple = /^(?:expression_statement|lexical_declaration|return_statement|variable_declaration)$/;
  const compound = /^(?:if|for|while|for_in)_statement$/;
  if (isDocstring(node) || /^(?:return|import|function|class|decorated|export)/.test(node.type)) return;
  if (simple.test(node.type) && simple.test(next.type) && next.type !== 'return_statement') {
    yield exchange(node, next, ['statement-order', 0.4]);
  } else if (
    compound.test(node.type) &&
    (simple.test(next.type) || compound.test(next.type)) &&
    next.type !== 'return_statement'
  ) {
    yield exchange(node, next, ['statement-order', 0.3]);
  } else if (simple.test(node.type) && compound.test(next.type)) {
    yield exchange(node, next, ['statement-order', 0.3]);
  }
}

const isDocstring = (node: SyntaxNode): boolean =>
  node.parts[0]?.type === 'string' && node.parts.length === 1;
