/**
 * The learned layer as `npm run train:guard` trains it, scored on sources that its training did not see. A case whose
 * licence forbids training is scored by weights of all the others.
 */
import { buckets, featuresOf } from '../../packages/guard/src/learned/features.ts';
import type { Guard, Judged } from '../../packages/guard/src/load-guard.ts';
import { type Case, isShell, requestOf } from './cases.ts';

const permissive = /^(?:MIT|ISC|BSD|Apache-2\.0|0BSD|Unlicense|CC0)/;
const folds = 10;
const rounds = 30;
const falseAlarmShare = 0.002;

type Sample = {
  readonly case: Case;
  readonly features: readonly number[];
  readonly dangerous: boolean;
  readonly weight: number;
  /** By the rules alone. */
  readonly judged: Judged;
};

export type Scored = { readonly case: Case; readonly judged: Judged; readonly score: number };
export type OutOfFold = { readonly scored: readonly Scored[]; readonly threshold: number };

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
  return { scored, threshold: thresholdOf(scored.filter((one) => learning.has(one.case))) };
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

type Model = { readonly weights: Float64Array; bias: number };

const train = (list: readonly Sample[]): Model => {
  const model: Model = { weights: new Float64Array(buckets), bias: 0 };
  const squares = new Float64Array(buckets).fill(1e-6);
  const mean = list.reduce((sum, one) => sum + one.weight, 0) / list.length;
  const shuffled = shuffles(list.length);
  for (let round = 0; round < rounds; round += 1)
    for (const index of shuffled()) learn(model, squares, { ...list[index]!, mean });
  return model;
};

const learn = (model: Model, squares: Float64Array, sample: Sample & { readonly mean: number }): void => {
  const length = Math.sqrt(Math.max(1, sample.features.length));
  const error =
    (predict(model, sample.features) - (sample.dangerous ? 1 : 0)) * (sample.weight / sample.mean);
  model.bias -= 0.01 * error;
  for (const feature of sample.features) {
    const gradient = error / length + 1e-5 * model.weights[feature]!;
    squares[feature]! += gradient * gradient;
    model.weights[feature]! -= (0.1 * gradient) / Math.sqrt(squares[feature]!);
  }
};

/** The seeded shuffle of the training script, so that the same cases give the same weights. */
const shuffles = (length: number): (() => readonly number[]) => {
  const random = seeded(42);
  const indexes = Array.from({ length }, (_, index) => index);
  return () => {
    for (let at = length - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1));
      [indexes[at], indexes[other]] = [indexes[other]!, indexes[at]!];
    }
    return indexes;
  };
};

/** The same numbers for the same seed, from 0 up to 1. */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

const predict = (model: Model, features: readonly number[]): number => {
  let sum = 0;
  for (const feature of features) sum += model.weights[feature]!;
  return 1 / (1 + Math.exp(-(model.bias + sum / Math.sqrt(Math.max(1, features.length)))));
};
