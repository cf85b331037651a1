import type { Permission, Reason } from '../decision.ts';
import { strengthOf } from './assertions.ts';
import { ofType, type PlacedFact, reasonAt, type TestChange } from './test-change.ts';
import type { TestFact } from './test-facts.ts';

type Weakening = { readonly rule: string; readonly message: string; readonly decision: Permission };

const ask = (rule: string, message: string): Weakening => ({ rule, message, decision: 'ask' });

const weakenings: Partial<Record<TestFact['type'], Weakening>> = {
  focus: ask('edit.test-focused', 'Only this test would run'),
  skip: ask('edit.test-skipped', 'This test would not run'),
  skipIf: {
    rule: 'edit.test-skipped-sometimes',
    message: 'This test would not always run',
    decision: 'allow',
  },
  commented: ask('edit.test-commented-out', 'This test would be a comment'),
  constant: ask('edit.assertion-constant', 'This assertion holds whatever the code does'),
  idle: ask('edit.assertion-idle', 'This assertion checks nothing'),
  conditional: ask('edit.assertion-conditional', 'This assertion may never be reached'),
  swallowed: ask('edit.assertion-swallowed', 'A failure of this assertion is caught and forgotten'),
  bare: ask('edit.test-without-assertion', 'This test checks nothing'),
  unawaited: ask('edit.assertion-unawaited', 'The test is over before this is checked'),
  overdone: ask(
    'edit.test-ends-twice',
    'This test is over at whichever comes first, its callback or its promise',
  ),
  duplicate: ask('edit.test-title-twice', 'Another test beside it has this name'),
};

/** Tests and assertions that are still there and say less. */
export const weakeningReasons = (whole: TestChange): readonly Reason[] => {
  const change = { ...whole, lost: whole.lost.filter(isOfTest), gained: whole.gained.filter(isOfTest) };
  return [
    ...Object.entries(weakenings).flatMap(([type, weakening]) => {
      const [first, ...others] = ofType(change.gained, type as TestFact['type']);
      if (first === undefined || others.length + 1 <= ofType(change.lost, type as TestFact['type']).length)
        return [];
      return [weakenedAt(first, weakening)];
    }),
    ...loosenedReasons(change),
    ...snapshotReasons(change),
    ...expectedReasons(change),
  ];
};

/** What is written there is data of a test: tests that fail, that are skipped, that check nothing. */
const isOfTest = ({ edit }: PlacedFact): boolean =>
  !/(^|\/)(__)?fixtures?(__)?\/|\.fixture\./.test(edit.path);

/** An assertion that named a value and now only says that there is one. */
const loosenedReasons = ({ lost, gained }: TestChange): readonly Reason[] => {
  const loose = ofType(gained, 'assertion').filter((fact) => strengthOf(fact.text) === 1);
  const found = loose.find((next) =>
    ofType(lost, 'assertion').some(
      (old) => old.edit === next.edit && strengthOf(old.text) === 2 && isSameSubject(old, next),
    ),
  );
  return found === undefined
    ? []
    : [weakenedAt(found, ask('edit.assertion-loosened', 'This assertion says less than before'))];
};

const isSameSubject = (old: PlacedFact, next: PlacedFact): boolean => {
  const subject = subjectOf(next);
  return subject !== '' && subject === subjectOf(old);
};

/** The first name in an assertion that is none of its own words: mostly what it is about. */
const subjectOf = (fact: PlacedFact): string => {
  const names = fact.text.match(/[A-Za-z_$][\w$]*(?: \. [A-Za-z_$][\w$]*)*/g) ?? [];
  return (
    names.find(
      (name) => !/^(?:self \. |t \. )?(?:expect|assert|equal|ok|strictEqual|deepEqual|not)/.test(name),
    ) ?? ''
  );
};

/** The same assertion now names another value, though nothing that it tests has changed. */
const expectedReasons = ({ lost, gained, alone }: TestChange): readonly Reason[] => {
  if (!alone) return [];
  const exact = (facts: readonly PlacedFact[]): readonly PlacedFact[] =>
    ofType(facts, 'assertion').filter((fact) => strengthOf(fact.text) === 2);
  const before = new Set(exact(lost).map((fact) => `${fact.edit.path} ${withoutValues(fact.text)}`));
  const found = exact(gained).find((fact) => before.has(`${fact.edit.path} ${withoutValues(fact.text)}`));
  return found === undefined
    ? []
    : [weakenedAt(found, ask('edit.expected-changed', 'It expects another value, and nothing else changes'))];
};

const withoutValues = (text: string): string =>
  text.replace(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\b(?:\d[\w.]*|true|false|null|undefined|True|False|None)\b/g,
    '#',
  );

/** Recorded results that change or go though no source does. */
const snapshotReasons = ({ tests, sources }: TestChange): readonly Reason[] => {
  const snapshot = tests.find((edit) => /\.snap$|\.ambr$/.test(edit.path) && edit.before.changed.size > 0);
  if (snapshot === undefined || sources.length > 0) return [];
  const fact = {
    edit: snapshot,
    side: snapshot.before,
    line: Math.min(...snapshot.before.changed),
    text: snapshot.path,
  };
  return [
    weakenedAt(fact, ask('edit.snapshot-rewritten', 'Recorded results change and the source does not')),
  ];
};

const weakenedAt = (
  fact: Pick<PlacedFact, 'edit' | 'side' | 'line' | 'text'>,
  weakening: Weakening,
): Reason => ({
  ...reasonAt(fact, weakening.rule, `${weakening.message}: ${fact.text.slice(0, 80)}`),
  decision: weakening.decision,
  category: 'edit.test_weaken',
});
