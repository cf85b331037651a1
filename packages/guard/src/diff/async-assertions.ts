import type { Bracket, Brackets } from './brackets.ts';
import type { Token } from './lexer.ts';

type Code = { readonly tokens: readonly Token[]; readonly brackets: Brackets };

const promised = /^(?:resolves|rejects|eventually)$/;
const promising = /^(?:rejects|doesNotReject|throwsAsync|notThrowsAsync)$/;
const later = /^(?:then|catch|finally)$/;
const handed = /^(?:await|return|yield|void)$/;

/**
 * Whether an assertion is made on a promise that nobody waits for: `expect(p).resolves.toBe(1)` or an assertion within
 * `.then(…)`, neither awaited nor returned. The test is over before it is checked.
 */
export const isUnawaited = (code: Code, index: number, end: number): boolean => {
  const { tokens, brackets } = code;
  const statement = tokens.slice(index, end);
  const isPromise =
    (tokens[index]!.text === 'expect' &&
      statement.some(({ text }, at) => promised.test(text) && statement[at - 1]?.text === '.')) ||
    (tokens[index + 1]?.text === '.' && promising.test(tokens[index + 2]?.text ?? '')) ||
    (tokens[index - 1]?.text === '.' && promising.test(tokens[index]!.text));
  if (isPromise && !isHandedOn(code, index)) return true;
  for (let bracket = brackets.around[index] ?? null; bracket !== null; bracket = bracket.parent) {
    if (isTest(bracket)) return false;
    if (!later.test(bracket.head) || tokens[bracket.open]!.text !== '(') continue;
    if (tokens[bracket.open - 2]?.text !== '.') continue;
    return testAround(bracket) !== null && !isHandedOn(code, bracket.open - 1) && !endsByCall(code, bracket);
  }
  return false;
};

/** A test that takes a callback and is `async` too: it ends at whichever comes first. */
export const isOverdone = ({ tokens, brackets }: Code, call: number): boolean => {
  const close = brackets.opened.get(call)?.close ?? tokens.length;
  const start = tokens.findIndex(({ text }, at) => at > call && at < close && text === 'async');
  if (start === -1 || brackets.around[start]?.open !== call) return false;
  const open = tokens[start + 1]?.text === 'function' ? start + 2 : start + 1;
  return tokens[open]?.text === '(' && /^(?:done|cb|callback|next)$/.test(tokens[open + 1]?.text ?? '');
};

const isTest = ({ head }: Bracket): boolean => /^(?:[xf]?(?:it|test)|specify)$/.test(head);

const testAround = (from: Bracket): Bracket | null => {
  for (let bracket: Bracket | null = from; bracket !== null; bracket = bracket.parent)
    if (isTest(bracket)) return bracket;
  return null;
};

/** The test is told by a call when it is over: `done()`, `t.end()`. */
const endsByCall = ({ tokens }: Code, bracket: Bracket): boolean => {
  const test = testAround(bracket);
  if (test === null) return true;
  return tokens
    .slice(test.open, test.close ?? tokens.length)
    .some(
      ({ text }, at, all) =>
        /^(?:done|cb|callback|next|end|resolve|finish\w*|plan)$/.test(text) &&
        /^[(,)]$/.test(all[at + 1]?.text ?? ''),
    );
};

const goesOn = /^(?:[.,=+([:?]|=>|&&|\|\||\?\?|return|await)$/;

/** Whether the statement that a token stands in is awaited, returned, kept under a name or given to a call. */
const isHandedOn = ({ tokens, brackets }: Code, index: number): boolean => {
  const around = brackets.around[index] ?? null;
  if (around !== null && tokens[around.open]!.text !== '{') return true;
  for (let at = index; at >= 0 && at > (around?.open ?? -1); at -= 1) {
    if ((brackets.around[at] ?? null) !== around) continue;
    const { text, line, kind } = tokens[at]!;
    const before = tokens[at - 1];
    if (handed.test(text) || text === '=>' || text === '=') return true;
    if (text === ';' && at < index) return false;
    if (before === undefined || at - 1 === around?.open) return false;
    const begins = before.line < line && kind === 'word' && !goesOn.test(before.text);
    if (begins && at <= index) return handed.test(text);
  }
  return false;
};
