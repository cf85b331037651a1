import type { Reason } from '../decision.ts';
import type { Edit, Side } from './edit.ts';
import type { TestFact } from './test-facts.ts';

/** A fact and where it stands. */
export type PlacedFact = TestFact & { readonly edit: Edit; readonly side: Side };

/** The files that hold tests, the other sources, and what goes and comes in any of them. */
export type TestChange = {
  readonly tests: readonly Edit[];
  readonly sources: readonly Edit[];
  /** Nothing but tests changes, and nothing else will land with it. */
  readonly alone: boolean;
  readonly lost: readonly PlacedFact[];
  readonly gained: readonly PlacedFact[];
};

export const ofType = (facts: readonly PlacedFact[], type: TestFact['type']): readonly PlacedFact[] =>
  facts.filter((fact) => fact.type === type);

/** A reason that asks, for tests removed. */
export const reasonAt = (
  fact: Pick<PlacedFact, 'edit' | 'side' | 'line'>,
  rule: string,
  message: string,
): Reason => ({
  decision: 'ask',
  category: 'edit.test_removal',
  rule,
  clause: 'keep-tests',
  message,
  path: fact.edit.path,
  line: fact.side.numberOf(fact.line),
});
