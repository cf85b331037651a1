import { type Bracket, type Brackets, bracketsOf } from './brackets.ts';
import type { Edit, Side } from './edit.ts';
import type { Token } from './lexer.ts';

/** One place where a change takes some tokens out and puts others in; what is alike around them is left off. */
export type Splice = {
  readonly gone: readonly Token[];
  readonly come: readonly Token[];
  /** Where `gone` begins among the tokens before. */
  readonly at: number;
  /** Where `come` begins among the tokens after. */
  readonly to: number;
  /** The stretch of lines after that it stands in, 0-based. */
  readonly line: number;
};

/** A fragment that can be asked what stands around a token. */
export type Ground = { readonly side: Side; readonly brackets: Brackets; readonly python: boolean };

export const groundOf = (edit: Edit, side: Side): Ground => ({
  side,
  brackets: bracketsOf(side.tokens),
  python: edit.family === 'python',
});

/** More than this is not one change of one thing. */
const maxCome = 60;
const maxGone = 400;

/** The splices of a change that are small enough to be one change of one thing. */
export const splicesOf = (edit: Edit): readonly Splice[] => {
  const before = starts(edit.before);
  const after = starts(edit.after);
  return edit.blocks.flatMap(({ beforeStart, beforeEnd, afterStart, afterEnd }) => {
    const old = edit.before.tokens.slice(before(beforeStart), before(beforeEnd));
    const now = edit.after.tokens.slice(after(afterStart), after(afterEnd));
    const { gone, come, head } = spliceOf(old, now);
    if (gone.length + come.length === 0 || come.length > maxCome || gone.length > maxGone) return [];
    const to = after(afterStart) + head;
    return [{ gone, come, at: before(beforeStart) + head, to, line: come[0]?.line ?? afterStart }];
  });
};

/** What differs between two texts once what is alike at both ends is left off. */
export const spliceOf = (
  old: readonly Token[],
  now: readonly Token[],
): { readonly gone: readonly Token[]; readonly come: readonly Token[]; readonly head: number } => {
  const head = alike(old, now);
  const tail = alike(old.slice(head).reverse(), now.slice(head).reverse());
  return { gone: old.slice(head, old.length - tail), come: now.slice(head, now.length - tail), head };
};

/** Index of the first token at or after a line. */
const starts = ({ tokens, lines }: Side): ((line: number) => number) => {
  const first = new Array<number>(lines.length + 1).fill(tokens.length);
  for (let index = tokens.length - 1; index >= 0; index -= 1) first[tokens[index]!.line] = index;
  for (let line = lines.length - 1; line >= 0; line -= 1)
    first[line] = Math.min(first[line]!, first[line + 1]!);
  return (line) => first[Math.min(line, lines.length)]!;
};

const alike = (one: readonly Token[], other: readonly Token[]): number => {
  let count = 0;
  while (count < one.length && count < other.length && one[count]!.text === other[count]!.text) count += 1;
  return count;
};

/** A condition is read this far, and so is what it leads to. */
const reach = 60;

/** The condition that a token stands in, and what it leads to. */
export type Condition = {
  readonly head: string;
  readonly test: readonly Token[];
  readonly outcome: readonly Token[];
};

export const conditionAt = (ground: Ground, index: number): Condition | null => {
  const keyword = keywordBefore(ground, index);
  return keyword === -1 ? null : readCondition(ground, keyword);
};

/** What begins a condition, or the value that a function answers with. */
const openers = /^(?:if|elif|unless|return|assert|while)$/;

const keywordBefore = ({ side, brackets, python }: Ground, index: number): number => {
  const { tokens } = side;
  for (let at = Math.min(index, tokens.length - 1); at >= Math.max(0, index - reach); at -= 1) {
    const { text } = tokens[at]!;
    if (openers.test(text)) return at;
    if (at === index) continue;
    const isEnd = python
      ? text === ':' && brackets.around[at] === null && tokens[at]!.line < (tokens[index]?.line ?? 0)
      : /^[;{}]$/.test(text);
    if (isEnd) return -1;
  }
  return -1;
};

const readCondition = (ground: Ground, keyword: number): Condition => {
  const { tokens } = ground.side;
  const head = tokens[keyword]!.text;
  const end = endOfTest(ground, keyword);
  return {
    head,
    test: tokens.slice(keyword + 1, end),
    outcome: head === 'return' || head === 'assert' ? [] : consequence(ground, keyword, end),
  };
};

const endOfTest = ({ side, brackets, python }: Ground, keyword: number): number => {
  const { tokens } = side;
  if (!python && tokens[keyword + 1]?.text === '(' && tokens[keyword]!.text !== 'return')
    return (brackets.opened.get(keyword + 1)?.close ?? tokens.length) + 1;
  const around = brackets.around[keyword] ?? null;
  let at = keyword + 1;
  while (at < tokens.length && at < keyword + reach) {
    const isInside = (brackets.around[at] ?? null) !== around;
    if (!isInside && /^[;:}]$/.test(tokens[at]!.text)) break;
    if (!isInside && tokens[at]!.line > tokens[at - 1]!.line && at > keyword + 1) break;
    at += 1;
  }
  return at;
};

const consequence = (ground: Ground, keyword: number, end: number): readonly Token[] => {
  const { side, brackets, python } = ground;
  const { tokens, lines } = side;
  if (!python) {
    const block = brackets.opened.get(end);
    const line = tokens[end]?.line ?? 0;
    const isBlock = block !== undefined && tokens[end]!.text === '{';
    return tokens
      .slice(end, Math.min((isBlock ? block.close : null) ?? tokens.length, end + reach))
      .filter((token) => isBlock || token.line <= line + 1);
  }
  const margin = marginOf(lines[tokens[keyword]!.line]!);
  const from = tokens[end]?.line ?? 0;
  let until = from + 1;
  while (until < lines.length && (lines[until]!.trim() === '' || marginOf(lines[until]!) > margin))
    until += 1;
  return tokens.slice(end + 1, end + reach).filter((token) => token.line < until);
};

const marginOf = (line: string): number => line.length - line.trimStart().length;

/** The head of the block that a token stands in: `if`, `catch`, `except`, the name of a function; '' where it is not shown. */
export const blockAt = (ground: Ground, index: number): { readonly head: string; readonly line: number } => {
  const { side, brackets, python } = ground;
  const { tokens, lines } = side;
  const none = { head: '', line: -1 };
  if (python) {
    const line = tokens[index]?.line ?? 0;
    const margin = marginOf(lines[line] ?? '');
    for (let above = line - 1; above >= 0; above -= 1) {
      const text = lines[above]!;
      if (/^\s*(?:[)\]}]|$)/.test(text) || marginOf(text) >= margin) continue;
      return { head: /^\s*(?:async\s+)?(?:def\s+)?(\w+)/.exec(text)?.[1] ?? '', line: above };
    }
    return none;
  }
  const around = nearestBlock(tokens, brackets.around[index] ?? null);
  if (around !== null) return { head: around.head, line: tokens[around.open]!.line };
  return none;
};

const nearestBlock = (tokens: readonly Token[], bracket: Bracket | null): Bracket | null => {
  let at = bracket;
  while (at !== null && tokens[at.open]!.text !== '{') at = at.parent;
  return at;
};
