import { z } from 'zod';

/** Tokens of one or more model requests. `cached` is the part of `in` whose KV state or prompt cache was reused. */
export const Usage = z.object({
  in: z.number().int().nonnegative(),
  cached: z.number().int().nonnegative(),
  out: z.number().int().nonnegative(),
  costUsd: z.number().nonnegative(),
});
export type Usage = z.infer<typeof Usage>;

export const addUsage = (a: Usage, b: Usage): Usage => ({
  in: a.in + b.in,
  cached: a.cached + b.cached,
  out: a.out + b.out,
  costUsd: a.costUsd + b.costUsd,
});
