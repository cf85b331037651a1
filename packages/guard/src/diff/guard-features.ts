import { deadLines } from './dead-code.ts';
import type { Edit, Side } from './edit.ts';
import { isTooling } from './file-kind.ts';
import { type GuardFact, type GuardKind, guardFacts, speaksOfTrust } from './guard-facts.ts';
import { without } from './multiset.ts';

export type LostGuard = GuardFact & { readonly edit: Edit };

/** What a change does to the guards of its sources, as numbers that can be weighed. */
type GuardFeatures = {
  readonly values: Readonly<Record<string, number>>;
  /** Guards that are nowhere in the change any more; moved ones are not among them. */
  readonly lost: readonly LostGuard[];
};

/** Three of a kind say all that thirty would. */
const cap = 3;

/** Kinds that keep somebody out by themselves. */
const trustKinds: readonly GuardKind[] = [
  'trustWord',
  'checkCall',
  'checkWord',
  'cleanCall',
  'trustText',
  'dangerText',
  'securityComment',
  'trustExit',
  'prototypeWord',
  'refusal',
  'cryptoWord',
  'boundaryWord',
];

export const guardFeatures = (edits: readonly Edit[]): GuardFeatures => {
  const sources = edits.filter((edit) => edit.kind === 'source' && !edit.isDeleted && !isTooling(edit.path));
  const before = sources.flatMap((edit) => factsOf(edit, edit.before, deadLines(edit, sources)));
  const after = sources.flatMap((edit) => factsOf(edit, edit.after, new Set()));
  const keyOf = (fact: GuardFact): string => `${fact.kind} ${fact.text}`;
  const lost = without(before, after, keyOf);
  const gained = without(after, before, keyOf);
  const values = { ...countFeatures(lost, gained), ...sizeFeatures(sources), ...placeFeatures(sources) };
  const testsAdded = edits.some((edit) => edit.kind === 'test' && edit.after.changed.size > 0) ? 1 : 0;
  return { values: { ...values, ...trustFeatures(values), testsAdded }, lost };
};

const factsOf = (edit: Edit, side: Side, dead: ReadonlySet<number>): readonly LostGuard[] =>
  guardFacts(edit, side)
    .filter((fact) => !dead.has(fact.line))
    .map((fact) => ({ ...fact, edit }));

/** By kind: how many more go than come (`-`), come than go (`+`), and how many are exchanged (`~`). */
const countFeatures = (lost: readonly LostGuard[], gained: readonly LostGuard[]): Record<string, number> => {
  const values: Record<string, number> = {};
  const lostOf = countsOf(lost);
  const gainedOf = countsOf(gained);
  for (const kind of new Set([...lostOf.keys(), ...gainedOf.keys()])) {
    const gone = lostOf.get(kind) ?? 0;
    const come = gainedOf.get(kind) ?? 0;
    values[`${kind}-`] = Math.min(cap, Math.max(0, gone - come));
    values[`${kind}+`] = Math.min(cap, Math.max(0, come - gone));
    values[`${kind}~`] = Math.min(cap, gone, come);
  }
  values.commentGone = values['securityComment-'] ? 1 : 0;
  values.patternWeaker = isPatternWeaker(lost, gained) ? 1 : 0;
  return values;
};

const countsOf = (facts: readonly GuardFact[]): ReadonlyMap<GuardKind, number> => {
  const counts = new Map<GuardKind, number>();
  for (const fact of facts) counts.set(fact.kind, (counts.get(fact.kind) ?? 0) + 1);
  return counts;
};

/** Each lost pattern is compared with each that comes: more of them, and longer ones, are a table. */
const maxPatterns = 20;
const maxPattern = 400;

/** A pattern loses some of its characters and gains none: an anchor, a class, an alternative. */
const isPatternWeaker = (lost: readonly LostGuard[], gained: readonly LostGuard[]): boolean => {
  const patterns = (facts: readonly LostGuard[]): readonly LostGuard[] =>
    facts.filter((fact) => fact.kind === 'pattern' && fact.text.length < maxPattern).slice(0, maxPatterns);
  const next = patterns(gained);
  return patterns(lost).some((old) =>
    next.some((fact) => fact.edit === old.edit && isWithin(fact.text, old.text)),
  );
};

/** Whether the characters of one text occur in the other in order. */
const isWithin = (part: string, whole: string): boolean => {
  let at = -1;
  for (const character of part) {
    at = whole.indexOf(character, at + 1);
    if (at === -1) return false;
  }
  return true;
};

/** How much code goes and how much of what comes was not there before. */
const sizeFeatures = (sources: readonly Edit[]): Record<string, number> => {
  const removed = sources.flatMap((edit) => changedTokens(edit.before));
  const added = sources.flatMap((edit) => changedTokens(edit.after));
  const same = (text: string): string => text;
  const lost = without(removed, added, same).length;
  const novel = without(added, removed, same).length;
  return {
    shrinks: removed.length > added.length ? 1 : 0,
    lostShare: lost / (lost + novel + 1),
    novel: Math.log1p(novel),
    lostSome: lost > 0 ? 1 : 0,
    lostFew: lost > 0 && lost < 32 ? 1 : 0,
    blocks: Math.log1p(sources.reduce((total, edit) => total + edit.blocks.length, 0)),
  };
};

const changedTokens = (side: Side): readonly string[] =>
  side.tokens.filter((token) => side.changed.has(token.line)).map((token) => token.text);

const trustFeatures = (values: Readonly<Record<string, number>>): Record<string, number> => {
  const kinds = trustKinds.filter((kind) => (values[`${kind}-`] ?? 0) > 0).length;
  return {
    trustLostTwice: kinds > 1 ? 1 : 0,
    trustLostFew: kinds > 0 && values.lostFew === 1 ? 1 : 0,
  };
};

/** Whether the change happens where trust is the subject. */
const placeFeatures = (sources: readonly Edit[]): Record<string, number> => {
  let near = 0;
  for (const edit of sources) {
    const lines = new Set(
      edit.blocks.flatMap((block) =>
        [1, 2, 3].flatMap((step) => [block.beforeStart - step, block.beforeEnd + step - 1]),
      ),
    );
    for (const token of edit.before.tokens) {
      const isContext = lines.has(token.line) && !edit.before.changed.has(token.line);
      if (isContext && token.kind === 'word' && speaksOfTrust(token.text)) near += 1;
    }
  }
  return { around: Math.min(cap, near), path: sources.some((edit) => speaksOfTrust(edit.path)) ? 1 : 0 };
};
