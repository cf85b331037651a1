import { type Span, span } from './line.ts';

type Sides = { readonly removed: readonly Span[]; readonly added: readonly Span[] };

/** More pieces than this are compared by their ends alone. */
const pieceLimit = 200;

/** What differs between a removed and an added line, word by word; null where too little is alike to show it. */
export const changedWords = (before: string, after: string): Sides | null => {
  const left = piecesOf(before);
  const right = piecesOf(after);
  if (left.length > pieceLimit || right.length > pieceLimit) return null;
  const keptLeft = new Set<number>();
  const keptRight = new Set<number>();
  for (const [at, other] of commonPieces(left, right)) {
    keptLeft.add(at);
    keptRight.add(other);
  }
  const kept = [...keptLeft].reduce((sum, at) => sum + left[at]!.trim().length, 0);
  const longest = Math.max(before.trim().length, after.trim().length);
  if (kept * 3 < longest) return null;
  return {
    removed: left.map((text, at) => span(text, keptLeft.has(at) ? 'removed' : 'removedWord')),
    added: right.map((text, at) => span(text, keptRight.has(at) ? 'added' : 'addedWord')),
  };
};

const piecesOf = (text: string): readonly string[] => text.match(/\w+|\s+|[^\w\s]/gu) ?? [];

/** Longest common subsequence, as pairs of indices. */
const commonPieces = (
  left: readonly string[],
  right: readonly string[],
): readonly (readonly [number, number])[] => {
  const wide = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * wide);
  for (let at = left.length - 1; at >= 0; at -= 1)
    for (let other = right.length - 1; other >= 0; other -= 1)
      lengths[at * wide + other] =
        left[at] === right[other]
          ? lengths[(at + 1) * wide + other + 1]! + 1
          : Math.max(lengths[(at + 1) * wide + other]!, lengths[at * wide + other + 1]!);
  const pairs: [number, number][] = [];
  let at = 0;
  let other = 0;
  while (at < left.length && other < right.length) {
    if (left[at] === right[other]) pairs.push([at++, other++]);
    else if (lengths[(at + 1) * wide + other]! >= lengths[at * wide + other + 1]!) at += 1;
    else other += 1;
  }
  return pairs;
};
