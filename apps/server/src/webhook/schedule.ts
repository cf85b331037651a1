const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses after a try that failed, as Standard Webhooks proposes: about three days in all. */
const pauses: readonly number[] = [
  ...[5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
];

/** A webhook that nothing reached for so long is disabled. */
export const disabledAfterMs = 5 * 24 * hour;

/**
 * Milliseconds until the next try, after `tries` that failed; null when that was the last. Up to a fifth longer or shorter, so
 * that what failed together is not tried together. `random` is from 0 to 1.
 */
export const pauseAfter = (tries: number, random: number): number | null => {
  const pause = pauses[tries - 1];
  return pause === undefined ? null : Math.round(pause * (0.8 + 0.4 * random));
};
