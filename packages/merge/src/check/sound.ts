import type { Choice } from '../choose/choose.ts';
import type { Cut } from '../cut.ts';
import type { Versions } from '../merge.ts';
import { isAcceptable } from '../settle/acceptable.ts';
import { type Faults, faultsReader } from './faults.ts';

type Choices = readonly (Choice | null)[];

/**
 * The choices that the whole text stands up to: it parses if both sides do, and no name is given twice that neither side
 * gave twice. A choice that does not hold by itself is taken back, then the least likely until the rest holds. Open
 * hunks are read as either side has them.
 */
export const soundChoices = async (
  path: string,
  versions: Versions,
  { cuts, choices }: { readonly cuts: readonly Cut[]; readonly choices: Choices },
): Promise<Choices> => {
  const acceptable = choices.map((one) => (one !== null && isAcceptable(one.hunk, one.text) ? one : null));
  const faultsOf = acceptable.some((one) => one !== null) ? await faultsReader(path) : null;
  if (faultsOf === null) return acceptable;
  const most = worst(faultsOf(versions.ours), faultsOf(versions.theirs));
  const holds = (some: Choices): boolean =>
    (['ours', 'theirs'] as const).some((side) => isWithin(faultsOf(filled(cuts, some, side)), most));
  if (holds(acceptable)) return acceptable;
  let left: Choices = acceptable.map((one, index) =>
    one !== null && holds(acceptable.map((other, at) => (at === index ? other : null))) ? one : null,
  );
  while (left.some((one) => one !== null) && !holds(left)) {
    const chances = left.map((one) => one?.chance ?? Number.POSITIVE_INFINITY);
    const least = chances.indexOf(Math.min(...chances));
    left = left.map((one, index) => (index === least ? null : one));
  }
  return left;
};

const worst = (a: Faults, b: Faults): Faults => ({
  syntax: Math.max(a.syntax, b.syntax),
  twice: Math.max(a.twice, b.twice),
});

const isWithin = (faults: Faults, most: Faults): boolean =>
  faults.syntax <= most.syntax && faults.twice <= most.twice;

const filled = (cuts: readonly Cut[], choices: Choices, side: 'ours' | 'theirs'): string => {
  let index = 0;
  return cuts
    .map((cut) => {
      if (cut.type === 'text') return cut.text;
      const choice = choices[index];
      index += 1;
      return choice?.text ?? cut.hunk[side];
    })
    .join('');
};
