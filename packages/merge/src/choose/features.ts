import type { Hunk } from '../merge.ts';
import { type Proposal, type Rule, rules } from '../propose/propose.ts';
import { isSorted } from '../propose/sort-lines.ts';
import { type Bag, bagOf, shared, shareOf, sizeOf, without } from '../text/bag.ts';
import { linesOf } from '../text/shape.ts';
import { type FileFacts, type Numbers, wordsOf } from './file-facts.ts';
import { type HunkFacts, likeness, type Read, read } from './hunk-facts.ts';

type Facts = { readonly file: FileFacts; readonly facts: HunkFacts; readonly hunk: Hunk };

/** What each proposal for a hunk is weighed by. */
export const featuresOf = (
  input: Facts & { readonly proposals: readonly Proposal[] },
): readonly Numbers[] => {
  const { file, facts, hunk, proposals } = input;
  const together = { ...file.numbers, ...facts.numbers, ...sayingsOf(proposals) };
  return proposals.map((proposal) => ({
    ...together,
    ...textNumbers(read(proposal.text), input),
    ...orderNumbers(proposal.text, hunk),
    rules: proposal.rules.length,
    ...Object.fromEntries(rules.map((rule) => [`by ${rule}`, Number(proposal.rules.includes(rule))])),
  }));
};

/** Rules that give up where both sides changed the same: that they do not says something about the hunk. */
const cautious: readonly Rule[] = ['structure', 'lines', 'lines and tokens', 'tokens apart', 'tokens'];

/**
 * Whether words that a side added are gone because both changed the same. No text says which of them people want, however
 * often they kept ours.
 */
export const dropsWords = (numbers: Numbers): boolean =>
  !cautious.some((rule) => numbers[`by ${rule}`] === 1) &&
  (numbers['lost of ours'] !== 0 || numbers['lost of theirs'] !== 0);

const sayingsOf = (proposals: readonly Proposal[]): Numbers => {
  const has = (rule: Rule): number => Number(proposals.some((one) => one.rules.includes(rule)));
  return {
    proposals: proposals.length,
    'cautious proposals': proposals.filter((one) => cautious.some((rule) => one.rules.includes(rule))).length,
    'has structure': has('structure'),
    'has tokens': has('tokens'),
  };
};

const textNumbers = (text: Read, { file, facts }: Facts): Numbers => {
  const { base, ours, theirs, added, removed } = facts;
  const honours = (gone: Bag): number => 1 - (sizeOf(gone) === 0 ? 0 : shared(gone, text.bag) / sizeOf(gone));
  return {
    tokens: text.tokens.length,
    'keeps of ours': shareOf(added.ours, text.bag),
    'keeps of theirs': shareOf(added.theirs, text.bag),
    'lost of ours': sizeOf(without(added.ours, text.bag)),
    'lost of theirs': sizeOf(without(added.theirs, text.bag)),
    'removes as ours': honours(removed.ours),
    'removes as theirs': honours(removed.theirs),
    'like ours': likeness(ours, text),
    'like theirs': likeness(theirs, text),
    'like base': likeness(base, text),
    balanced: Number([base, ours, theirs].map(balanceOf).includes(balanceOf(text))),
    ...lineNumbers(text, facts),
    ...wordNumbers(text, facts, file),
  };
};

const lineNumbers = (text: Read, { base, ours, theirs }: HunkFacts): Numbers => {
  const sides = new Set([...ours.lines, ...theirs.lines]);
  const bags = [base, ours, theirs].map(({ lines }) => bagOf(lines));
  const most = (line: string): number => Math.max(...bags.map((bag) => bag.get(line) ?? 0));
  return {
    'lines of nobody': text.lines.filter((line) => !sides.has(line)).length,
    'lines twice': [...bagOf(text.lines)].filter(([line, count]) => count > 1 && count > most(line)).length,
  };
};

/** Words that undisputed text needs and this one lacks; words that a side did away with in the whole file. */
const wordNumbers = (text: Read, { base, ours, theirs }: HunkFacts, { words }: FileFacts): Numbers => {
  const own = new Set(wordsOf(text.tokens));
  const isNew = (word: string): boolean => !base.bag.has(word) && !words.base.has(word);
  const sides = new Set(wordsOf([...ours.bag.keys(), ...theirs.bag.keys()]));
  const dropped = (side: Bag): number =>
    [...own].filter((word) => words.base.has(word) && !side.has(word)).length;
  return {
    'words that are needed': [...sides].filter(
      (word) => !own.has(word) && words.kept.has(word) && isNew(word),
    ).length,
    'words that ours dropped': dropped(words.ours),
    'words that theirs dropped': dropped(words.theirs),
  };
};

/** Lists that are kept in order stay so. */
const orderNumbers = (text: string, hunk: Hunk): Numbers => {
  const [above, below] = [linesOf(hunk.before).slice(-1), linesOf(hunk.after).slice(0, 1)];
  const sorted = (middle: string): boolean => isSorted([...above, ...linesOf(middle), ...below]);
  return {
    sorted: Number(sorted(text)),
    'sorted by versions': Number([hunk.base, hunk.ours, hunk.theirs].every(sorted)),
  };
};

/** How many more brackets of each kind open than close. */
const balanceOf = ({ bag }: Read): string =>
  ['()', '[]', '{}'].map(([open = '', close = '']) => (bag.get(open) ?? 0) - (bag.get(close) ?? 0)).join();
