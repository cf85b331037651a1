/**
 * The learned layer as `npm run train:guard` trains it, scored on sources that its training did not see. A case whose
 * licence forbids training is scored by weights of all the others.
 */
import { featuresOf } from '../../packages/guard/src/learned/features.ts';
import type { Guard, Judged } from '../../packages/guard/src/load-guard.ts';
import {
  falseAlarmShare,
  type Sample as Learnable,
  permissive,
  predict,
  train,
} from '../../scripts/classifier.ts';
import { type Case, isShell, requestOf } from './cases.ts';

const folds = 10;

/** @property judged by the rules alone */
type Sample = Learnable & { readonly case: Case; readonly judged: Judged };

export type Scored = { readonly case: Case; readonly judged: Judged; readonly score: number };
export type OutOfFold = {
  readonly scored: readonly Scored[];
  readonly threshold: number;
  /** What the shipped weights are trained on. */
  readonly learned: readonly Learnable[];
};

/** @param rules a guard without the learned layer */
export const scoreOutOfFold = (cases: readonly Case[], rules: Guard): OutOfFold => {
  const shell = cases.filter(isShell);
  const trainable = shell.filter(({ label, licence }) => label !== 'ask' && permissive.test(licence));
  const sizes = new Map<string, number>();
  for (const { source } of trainable) sizes.set(source, (sizes.get(source) ?? 0) + 1);
  const sources = [...sizes.keys()].toSorted((left, right) => sizes.get(right)! - sizes.get(left)!);
  const foldOf = new Map(sources.map((source, index) => [source, index % folds]));
  const samples = shell.map((one) => sampleOf(one, { rules, size: sizes.get(one.source) ?? 1 }));
  const learning = new Set(trainable);
  const scored: Scored[] = [];
  for (let fold = 0; fold <= folds; fold += 1) {
    const inFold = (sample: Sample): boolean => (foldOf.get(sample.case.source) ?? folds) === fold;
    const model = train(samples.filter((sample) => learning.has(sample.case) && !inFold(sample)));
    for (const sample of samples.filter(inFold))
      scored.push({ case: sample.case, judged: sample.judged, score: predict(model, sample.features) });
  }
  return {
    scored,
    threshold: thresholdOf(scored.filter((one) => learning.has(one.case))),
    learned: samples.filter((sample) => learning.has(sample.case)),
  };
};

const sampleOf = (one: Case, { rules, size }: { readonly rules: Guard; readonly size: number }): Sample => {
  const judged = rules.judge(requestOf(one));
  return {
    case: one,
    features: featuresOf(judged.commands, judged.found),
    dangerous: one.label === 'dangerous',
    weight: 1 / Math.sqrt(size),
    judged,
  };
};

const thresholdOf = (scored: readonly Scored[]): number => {
  const safe = scored
    .filter(({ case: { label }, judged }) => label === 'safe' && judged.decision === 'allow')
    .map(({ score }) => score)
    .toSorted((left, right) => right - left);
  return Math.max(0.5, safe[Math.floor(safe.length * falseAlarmShare)] ?? 1) + 1e-6;
};
