import { AppError, type Isolated } from '@tandem/protocol';
import type { Parsed } from '../args/parse.ts';
import { given, manyOf, numberOf } from '../args/read.ts';
import type { Config } from '../config/config.ts';
import { planTurn, type TurnPlan } from '../exec/plan.ts';
import type { Host } from '../host.ts';

export type AttemptsPlan = {
  readonly turn: TurnPlan;
  readonly isolated: Isolated;
  /** Of each attempt in turn; empty: the one that is used when none is named. */
  readonly models: readonly string[];
  /** The chosen one goes into the files at once. */
  readonly accept: boolean;
  readonly json: boolean;
};

const usualCount = 3;

/** @throws AppError usage */
export const planAttempts = (input: {
  readonly parsed: Parsed;
  readonly host: Host;
  readonly config: Config;
  readonly cwd: string;
}): AttemptsPlan => {
  const { parsed } = input;
  const { switches } = parsed;
  const models = manyOf(parsed, 'model');
  const hypotheses = manyOf(parsed, 'try');
  const named = Math.max(hypotheses.length, models.length);
  const count = numberOf(parsed, 'attempts') ?? (named > 0 ? named : usualCount);
  if (count > 64) throw new AppError('usage', '--attempts is at most 64');
  if (count < named)
    throw new AppError('usage', `${named} are named by --try or --model, and --attempts is only ${count}`);
  const one = new Map(parsed.values);
  // Here it is the number of sessions; inside each the model makes as many tries as it usually does.
  one.delete('attempts');
  if (models[0] !== undefined) one.set('model', models[0]);
  const { attempts: _, ...config } = input.config;
  const turn = planTurn({ ...input, config, parsed: { ...parsed, values: one } });
  return {
    turn: {
      ...turn,
      options: { ...turn.options, ...given('verifySeconds', numberOf(parsed, 'verify-timeout')) },
    },
    isolated: {
      for: 'all',
      count,
      hypotheses: [...hypotheses],
      models: [],
      seed: numberOf(parsed, 'seed') ?? 1,
      ...given('maxParallel', numberOf(parsed, 'max-parallel')),
      all: switches.has('all'),
      land: false,
      resume: false,
    },
    models,
    accept: switches.has('accept'),
    json: switches.has('json'),
  };
};
