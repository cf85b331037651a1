import type { Token } from './lexer.ts';

const assertionWord = /^(?:expect\w*|assert\w*|should|verify\w*|fail|ensure\w*)$/;
const harness = /^(?:t|tap|tt|st|tape|test|QUnit|chai|cy|browser|page)$/;
const harnessMethod =
  /^(?:is|isNot|not|equals?|notEquals?|deepEquals?|notDeepEquals?|strictEquals?|same|notSame|strictSame|ok|notOk|true|false|truthy|falsy|throws|throwsAsync|doesNotThrow|notThrows|rejects|regex|match|like|pass|fail|error|ifError|snapshot|end|plan|assert|should|contains)$/;
const plainAssertion =
  /^(?:ok|equal|equals|deepEqual|strictEqual|notEqual|notStrictEqual|notDeepEqual|same|throws|raises)$/;

/** Whether an assertion of one of the usual libraries begins at this token. */
export const isAssertion = (tokens: readonly Token[], index: number): boolean => {
  const { kind, text } = tokens[index]!;
  const next = tokens[index + 1]?.text;
  const previous = tokens[index - 1]?.text;
  if (kind !== 'word' || previous === 'function' || previous === 'new') return false;
  const owner = previous === '.' ? tokens[index - 2]?.text : null;
  if (assertionWord.test(text) && (next === '(' || (next === '.' && !/^(?:expect|fail)/.test(text)))) {
    return owner !== 'assert';
  }
  if (owner === null) return next === '(' && plainAssertion.test(text);
  if (text === 'should') return true;
  return next === '(' && harness.test(owner ?? '') && harnessMethod.test(text);
};

/** A helper of the project that checks, going by its name. */
export const isOwnCheck = (tokens: readonly Token[], index: number): boolean =>
  /^[(<]$/.test(tokens[index + 1]?.text ?? '') &&
  /should|expect|assert|check|verif|must|throw|match|equal|compare|test|valid|assume|chai/i.test(
    tokens[index]!.text,
  );

const constantCheck =
  /^(?:expect|assert|ok|equal|strictEqual|deepEqual|assert_?(?:True|Equals?|That|true|eq|equal)?)$/;
const notConstant = /^(?:[[{]|not|fail|unreachable|assertions|expect|toBeFalsy|toBeFalse)$/;
const literal = /^(?:true|false|null|undefined|True|False|None)$/;
/** A longer statement compares something. */
const maxConstant = 14;

/** `expect(true).toBe(true)`, `assert(1)`, `assert.equal(1, 1)`: every value in it is the same literal. */
export const isConstant = (statement: readonly Token[]): boolean => {
  const [first, ...rest] = statement;
  if (first === undefined || statement.length > maxConstant || !constantCheck.test(first.text)) return false;
  if (rest.some((token) => notConstant.test(token.text))) return false;
  if (first.text === 'expect' && rest.every((token) => token.text !== '.')) return false;
  const values = rest.filter((token, at) => token.kind !== 'mark' && rest[at - 1]?.text !== '.');
  const isLiteral = values.every((token) => token.kind === 'number' || literal.test(token.text));
  const isFailure = values.length === 1 && /^(?:false|False|0|null|None|undefined)$/.test(values[0]!.text);
  return isLiteral && !isFailure && new Set(values.map((token) => token.text)).size === 1;
};

const exact =
  /\b(?:toBe|toEqual|toStrictEqual|toHaveBeenCalledWith|toHaveBeenCalledTimes|strictEqual|deepEqual|deepStrictEqual|equal|equals|eql|assertEquals?|assert_?eq\w*|assertDictEqual|assertListEqual|assertSame|EXPECT_EQ|ASSERT_EQ)\b|== (?!None\b)/;
const loose =
  /\b(?:toBeDefined|toBeTruthy|toBeInstanceOf|toBeCloseTo|toHaveBeenCalled|assertTrue|assertIsNotNone|assertAlmostEqual|assertNotNull|exist|approx|isOk|isDefined)\b|\bassert \. ok\b|\bis not None\b|\bnot \. toBe(?:Null|Undefined) |^assert [\w. ]+$/;

/** How much an assertion pins down: 2 a value, 1 that there is something, 0 not known. */
export const strengthOf = (text: string): 0 | 1 | 2 => {
  const code = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "''");
  if (loose.test(code) && !/[=!<>]=/.test(code)) return 1;
  return exact.test(code) ? 2 : 0;
};
