import { alignRarest } from '../align/histogram.ts';
import type { Hunk } from '../merge.ts';
import { type Bag, bagOf, shareOf, sizeOf, without } from '../text/bag.ts';
import { linesOf } from '../text/shape.ts';
import { bare, keyer, tokensOf } from '../text/tokens.ts';
import { type Numbers, wordsOf } from './file-facts.ts';

/** A text as the tokens and lines that it is compared by. */
export type Read = {
  readonly tokens: readonly string[];
  readonly bag: Bag;
  /** Blanks aside, without blank lines and lone signs. */
  readonly lines: readonly string[];
};

export type HunkFacts = {
  readonly numbers: Numbers;
  readonly base: Read;
  readonly ours: Read;
  readonly theirs: Read;
  /** Tokens that a side added to the base, and removed from it. */
  readonly added: { readonly ours: Bag; readonly theirs: Bag };
  readonly removed: { readonly ours: Bag; readonly theirs: Bag };
};

export const hunkFacts = (hunk: Hunk): HunkFacts => {
  const [base, ours, theirs] = [read(hunk.base), read(hunk.ours), read(hunk.theirs)];
  const added = { ours: without(ours.bag, base.bag), theirs: without(theirs.bag, base.bag) };
  const removed = { ours: without(base.bag, ours.bag), theirs: without(base.bag, theirs.bag) };
  const numbers = {
    'base lines': linesOf(hunk.base).length,
    'ours lines': linesOf(hunk.ours).length,
    'theirs lines': linesOf(hunk.theirs).length,
    'base tokens': base.tokens.length,
    'ours tokens': ours.tokens.length,
    'theirs tokens': theirs.tokens.length,
    'ours tokens added': sizeOf(added.ours),
    'theirs tokens added': sizeOf(added.theirs),
    'ours tokens removed': sizeOf(removed.ours),
    'theirs tokens removed': sizeOf(removed.theirs),
    'tokens ours added, theirs too': shareOf(added.ours, added.theirs),
    'tokens theirs added, ours too': shareOf(added.theirs, added.ours),
    'tokens ours removed, theirs too': shareOf(removed.ours, removed.theirs),
    'tokens theirs removed, ours too': shareOf(removed.theirs, removed.ours),
    'tokens ours added, theirs has': shareOf(added.ours, theirs.bag),
    'tokens theirs added, ours has': shareOf(added.theirs, ours.bag),
    'ours like theirs': likeness(ours, theirs),
    'ours like base': likeness(ours, base),
    'theirs like base': likeness(theirs, base),
    'new words of ours': wordsOf([...added.ours.keys()]).length,
    'new words of theirs': wordsOf([...added.theirs.keys()]).length,
    'longest line': [hunk.base, hunk.ours, hunk.theirs].flatMap(linesOf).reduce(longest, 0),
  };
  return { numbers, base, ours, theirs, added, removed };
};

export const read = (text: string): Read => {
  const tokens = tokensOf(text).list.map((token) => token.text);
  const lines = linesOf(text)
    .map(bare)
    .filter((line) => line.length > 4);
  return { tokens, bag: bagOf(tokens), lines };
};

/** Past this many tokens alignment costs more than a hunk is worth; such hunks are generated. */
const maxTokens = 20_000;

/** From 0, nothing in common, to 1, the same but for blanks. */
export const likeness = (a: Read, b: Read): number => {
  const size = a.tokens.length + b.tokens.length;
  if (size > maxTokens) return (2 * Math.min(a.tokens.length, b.tokens.length)) / size / 2;
  const key = keyer();
  const runs = alignRarest(a.tokens.map(key), b.tokens.map(key));
  return (2 * runs.reduce((sum, { length }) => sum + length, 0)) / Math.max(1, size);
};

const longest = (most: number, line: string): number => Math.max(most, line.length);
