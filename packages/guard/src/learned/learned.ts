import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reason } from '../decision.ts';
import type { FoundEffect } from '../effects/effects-of.ts';
import type { Command } from '../shell/command.ts';
import { buckets, featuresOf } from './features.ts';

/** What the classifier says of an action that no rule spoke against; null where it has no doubt. */
export type Learned = (commands: readonly Command[], found: readonly FoundEffect[]) => Guess | null;
export type Guess = { readonly score: number; readonly reason: Reason };

/** A logistic regression over hashed features. */
export type Weights = {
  readonly values: Int8Array;
  /** What one step of a value is worth. */
  readonly scale: number;
  readonly bias: number;
  /** Scores from here on are asked about: set on sources that were left out of the training. */
  readonly threshold: number;
};

/** Reads the shipped weights. @throws Error where the file is not whole: a guard with half a mind must not start */
export const loadLearned = (): Learned => {
  const folder = join(import.meta.dirname, 'weights');
  const head = JSON.parse(readFileSync(`${folder}.json`, 'utf8')) as Omit<Weights, 'values'>;
  const bytes = readFileSync(`${folder}.bin`);
  if (bytes.length !== buckets)
    throw new Error(`${folder}.bin holds ${bytes.length} weights, not ${buckets}`);
  const weights: Weights = { ...head, values: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
  return (commands, found) => {
    if (commands.length === 0) return null;
    const score = scoreOf(weights, featuresOf(commands, found));
    return score < weights.threshold ? null : { score, reason: reasonOf(score) };
  };
};

/** Between 0 and 1: how much the action looks like those that must not run silently. */
export const scoreOf = (weights: Weights, features: readonly number[]): number => {
  let sum = 0;
  for (const feature of features) sum += weights.values[feature]!;
  const length = Math.sqrt(Math.max(1, features.length));
  return 1 / (1 + Math.exp(-(weights.bias + (weights.scale * sum) / length)));
};

const reasonOf = (score: number): Reason => ({
  decision: 'ask',
  category: 'learned',
  rule: 'learned',
  clause: 'be-clear',
  message: `looks like commands that destroy or expose something (score ${score.toFixed(2)}), though no rule names it`,
});
