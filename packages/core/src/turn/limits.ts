import { AppError } from '@tandem/protocol';
import type { Clock } from '../ports.ts';
import type { OpenTurn } from './state.ts';

/** Steps of a turn when nobody says how many: far more than good work takes, and an end to bad work. */
const DEFAULT_STEPS = 100;

/** @throws AppError limit when the turn has used up its steps or its money */
export const checkLimits = (turn: OpenTurn): void => {
  const steps = turn.options.maxTurns ?? DEFAULT_STEPS;
  if (turn.steps >= steps)
    throw new AppError(
      'limit',
      `the turn ended after ${steps} steps; continue with a new turn or raise --max-turns`,
    );
  const cost = turn.options.maxCostUsd;
  if (cost !== undefined && turn.usage.costUsd >= cost)
    throw new AppError('limit', `the turn ended at its cost limit of ${cost} USD; raise --max-cost to go on`);
};

/** Aborts the turn when its time is up; the function returned stops the watch. */
export const watchTime = (
  clock: Clock,
  seconds: number | undefined,
  control: { readonly abort: (reason: unknown) => void },
): (() => void) => {
  if (seconds === undefined) return () => {};
  const stop = new AbortController();
  const reason = new AppError(
    'limit',
    `the turn ended after ${seconds} seconds; raise --max-seconds to go on`,
  );
  clock.sleep(seconds * 1000, stop.signal).then(
    () => control.abort(reason),
    () => {},
  );
  return () => stop.abort();
};
