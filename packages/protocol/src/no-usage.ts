import type { Usage } from './usage.ts';

/** Apart from the schema, so that a screen draws its first frame without loading one. */
export const noUsage: Usage = { in: 0, cached: 0, out: 0, costUsd: 0 };
