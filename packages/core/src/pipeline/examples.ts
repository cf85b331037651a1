import type { Example } from '../ports.ts';
import { balancedEnd, literalEnd, valueEnd } from './example-scan.ts';

/** Longer texts are read up to here: examples stand at the top of files and in requests, not past a book's length. */
const maxText = 200_000;
/** A check of more examples than this says nothing new and costs seconds. */
const maxExamples = 64;

/**
 * The examples that a doc comment, a test or a request gives for some functions: doctest lines, arrows, comments with
 * a value, "returns", assertions. Pure text; never throws; anything it cannot read surely is left out.
 */
export const findExamples = (text: string, functionNames: ReadonlySet<string>): readonly Example[] => {
  const source = text.slice(0, maxText);
  const found = new Map<string, Example>();
  for (const match of source.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*(?=\()/gu)) {
    if (found.size >= maxExamples) break;
    if (!functionNames.has(match[0])) continue;
    const example = exampleAt(source, match.index, match[0].length);
    if (example !== null) found.set(`${example.call}\n${example.expected}`, example);
  }
  return [...found.values()];
};

type Call = { readonly start: number; readonly end: number; readonly text: string };

const exampleAt = (source: string, nameStart: number, nameLength: number): Example | null => {
  const call = callAt(source, nameStart, nameLength);
  if (call === null) return null;
  const expected =
    doctest(source, call) ??
    wrapped(source, call) ??
    assertion(source, call) ??
    comparison(source, call) ??
    prose(source, call);
  if (expected === null) return null;
  const cleaned = tidy(expected);
  return cleaned === '' ? null : { call: tidy(call.text), expected: cleaned };
};

/** The call with what it is called on (`a.b.f(1)`, `await f(1)`) and what is read from its result (`f(1).x[0]`). */
const callAt = (source: string, nameStart: number, nameLength: number): Call | null => {
  const head = source.slice(Math.max(0, nameStart - 80), nameStart);
  if (/\b(?:function\*?|def|class)\s+$/.test(head)) return null;
  const owner = /(?:\b(?:await|new)\s+)?(?:[\p{L}_$][\p{L}\p{N}_$]*\.)*$/u.exec(head)?.[0] ?? '';
  const start = nameStart - owner.length;
  let end = balancedEnd(source, nameStart + nameLength);
  if (end === null) return null;
  for (;;) {
    const rest = source.slice(end, end + 80);
    const member: RegExpExecArray | null = /^\.(?!to\b|should\b)[\p{L}_$][\p{L}\p{N}_$]*/u.exec(rest);
    if (member !== null) end += member[0].length;
    else if (rest.startsWith('[') || rest.startsWith('(')) {
      const next: number | null = balancedEnd(source, end);
      if (next === null) break;
      end = next;
    } else break;
  }
  // A declaration (`f(a) {`, `f(a):`) is no example; a doctest's or a comparison's continuation never begins so.
  if (/^\s*(?:\{|:(?!:)\s*(?:\n|$))/.test(source.slice(end, end + 40))) return null;
  return { start, end, text: source.slice(start, end) };
};

const doctest = (source: string, call: Call): string | null => {
  const lineStart = source.lastIndexOf('\n', call.start - 1) + 1;
  const prompt = source.slice(lineStart, call.start);
  if (!/^[\s*#/]*>>>\s*(?:print\(\s*)?$/.test(prompt)) return null;
  const rest = /^\s*\)?\s*(?:\n|$)/.exec(source.slice(call.end, call.end + 80));
  if (rest === null) return null;
  const from = call.end + rest[0].length;
  const line = /^[\s*#/]*?([^\s*#/].*)(?:\n|$)/.exec(
    source.slice(from, from + 2_000).split('\n', 1)[0] ?? '',
  );
  const value = line?.[1]?.trim() ?? '';
  if (value === '' || /^(?:>>>|"""|'''|Traceback|\*\/)/.test(value)) return null;
  if (!/^[[({]/.test(value)) return value;
  const begin = source.indexOf(value, from);
  const end = balancedEnd(source, begin);
  return end === null ? value : source.slice(begin, end);
};

const oneArgument =
  /^\s*\)\s*(?:\.resolves)?\s*\.(?:toBe|toEqual|toStrictEqual|toMatchObject|toBeCloseTo|to\.(?:deep\.|strictly\.)?(?:equal|eql|be|equals))\(\s*/;
const noArgument: Readonly<Record<string, string>> = {
  toBeNull: 'null',
  toBeUndefined: 'undefined',
  toBeNaN: 'NaN',
};

/** `expect(f(1)).toBe(2)`, `assert.equal(f(1), 2)`, `self.assertEqual(f(1), 2)`, `t.is(f(1), 2)`. */
const assertion = (source: string, call: Call): string | null => {
  const before = source.slice(Math.max(0, call.start - 80), call.start);
  const after = source.slice(call.end, call.end + 120);
  if (/\bexpect\(\s*$/.test(before)) {
    const matcher = oneArgument.exec(after);
    if (matcher !== null) return slice(source, call.end + matcher[0].length);
    const bare = /^\s*\)\.(\w+)\(\)/.exec(after)?.[1];
    return (bare !== undefined && noArgument[bare]) || null;
  }
  const equal =
    /\b(?:assert(?:\.\w+)?|assert_?[eE]quals?|assertListEqual|assertDictEqual|assertIs|t\.(?:is|same|equal|deepEqual)|(?:deep|strict|deepStrict)Equal|equal)\(\s*$/;
  const named = equal.exec(before)?.[0] ?? '';
  if (named === '' || /not|throws|rejects|match/i.test(named)) return null;
  const comma = /^\s*,\s*/.exec(after);
  if (comma === null || /^assert\(/.test(named)) return null;
  return slice(source, call.end + comma[0].length);
};

const wrapper = /\b(JSON\.stringify|repr|str|list|sorted|tuple|set)\(\s*$/;

/** `JSON.stringify(f(1)) === JSON.stringify([2])`: both sides through the same function, so what is inside is compared. */
const wrapped = (source: string, call: Call): string | null => {
  const name = wrapper.exec(source.slice(Math.max(0, call.start - 24), call.start))?.[1];
  if (name === undefined) return null;
  const after = source.slice(call.end, call.end + 80);
  const between = /^\s*\)\s*(?:={2,3}|,)\s*([\w.]+)\(\s*/.exec(after);
  if (between?.[1] !== name) return null;
  return slice(source, call.end + between[0].length);
};

/** `f(1) == 2`, also inside `assert …` and `console.assert(…)`; and `assert f(1) is None`. */
const comparison = (source: string, call: Call): string | null => {
  const after = source.slice(call.end, call.end + 40);
  const asserted = /\bassert[\s(]+$/.test(source.slice(Math.max(0, call.start - 20), call.start));
  const operator = (asserted ? /^`?\s*(?:={2,3}|is(?!\s+not)\b)\s*`?/ : /^`?\s*={2,3}\s*`?/).exec(after);
  return operator === null ? null : slice(source, call.end + operator[0].length);
};

const arrow = /^[`"']?\s*\)?\s*;?\s*(?:(?:\/\/|#)\s*)?(?:=>|=(?![=>])|->|→|⇒|➞|==>|-->)\s*(?:returns?\s+)?`?/;
const words =
  /^[`"']?\s*;?\s*(?:(?:\/\/|#|--)\s*)?(?:,?\s*(?:it|this|which)\s+)?(?:(?:should|must|will|would|shall|has to|needs to|ought to)\s+)?(?:returns?|return|gives?|yields?|equals?|produces?|outputs?|evaluates? to|results? in|be(?:\s+equal\s+to)?|is(?:\s+equal\s+to)?|becomes?)\s*:?\s+(?:back\s+)?(?:the\s+(?:value|string|number|list|array)\s+)?`?/i;
const remark = /^\s*\)?\s*;?\s*(?:\/\/|#)\s*(?:output|result|expected)?\s*:?\s*/i;

/** What people write: only a literal may follow, so that a sentence is never taken for a value. */
const prose = (source: string, call: Call): string | null => {
  const after = source.slice(call.end, call.end + 120);
  for (const pattern of [arrow, words, remark]) {
    const lead = pattern.exec(after);
    if (lead === null || lead[0].includes('\n')) continue;
    const from = call.end + lead[0].length;
    const end = literalEnd(source, from);
    if (end !== null) return source.slice(from, end);
  }
  return null;
};

const slice = (source: string, from: number): string | null => {
  const end = valueEnd(source, from);
  return end === null ? null : source.slice(from, end);
};

/** Continuation marks of comments and doctests are no part of the expression. */
const tidy = (text: string): string => text.replaceAll(/\n[ \t]*(?:\*|\/\/|#|\.\.\.)?[ \t]*/g, ' ').trim();
