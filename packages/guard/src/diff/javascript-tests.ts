import { isAssertion, isConstant, isOwnCheck } from './assertions.ts';
import { isOverdone, isUnawaited } from './async-assertions.ts';
import { type Bracket, type Brackets, bracketsOf } from './brackets.ts';
import type { Side } from './edit.ts';
import type { Token } from './lexer.ts';
import type { TestFact } from './test-facts.ts';

/** Tests and assertions of JavaScript and TypeScript in the style of Jest, Mocha, Vitest, AVA, tap and QUnit. */
export const javascriptFacts = (side: Side): readonly TestFact[] => {
  const code: Code = { tokens: side.tokens, brackets: bracketsOf(side.tokens) };
  const titles = new TitlesSeen(code, side);
  return side.tokens.flatMap((token, index) => {
    if (token.kind !== 'word') return [];
    const chain = chainAt(side.tokens, index);
    const facts = chain === null ? pendingFacts(side.tokens, index) : caseFacts(code, index, chain);
    const twice: readonly TestFact[] =
      chain !== null && titles.has(index, chain)
        ? [{ type: 'duplicate', text: chain.title, line: token.line }]
        : [];
    return isAssertion(side.tokens, index)
      ? [...facts, ...twice, ...assertionFacts(code, index)]
      : [...facts, ...twice];
  });
};

/** Titles of tests by the block that they stand in, where that is known to be one block. */
class TitlesSeen {
  readonly #code: Code;
  readonly #isWhole: boolean;
  readonly #seen = new Map<Bracket | null, Set<string>>();

  constructor(code: Code, side: Side) {
    this.#code = code;
    this.#isWhole = side.hunks.length === 1 && side.numberOf(0) === 1;
  }

  /** Notes the title; true where the block has had it. */
  has(index: number, { words, call, title }: Chain): boolean {
    const token = this.#code.tokens[call + 1];
    const isFixed = token?.kind === 'string' && !/^`[\s\S]*\$\{|%[sdifjop]/.test(token.text);
    if (!caseWord.test(words[0]!) || !isFixed || words.some((word) => /^(?:each|for)$/.test(word)))
      return false;
    const block = this.#code.brackets.around[index] ?? null;
    if (block === null && !this.#isWhole) return false;
    const titles = this.#seen.get(block) ?? new Set();
    this.#seen.set(block, titles);
    if (titles.has(title)) return true;
    titles.add(title);
    return false;
  }
}

/** Jasmine's way to skip from within. */
const pendingFacts = (tokens: readonly Token[], index: number): readonly TestFact[] => {
  const isCall = tokens[index + 1]?.text === '(' && !/^(?:\.|function)$/.test(tokens[index - 1]?.text ?? '');
  const { text, line } = tokens[index]!;
  return text === 'pending' && isCall ? [{ type: 'skip', text, line }] : [];
};

type Code = { readonly tokens: readonly Token[]; readonly brackets: Brackets };

/** `it.only.each(table)('title', …)`: its words, and the bracket of the call that has the title. */
type Chain = { readonly words: readonly string[]; readonly call: number; readonly title: string };

const caseWord = /^(?:[xf]?(?:it|test)|specify|xspecify)$/;
const suiteWord = /^(?:[xf]?describe|[xf]?context|suite|feature)$/;
const skipWord = /^(?:skip|todo|fixme|fails|failing|xit|xtest|xdescribe|xspecify|xcontext|pending)$/;
const focusWord = /^(?:only|fit|ftest|fdescribe|fcontext)$/;
const hookWord =
  /^(?:before|after|beforeEach|afterEach|beforeAll|afterAll|teardown|setup|use|step|extend|setTimeout)$/;
const owners = /^(?:QUnit|tap|t|Deno|test|self|common|serial)$/;

const chainAt = (tokens: readonly Token[], index: number): Chain | null => {
  const head = tokens[index]!.text;
  if (!caseWord.test(head) && !suiteWord.test(head)) return null;
  if (tokens[index - 1]?.text === '.' && !owners.test(tokens[index - 2]?.text ?? '')) return null;
  const words = [head];
  let at = index + 1;
  for (; ; at = afterTable(tokens, at, words.at(-1)!)) {
    if (tokens[at]?.text === '.' && tokens[at + 1]?.kind === 'word') {
      words.push(tokens[at + 1]!.text);
      at += 2;
    } else if (tokens[at]?.text === '[' && tokens[at + 1]?.kind === 'string') {
      words.push(tokens[at + 1]!.text.slice(1, -1));
      at += 3;
    } else break;
  }
  if (tokens[at]?.text !== '(' || words.some((word) => hookWord.test(word))) return null;
  const [first, second, third] = tokens.slice(at + 1, at + 4);
  if (first === undefined) return null;
  const isNamed = first.kind === 'word' && first.text !== 'async' && first.text !== 'function';
  const hasCallback = second?.text === ',' && /^(?:async|function|\()$/.test(third?.text ?? '');
  if (first.kind !== 'string' && !(isNamed && (words.length > 1 || hasCallback))) return null;
  return { words, call: at, title: first.text };
};

/** Past the rows of `each`, a tagged template or a call. */
const afterTable = (tokens: readonly Token[], open: number, word: string): number => {
  if (!/^(?:each|skipIf|runIf|for)$/.test(word)) return open;
  if (tokens[open]?.kind === 'string') return open + 1;
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]!.text === '(') depth += 1;
    if (tokens[at]!.text === ')') depth -= 1;
    if (depth === 0) return tokens[at]!.text === ')' ? at + 1 : open;
  }
  return open;
};

const caseFacts = ({ tokens, brackets }: Code, index: number, chain: Chain): readonly TestFact[] => {
  const { words, call, title } = chain;
  const types: TestFact['type'][] = [];
  const isCase = caseWord.test(words[0]!);
  if (isCase) types.push('case');
  if (words.some((word) => focusWord.test(word))) types.push('focus');
  if (words.some((word) => /^(?:skipIf|runIf)$/.test(word))) types.push('skipIf');
  if (words.some((word) => skipWord.test(word))) types.push('skip');
  else if (isCase) {
    const close = brackets.opened.get(call)?.close ?? null;
    const emptiness = close === null ? null : emptinessOf(tokens.slice(call + 1, close));
    if (emptiness !== null) types.push(emptiness);
    if (isOverdone({ tokens, brackets }, call)) types.push('overdone');
  }
  return types.map((type) => ({ type, text: title, line: tokens[index]!.line }));
};

/** Longer tests check through something that is not known here. */
const shortBody = 40;

/** A title without a test, or a test without a check. */
const emptinessOf = (body: readonly Token[]): 'skip' | 'bare' | null => {
  if (body.every((token) => !/^(?:\{|=>|,)$/.test(token.text))) return 'skip';
  if (body.length > shortBody || body.every((token) => !/^(?:\{|=>)$/.test(token.text))) return null;
  const checks = body.some((token, at) => {
    const isHanded = /^(?:done|t|assert|tt|cb)$/.test(token.text) && /^[(,]$/.test(body[at - 1]?.text ?? '');
    return isHanded || isAssertion(body, at) || isOwnCheck(body, at);
  });
  return checks ? null : 'bare';
};

const assertionFacts = (code: Code, index: number): readonly TestFact[] => {
  const { tokens } = code;
  const end = statementEnd(code, index);
  const statement = tokens.slice(index, end);
  const text = statement
    .slice(0, 60)
    .map((token) => token.text)
    .join(' ');
  const types: TestFact['type'][] = ['assertion'];
  if (isConstant(statement)) types.push('constant');
  if (isIdle(code, index)) types.push('idle');
  if (isUnawaited(code, index, end)) types.push('unawaited');
  const place = placeOf(code, index);
  if (place !== null) types.push(place);
  return types.map((type) => ({ type, text, line: tokens[index]!.line }));
};

const maxStatement = 200;

/** Where the statement of an assertion ends: at a semicolon, where its bracket closes, or with its line. */
const statementEnd = ({ tokens, brackets }: Code, index: number): number => {
  const around = brackets.around[index] ?? null;
  const limit = Math.min(tokens.length, index + maxStatement);
  for (let at = index + 1; at < limit; at += 1) {
    const token = tokens[at]!;
    if (around !== null && around.close === at) return at;
    if (brackets.around[at] !== around) continue;
    const isNextLine = token.line > tokens[at - 1]!.line && token.kind === 'word';
    if (token.text === ';' || (isNextLine && !/^(?:[.,=+([]|=>)$/.test(tokens[at - 1]!.text))) return at;
  }
  return limit;
};

const matcher = /^(?:to(?:Be|Equal|Have|Throw|Match|Contain|StrictEqual)\w*|not|resolves|rejects)$/;

/** `expect(value)` with nothing after it, or with a matcher that is not called. A number plans how many will come. */
const isIdle = ({ tokens, brackets }: Code, index: number): boolean => {
  if (tokens[index]!.text !== 'expect' || tokens[index - 1]?.text === '.') return false;
  const close = brackets.opened.get(index + 1)?.close ?? null;
  const next = tokens[(close ?? 0) + 1];
  if (close === null || next === undefined || tokens[index + 2]?.kind === 'number') return false;
  // `expect(value, 'to be', 3)`: the matcher is an argument.
  const isWhole = tokens
    .slice(index + 2, close)
    .some(({ kind }, at, all) => kind === 'string' && all[at - 1]?.text === ',');
  if (isWhole) return false;
  let at = close + 1;
  while (/^[.([]$/.test(tokens[at]?.text ?? '')) {
    const bracket = brackets.opened.get(at);
    if (bracket?.close === null) return false;
    at = bracket === undefined ? at + 2 : bracket.close + 1;
  }
  if (at === close + 1) return /^[;})]$/.test(next.text) || next.line > tokens[close]!.line;
  return tokens[at - 2]?.text === '.' && matcher.test(tokens[at - 1]!.text);
};

/** Whether a test may end without having reached its assertion, or without anybody hearing that it failed. */
const placeOf = (code: Code, index: number): 'conditional' | 'swallowed' | null => {
  const { tokens, brackets } = code;
  const isExpect = tokens[index]!.text === 'expect';
  const previous = tokens[index - 1]?.text ?? '';
  let isConditional = isExpect && /^(?:&&|\|\||else|\?)$/.test(previous);
  for (let bracket = brackets.around[index] ?? null; bracket !== null; bracket = bracket.parent) {
    if (caseWord.test(bracket.head)) return isConditional ? 'conditional' : null;
    if (tokens[bracket.open]!.text !== '{') continue;
    if (bracket.head === 'if' || bracket.head === 'else') isConditional ||= isExpect;
    if (bracket.head === 'catch' && !failsBefore(tokens, bracket)) isConditional ||= isExpect;
    if (bracket.head === 'try' && isSwallowing(code, bracket)) return 'swallowed';
  }
  return null;
};

/** The block before a `catch` fails at its end, or assertions are counted: then the `catch` is reached. */
const failsBefore = (tokens: readonly Token[], block: Bracket): boolean =>
  tokens
    .slice(Math.max(0, block.open - 80), block.open)
    .some(({ text }) =>
      /^(?:throw|fail|reject|unreachable|assertions|hasAssertions|never|toBeFalsy|toBe)$/.test(text),
    );

/** A `catch` after the block that neither throws nor checks. */
const isSwallowing = ({ tokens, brackets }: Code, block: Bracket): boolean => {
  if (block.close === null || tokens[block.close + 1]?.text !== 'catch') return false;
  const condition = brackets.opened.get(block.close + 2);
  const open = tokens[block.close + 2]?.text === '(' ? (condition?.close ?? 0) + 1 : block.close + 2;
  const close = brackets.opened.get(open)?.close ?? null;
  if (close === null) return false;
  const reacts = /^(?:throw|expect|assert|fail|done|reject|next|t|equal|ok|strictEqual|should)$/;
  return !tokens.slice(open, close).some((token) => reacts.test(token.text));
};
