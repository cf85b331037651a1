import type { Edit, Side } from './edit.ts';
import { javascriptFacts } from './javascript-tests.ts';
import { lineFacts, pythonFacts } from './other-tests.ts';

export type TestFact = {
  readonly type:
    | 'case' // a test, by its title
    | 'assertion'
    | 'focus' // only this test runs
    | 'skip' // this test does not run
    | 'skipIf' // it does not run on some platforms or versions
    | 'constant' // an assertion that holds whatever the code does
    | 'idle' // `expect(x)` without a matcher
    | 'conditional' // an assertion that may not be reached
    | 'swallowed' // a failing assertion that is caught
    | 'bare' // a test without an assertion
    | 'unawaited' // an assertion on a promise that nobody waits for
    | 'overdone' // a test that is over at whichever of two signs comes first
    | 'duplicate' // a second test of one name beside the first, which hides it or is taken for it
    | 'commented'; // a test or an assertion in a comment
  /** What it is, without layout: two facts with one text are the same fact. */
  readonly text: string;
  /** 0-based, within the side. */
  readonly line: number;
};

/** Everything about tests that one side of a file says; nothing where the file does not change. */
export const testFacts = (edit: Edit, side: Side): readonly TestFact[] => {
  if (edit.family === null || edit.before.changed.size + edit.after.changed.size === 0) return [];
  return [...codeFacts(edit, side), ...commentFacts(edit, side)];
};

const codeFacts = (edit: Edit, side: Side): readonly TestFact[] => {
  switch (edit.family) {
    case 'javascript':
      return javascriptFacts(side);
    case 'python':
      return pythonFacts(side);
    default:
      return lineFacts(side);
  }
};

const commentedTest =
  /^\s*(?:\/\/|#|\/?\*+)\s*(?:[xf]?(?:it|test|describe|specify)(?:\s*\.\s*\w+|\[["'\w]+\])*\s*\(\s*["'`]|(?:async )?def test_?\w*\(|func Test\w+\(|#\[test\]|@Test\b)/;
const commentedAssertion =
  /^\s*(?:\/\/|#|\/?\*+)\s*(?:expect\(.*\)\s*\.|assert(?:\.\w+)?\(|assert\s+\S+\s*(?:==|is|in|>|<)|self\.assert\w+\(|t\.\w+\(.*\))/;

const commentFacts = (edit: Edit, side: Side): readonly TestFact[] =>
  side.comments
    .filter(({ text, line }) => {
      if (!side.changed.has(line)) return false;
      return commentedTest.test(text) || (edit.kind === 'test' && commentedAssertion.test(text));
    })
    .map((comment) => ({ type: 'commented', text: comment.text.trim(), line: comment.line }));
