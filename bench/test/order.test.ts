import { expect, test } from 'vitest';
import { inFairOrder } from '../order.ts';

const group = (kind: string, lang: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `${kind}-${lang}-${index}`, kind, lang }));

const countsOf = (tasks: readonly { readonly kind: string; readonly lang: string }[]) =>
  Object.fromEntries(
    [...Map.groupBy(tasks, ({ kind, lang }) => `${kind} ${lang}`)].map(([name, all]) => [name, all.length]),
  );

const suite = [...group('bugfix', 'js', 20), ...group('write', 'js', 40), ...group('write', 'py', 60)];

test('a run that is stopped early has met each kind and language as often as the suite has them', () => {
  expect(countsOf(inFairOrder(suite).slice(0, 60))).toEqual({
    'bugfix js': 10,
    'write js': 20,
    'write py': 30,
  });
  expect(countsOf(inFairOrder(suite).slice(0, 6))).toEqual({ 'bugfix js': 1, 'write js': 2, 'write py': 3 });
});

test('the order keeps every task, does not depend on how the suite was read, and is not that of the ids', () => {
  const ordered = inFairOrder(suite);
  expect(ordered.toSorted((left, right) => suite.indexOf(left) - suite.indexOf(right))).toEqual(suite);
  expect(inFairOrder(suite.toReversed())).toEqual(ordered);
  const first = ordered.filter(({ lang }) => lang === 'py').map(({ id }) => id);
  expect(first).not.toEqual(suite.filter(({ lang }) => lang === 'py').map(({ id }) => id));
});
