/**
 * How the guard's classifier learns: a logistic regression over hashed features, the same for the shipped weights and for
 * measuring it. Same samples, same weights.
 */
import { buckets } from '../packages/guard/src/learned/features.ts';

/** Licences under which a case may be learned from. */
export const permissive = /^(?:MIT|ISC|BSD|Apache-2\.0|0BSD|Unlicense|CC0)/;

/** Of the safe actions that the rules allow. More would cost work that nobody objects to; less lets it say nothing at all. */
export const falseAlarmShare = 0.001;

const rounds = 30;

export type Sample = {
  readonly features: readonly number[];
  readonly dangerous: boolean;
  readonly weight: number;
};

export type Model = { readonly weights: Float64Array; bias: number };

/** Adagrad on the logistic loss with a little decay; the order of the samples is fixed by a seeded shuffle. */
export const train = (list: readonly Sample[]): Model => {
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

/** Between 0 and 1. */
export const predict = (model: Model, features: readonly number[]): number => {
  let sum = 0;
  for (const feature of features) sum += model.weights[feature]!;
  return 1 / (1 + Math.exp(-(model.bias + sum / Math.sqrt(Math.max(1, features.length)))));
};

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
