import { isConstant } from './assertions.ts';
import type { Side } from './edit.ts';
import type { TestFact } from './test-facts.ts';

const assertionName =
  /^(?:assert\w*|Assert\w*|ASSERT_\w+|EXPECT_\w+|expect\w*|should\w*|raises|warns|require|verify|debug_assert\w*|XCTAssert\w*|eq_|ok_|fail|fail_unless|failUnless\w*)$/;
const goFailure = /^(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)$/;
const declares = /^(?:def|func|function|fn|import|from|void)$/;

/** Assertions by the words in use: a call of that name, a method of Go's `t`, the statement `assert`. */
const wordFacts = (side: Side): readonly TestFact[] =>
  side.tokens.flatMap((token, index) => {
    if (token.kind !== 'word') return [];
    const next = side.tokens[index + 1]?.text ?? '';
    const previous = side.tokens[index - 1]?.text ?? '';
    const isStatement = token.text === 'assert' && previous !== '.';
    const isCall =
      /^(?:\(|!|\.|::)$/.test(next) && !declares.test(previous) && assertionName.test(token.text);
    const isGo =
      previous === '.' && /^[tb]$/.test(side.tokens[index - 2]?.text ?? '') && goFailure.test(token.text);
    if (!isStatement && !isCall && !isGo) return [];
    const rest = side.tokens.slice(index, index + 60).filter((other) => other.line === token.line);
    const text = rest.map((other) => other.text).join(' ');
    const facts: TestFact[] = [{ type: 'assertion', text, line: token.line }];
    return isConstant(rest) ? [...facts, { type: 'constant', text, line: token.line }] : facts;
  });

const pythonCase = /^\s*(?:async\s+)?def\s+(test\w*|\w+_test)\s*\(/;
const pythonMark =
  /^\s*@(?:pytest\.mark\.|unittest\.|mark\.)?(skip|skipif|skipIf|skipUnless|expectedFailure|xfail)\b(.*)/;
const pythonSkip = /^\s*(?:pytest\.(?:skip|xfail)|self\.skipTest|raise (?:unittest\.)?SkipTest)\b/;

export const pythonFacts = (side: Side): readonly TestFact[] => {
  const facts = [...wordFacts(side)];
  const seen = new Set<string>();
  side.lines.forEach((line, at) => {
    const add = (type: TestFact['type'], text: string): void => void facts.push({ type, text, line: at });
    const title = pythonCase.exec(line)?.[1];
    if (title !== undefined) add('case', title);
    // Python keeps the last function of a name: the first is never run.
    const place = title === undefined ? null : placeOf(side, at);
    if (place !== null && seen.has(`${place} ${title}`)) add('duplicate', title!);
    if (place !== null) seen.add(`${place} ${title}`);
    const [, mark, rest = ''] = pythonMark.exec(line) ?? [];
    const isConditional =
      /^skip(?:if|If|Unless)/.test(mark ?? '') ||
      /^\(\s*[\w.]+.*(?:[<>]|==)|condition|raises|sys\.|platform/.test(rest);
    if (mark !== undefined) add(isConditional ? 'skipIf' : 'skip', line.trim());
    if (pythonSkip.test(line)) {
      const isGuarded = /^\s*(?:if|elif|else|except)\b/.test(side.lines[at - 1] ?? '');
      add(isGuarded ? 'skipIf' : 'skip', line.trim());
    }
    if (isSwallowed(side, at)) add('swallowed', line.trim());
  });
  return facts;
};

/** What a definition stands in: the line of a class or a condition; null where that is not seen. */
const placeOf = (side: Side, line: number): string | null => {
  const indent = indentOf(side.lines[line]!);
  if (indent === 0) return 'module';
  const hunk = side.hunks.findLast(({ start }) => start <= line)?.start ?? 0;
  for (let at = line - 1; at >= hunk; at -= 1) {
    const text = side.lines[at]!;
    if (text.trim() !== '' && indentOf(text) < indent) return /^\s*class\b/.test(text) ? String(at) : null;
  }
  return null;
};

const indentOf = (text: string): number => text.length - text.trimStart().length;

/** Longer `try` blocks are looked at no further. */
const reach = 60;

/** An assertion in a `try` whose `except` takes every error and goes on. */
const isSwallowed = (side: Side, line: number): boolean => {
  if (!/^\s+(?:assert\b|self\.assert)/.test(side.lines[line]!)) return false;
  const indent = indentOf(side.lines[line]!);
  const isOutside = (text: string): boolean => text.trim() !== '' && indentOf(text) < indent;
  const head = side.lines.slice(Math.max(0, line - reach), line).findLast(isOutside) ?? '';
  const rest = side.lines.slice(line + 1, line + reach);
  const end = rest.findIndex(isOutside);
  if (!/^\s*try:/.test(head) || end === -1) return false;
  const isBroad = /^\s*except(?:\s+(?:Exception|BaseException|AssertionError)\b.*)?:/.test(rest[end]!);
  return isBroad && /^\s*(?:pass|continue|return\b.*|\.\.\.)\s*$/.test(rest[end + 1] ?? '');
};

const lineCase =
  /^\s*(?:func (?:\([^)]*\) )?(?:Test|Benchmark|Fuzz|Example)\w*\(|(?:(?:public|private|internal|async|suspend|static|override) +)*(?:void|fun|func|Task|function) +test\w+\s*\(|#\[(?:\w+::)*test\b|@(?:Parameterized)?Test\b|\[(?:Fact|Theory|Test|TestMethod|TestCase)\b|(?:TEST|TEST_F|TEST_P|TEST_CASE)\(|(?:it|specify|scenario|test) +["'].*["'] *(?:,|do\b)|def test_\w+|@test +["'])/;
const lineSkip =
  /\bt\.Skip(?:f|Now)?\(|#\[ignore\b|@(?:Ignore|Disabled)\b|\[Ignore\b|\bSkip *= *"|markTest(?:Skipped|Incomplete)\(|GTEST_SKIP|\bDISABLED_\w|XCTSkip\b|^\s*(?:xit|xdescribe|xcontext|xspecify|pending|skip)\b(?! *[=:.])/;
const lineFocus = /^\s*(?:fit|fdescribe|fcontext)\b|, *(?::focus|focus: *true)\b/;
/** Longer lines are no heads of tests. */
const maxLine = 400;

/** Go, Rust, Java, Ruby, PHP, C#, Kotlin, Swift, C and C++, by the heads of their tests. */
export const lineFacts = (side: Side): readonly TestFact[] => [
  ...wordFacts(side),
  ...side.lines.flatMap((line, at) => {
    if (line.length > maxLine) return [];
    const types: TestFact['type'][] = [];
    if (lineCase.test(line)) types.push('case');
    if (lineSkip.test(line)) types.push('skip');
    if (lineFocus.test(line)) types.push('focus');
    return types.map((type): TestFact => ({ type, text: line.trim(), line: at }));
  }),
];
