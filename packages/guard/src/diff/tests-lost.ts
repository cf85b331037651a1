import type { Reason } from '../decision.ts';
import type { Edit, Side } from './edit.ts';
import { without } from './multiset.ts';
import { ofType, type PlacedFact, reasonAt, type TestChange } from './test-change.ts';
import { type TestFact, testFacts } from './test-facts.ts';
import { weakeningReasons } from './tests-weakened.ts';

/** Tests that the change removes, switches off or weakens; moved and renamed ones are none of them. */
export const testReasons = (edits: readonly Edit[], whole: boolean): readonly Reason[] => {
  const placed = (name: 'before' | 'after'): readonly PlacedFact[] =>
    edits.flatMap((edit) => testFacts(edit, edit[name]).map((fact) => ({ ...fact, edit, side: edit[name] })));
  const before = placed('before');
  const after = placed('after');
  const keyOf = (fact: PlacedFact): string => `${fact.type} ${fact.text}`;
  const lost = without(before, after, keyOf);
  const gained = without(after, before, keyOf);
  const inTests = new Set(
    [...before, ...after].filter((fact) => fact.type === 'case').map((fact) => fact.edit),
  );
  const tests = edits.filter((edit) => edit.kind === 'test' || inTests.has(edit));
  const sources = edits.filter((edit) => edit.kind === 'source' && !inTests.has(edit));
  const alone = whole && tests.length === edits.length;
  const change = { tests, sources, alone, lost, gained };
  return [...lossReasons(change), ...weakeningReasons(change)];
};

/** As many lines of test code come as go, by this share: the tests were rewritten and not removed. */
const rewritten = 0.6;

const lossReasons = (change: TestChange): readonly Reason[] => {
  const { tests, sources, lost, gained } = change;
  if (tests.length === 0 || goesWithItsSource(change) || sourcesShrink(change)) return [];
  if (linesOf(tests, 'after') >= linesOf(tests, 'before') * rewritten) return [];
  const net = (type: TestFact['type']): number => ofType(lost, type).length - ofType(gained, type).length;
  const [firstCase] = ofType(lost, 'case');
  if (firstCase !== undefined && net('case') > 0) {
    return [
      reasonAt(
        firstCase,
        'edit.tests-removed',
        `${net('case')} fewer tests after the change, first: ${firstCase.text}`,
      ),
    ];
  }
  // Whoever changes what the code does may have to drop one expectation of what it did.
  const tolerated = sources.length > 0 ? 1 : 0;
  const [firstAssertion] = ofType(lost, 'assertion');
  if (firstAssertion !== undefined && net('assertion') > tolerated) {
    return [
      reasonAt(
        firstAssertion,
        'edit.assertions-removed',
        `${net('assertion')} fewer assertions after the change`,
      ),
    ];
  }
  return sources.length > 0 ? [] : shrunkenReasons(tests);
};

/** Fewer lines are tidied up in passing. */
const fewLines = 3;

/** Test code that only loses lines (rows of a table, a fixture) though no source changes. */
const shrunkenReasons = (tests: readonly Edit[]): readonly Reason[] => {
  const lost = linesOf(tests, 'before');
  const first = tests.find((edit) => edit.before.changed.size > 0);
  if (first === undefined || lost < fewLines || linesOf(tests, 'after') > lost / 4) return [];
  const fact = { edit: first, side: first.before, line: Math.min(...first.before.changed) };
  return [
    reasonAt(
      fact,
      'edit.test-code-removed',
      `${lost} lines of test code are removed and the source stays as it is`,
    ),
  ];
};

/** So many lines of source go, net, that the tests may have tested just them. */
const shrinking = 3;

const sourcesShrink = ({ tests, sources }: TestChange): boolean => {
  const net = (edits: readonly Edit[]): number => linesOf(edits, 'before') - linesOf(edits, 'after');
  return net(sources) >= Math.max(shrinking, net(tests) / 10);
};

/** The removed tests speak of something that the sources no longer have. */
const goesWithItsSource = ({ tests, sources }: TestChange): boolean => {
  const names = new Set(sources.flatMap((edit) => wordsOn(edit.before, edit.before.changed)));
  for (const edit of sources) for (const token of edit.after.tokens) names.delete(token.text);
  if (names.size === 0) return false;
  return tests.some((edit) => wordsOn(edit.before, edit.before.changed).some((word) => names.has(word)));
};

/** Names of four letters and more, those within texts too. */
const wordsOn = (side: Side, lines: ReadonlySet<number>): readonly string[] =>
  side.tokens
    .filter((token) => lines.has(token.line) && token.kind !== 'mark')
    .flatMap((token) => token.text.match(/[A-Za-z_$][\w$]{3,}/g) ?? []);

/** Changed lines with code on them. */
const linesOf = (edits: readonly Edit[], name: 'before' | 'after'): number =>
  edits.reduce((total, edit) => {
    const { tokens, changed } = edit[name];
    return total + new Set(tokens.filter((token) => changed.has(token.line)).map((token) => token.line)).size;
  }, 0);
