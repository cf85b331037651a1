import type { Clock } from '@tandem/core';
import { failureDetails } from './failure.ts';

/** More would keep a person waiting for minutes at a server that is down. */
const maxRetries = 4;
const firstDelayMs = 500;
const maxDelayMs = 8_000;
/** A provider may ask for an hour; past a minute a person would rather be told. */
const maxRetryAfterMs = 60_000;

/** `Retry-After` in seconds or as a date, `retry-after-ms` where a provider is more exact. */
export const retryAfterMs = (headers: Headers, now: string): number | undefined => {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.parse(now));
};

export const retryDelayMs = (input: {
  readonly attempt: number;
  readonly random: () => number;
  readonly retryAfterMs?: number | undefined;
}): number => {
  if (input.retryAfterMs !== undefined) return Math.min(input.retryAfterMs, maxRetryAfterMs);
  const full = Math.min(firstDelayMs * 2 ** input.attempt, maxDelayMs);
  return full * (0.5 + input.random() / 2);
};

/**
 * Runs `attempt` until it succeeds, fails for good or has been retried four times. An attempt that has called
 * `commit` is never repeated: its first tokens have been shown.
 */
export const withRetries = async <T>(
  policy: { readonly clock: Clock; readonly random: () => number; readonly signal: AbortSignal },
  attempt: (commit: () => void) => Promise<T>,
): Promise<T> => {
  for (let count = 0; ; count += 1) {
    let committed = false;
    try {
      return await attempt(() => {
        committed = true;
      });
    } catch (error) {
      policy.signal.throwIfAborted();
      const details = failureDetails(error);
      if (committed || details.retryable !== true || count >= maxRetries) throw error;
      const delay = retryDelayMs({
        attempt: count,
        random: policy.random,
        retryAfterMs: details.retryAfterMs,
      });
      await policy.clock.sleep(delay, policy.signal);
    }
  }
};
