/**
 * Learns which text people take for a hunk: `npm run train:merge -- DIR…`, each a folder of recorded merges (see
 * bench/merge/cases.ts). The merges are not part of the repository. Same merges, same weights.
 *
 * The threshold is the one at which at most one file in twenty, of repositories that the weights never saw, is merged
 * whole and not as people did.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCases } from '../bench/merge/cases.ts';
import { type CaseSamples, isTakenWhole, type Sample, samplesOf } from '../bench/merge/samples.ts';
import { readForest, type Weights } from '../packages/merge/src/choose/forest.ts';
import { growForest } from './boosted-trees.ts';

const maxWrong = 0.05;
const folds = 4;
const growth = { trees: 120, leaves: 24, rate: 0.06, least: 2, decay: 2 };

/** Files of one merge say much the same, so that each counts for less. */
const weightsOf = (cases: readonly CaseSamples[]): readonly number[] => {
  const merge = ({ case: { repository, id } }: CaseSamples): string => `${repository} ${id.slice(0, 10)}`;
  const rows = new Map<string, number>();
  for (const one of cases) rows.set(merge(one), (rows.get(merge(one)) ?? 0) + one.samples.length);
  return cases.flatMap((one) => one.samples.map(() => (rows.get(merge(one)) ?? 1) ** -0.5));
};

const short = (value: number): number => Number(value.toPrecision(4));

/** Trees know a number by its place among the features: the samples must agree on it. */
const featuresOf = (samples: readonly Sample[]): readonly string[] => {
  const features = Object.keys(samples[0]?.features ?? {});
  const names = features.join('\n');
  if (samples.some((one) => Object.keys(one.features).join('\n') !== names))
    throw new Error('samples differ in what is measured or in its order');
  return features;
};

const learn = (cases: readonly CaseSamples[], threshold: number): Weights => {
  const samples = cases.flatMap((one) => one.samples);
  const forest = growForest(
    {
      rows: samples.map(({ features }) => Object.values(features)),
      truths: samples.map(({ taken }) => taken),
      weights: weightsOf(cases),
    },
    growth,
  );
  return {
    features: featuresOf(samples),
    bias: short(forest.bias),
    threshold,
    trees: forest.trees.map((tree) =>
      tree
        .map(({ feature, threshold: edge, left, right, value }) =>
          feature >= 0 ? `${feature} ${edge} ${left} ${right}` : `=${short(value)}`,
        )
        .join(';'),
    ),
  };
};

/** How sure the least sure of a file's hunks is, and whether all of the file would be as people left it. */
type Guess = { readonly chance: number; readonly same: boolean };

/** Chance 0: the checks leave a hunk of it open however sure the weights are. */
const guess = async (one: CaseSamples, weights: Weights): Promise<Guess> => {
  const chanceOf = readForest(weights);
  const best = new Map<number, Sample & { readonly chance: number }>();
  for (const sample of one.samples) {
    const chance = chanceOf(sample.features);
    if (chance > (best.get(sample.hunk)?.chance ?? -1)) best.set(sample.hunk, { ...sample, chance });
  }
  const hunks = [...best.values()];
  return {
    chance: (await isTakenWhole(one.case, hunks)) ? Math.min(...hunks.map(({ chance }) => chance)) : 0,
    same: one.reachable && hunks.every(({ taken }) => taken),
  };
};

const outOfFold = async (cases: readonly CaseSamples[]): Promise<readonly Guess[]> => {
  const repositories = [...new Set(cases.map((one) => one.case.repository))].sort();
  const guesses: Guess[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    const isHeld = (one: CaseSamples): boolean => repositories.indexOf(one.case.repository) % folds === fold;
    const weights = learn(
      cases.filter((one) => !isHeld(one)),
      0,
    );
    for (const one of cases.filter(isHeld)) guesses.push(await guess(one, weights));
  }
  return guesses;
};

const thresholdOf = (guesses: readonly Guess[]): number => {
  const sorted = [...guesses].sort((a, b) => b.chance - a.chance);
  let wrong = 0;
  for (const { chance, same } of sorted) {
    if (!same) wrong += 1;
    if (wrong > maxWrong * sorted.length) return short(chance + 1e-4);
  }
  return 1;
};

const directories = process.argv.slice(2);
if (directories.length === 0) {
  process.stderr.write('npm run train:merge -- DIR…, each a folder of recorded merges\n');
  process.exit(2);
}
const read: (CaseSamples | null)[] = [];
for (const one of directories.flatMap(readCases)) read.push(await samplesOf(one));
const cases = read.filter((one) => one !== null);
const guesses = await outOfFold(cases);
const threshold = thresholdOf(guesses);
const sure = guesses.filter(({ chance }) => chance >= threshold);
const same = sure.filter((one) => one.same).length;
console.log(`${cases.length} files of ${new Set(cases.map((one) => one.case.repository)).size} repositories`);
console.log(
  `threshold ${threshold}; out of fold by repository: identical ${same}, different ${sure.length - same}`,
);
const place = join(import.meta.dirname, '../packages/merge/src/choose/weights.json');
writeFileSync(place, `${JSON.stringify(learn(cases, threshold), null, 2)}\n`);
