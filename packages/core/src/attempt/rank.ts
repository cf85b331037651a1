import type { AttemptRank } from '@tandem/protocol';

/** What is known of one attempt when it is compared with the others. */
export type Compared = Omit<AttemptRank, 'why'> & { readonly number: number };

/** Which attempt stands before which, by the first of these that differs. */
const keys: readonly {
  /** Higher is better. */
  readonly of: (one: Compared) => number;
  readonly lead: (one: Compared) => string;
  readonly lag: (one: Compared, best: Compared) => string;
}[] = [
  {
    of: ({ passed }) => (passed === false ? 0 : 1),
    lead: () => 'the only one that passes',
    lag: () => 'verify fails',
  },
  {
    of: ({ regressions }) => -regressions,
    lead: () => 'breaks nothing that passed before',
    lag: ({ regressions }) => `breaks ${regressions} that passed before`,
  },
  {
    of: ({ checks }) => (checks === null || checks.total === 0 ? 1 : checks.held / checks.total),
    lead: ({ checks }) => `holds most of the checks made here (${checks?.held} of ${checks?.total})`,
    lag: ({ checks }) => `holds ${checks?.held} of ${checks?.total} checks made here`,
  },
  {
    of: ({ agreement }) => Math.round((agreement ?? 0) * 1000),
    lead: () => 'most of the others behave as it does',
    lag: () => 'fewer of the others behave as it does',
  },
  {
    of: ({ lines }) => -lines,
    lead: ({ lines }) => `the smallest change (${count(lines, 'line')})`,
    lag: ({ lines }, best) => `a larger change (${lines} lines, not ${best.lines})`,
  },
  {
    of: ({ number }) => -number,
    lead: () => 'made first',
    lag: (_, best) => `no better than attempt ${best.number}, and made later`,
  },
];

/** Best first, each with why it stands there: verify, no regression, checks, agreement, size. */
export const rank = (all: readonly Compared[]): readonly AttemptRank[] => {
  const order = [...all].sort((a, b) => {
    for (const key of keys) if (key.of(a) !== key.of(b)) return key.of(b) - key.of(a);
    return 0;
  });
  const [best] = order;
  return order.map((one) => {
    const { number: _, ...kept } = one;
    if (best === undefined || one === best) return { ...kept, why: whyBest(one, order) };
    const key = keys.find(({ of }) => of(one) !== of(best));
    return { ...kept, why: key?.lag(one, best) ?? '' };
  });
};

const whyBest = (best: Compared, order: readonly Compared[]): string => {
  if (!isEligible(best)) return best.passed === false ? 'verify fails' : (keys[1]?.lag(best, best) ?? '');
  const others = order.filter((one) => one !== best);
  if (others.length === 0) return best.passed === null ? 'the only one' : 'it passes';
  const isLevel = (one: Compared): boolean => keys.slice(0, -1).every(({ of }) => of(one) === of(best));
  const level = others.filter(isLevel).map(({ number }) => number);
  const other = others.find((one) => !isLevel(one));
  const key = other === undefined ? undefined : keys.find(({ of }) => of(best) !== of(other));
  const passing = order.filter(({ passed }) => passed === true).length;
  return [
    ...(passing > 1 ? [`of ${passing} that pass`] : []),
    [
      ...(key === undefined ? [] : [level.length > 0 && key === keys[0] ? '' : key.lead(best)]),
      ...(level.length > 0 ? [`level with ${level.join(', ')} and made first`] : []),
    ]
      .filter((part) => part !== '')
      .join(', '),
  ].join(': ');
};

/** Only such a one is chosen by itself; a person may accept any. */
export const isEligible = ({ passed, regressions }: Pick<Compared, 'passed' | 'regressions'>): boolean =>
  passed !== false && regressions === 0;

const count = (amount: number, one: string): string => `${amount} ${one}${amount === 1 ? '' : 's'}`;
