/** USD per million tokens. */
export type Price = {
  readonly in: number;
  /** Prompt tokens read from the provider's cache. */
  readonly cached: number;
  /** Prompt tokens written to it, where that costs more than reading the prompt. */
  readonly cacheWrite?: number;
  readonly out: number;
};

/**
 * List prices without discounts, as the providers' pricing pages gave them in late 2025. Only what we are sure of: a
 * model that is not here has an unknown price, and its cost is counted as 0. Longest prefix wins, so that dated names
 * (`gpt-4.1-2025-04-14`) are found; a new generation needs a line of its own.
 */
const prices: Readonly<Record<string, Price>> = {
  'openai/gpt-4o': { in: 2.5, cached: 1.25, out: 10 },
  'openai/gpt-4o-mini': { in: 0.15, cached: 0.075, out: 0.6 },
  'openai/gpt-4.1': { in: 2, cached: 0.5, out: 8 },
  'openai/gpt-4.1-mini': { in: 0.4, cached: 0.1, out: 1.6 },
  'openai/gpt-4.1-nano': { in: 0.1, cached: 0.025, out: 0.4 },
  'openai/o3': { in: 2, cached: 0.5, out: 8 },
  'openai/o4-mini': { in: 1.1, cached: 0.275, out: 4.4 },
  'openai/gpt-5': { in: 1.25, cached: 0.125, out: 10 },
  'openai/gpt-5-codex': { in: 1.25, cached: 0.125, out: 10 },
  'openai/gpt-5-mini': { in: 0.25, cached: 0.025, out: 2 },
  'openai/gpt-5-nano': { in: 0.05, cached: 0.005, out: 0.4 },
  'anthropic/claude-3-5-haiku': { in: 0.8, cached: 0.08, cacheWrite: 1, out: 4 },
  'anthropic/claude-3-7-sonnet': { in: 3, cached: 0.3, cacheWrite: 3.75, out: 15 },
  'anthropic/claude-sonnet-4': { in: 3, cached: 0.3, cacheWrite: 3.75, out: 15 },
  'anthropic/claude-sonnet-4-5': { in: 3, cached: 0.3, cacheWrite: 3.75, out: 15 },
  'anthropic/claude-opus-4': { in: 15, cached: 1.5, cacheWrite: 18.75, out: 75 },
  'anthropic/claude-opus-4-1': { in: 15, cached: 1.5, cacheWrite: 18.75, out: 75 },
  'anthropic/claude-opus-4-5': { in: 5, cached: 0.5, cacheWrite: 6.25, out: 25 },
  'anthropic/claude-haiku-4-5': { in: 1, cached: 0.1, cacheWrite: 1.25, out: 5 },
};

/** The name itself, a dated one of it, or its `latest`: never a sibling (`gpt-4.1-mini`) or a successor (`gpt-5.2`). */
const isVersionOf = (id: string, known: string): boolean =>
  id.startsWith(known) && /^(-\d{4}-\d{2}-\d{2}|-\d{8}|-0|-latest)?$/.test(id.slice(known.length));

/** Null when the price is unknown: say so rather than promise that it costs nothing. */
export const priceOf = (id: string): Price | null => {
  const known = Object.keys(prices).find((name) => isVersionOf(id, name));
  return known === undefined ? null : prices[known]!;
};

/** `in` counts all prompt tokens; `cached` and `cacheWritten` are parts of it. */
export const costOf = (
  price: Price,
  tokens: {
    readonly in: number;
    readonly cached: number;
    readonly cacheWritten?: number;
    readonly out: number;
  },
): number => {
  const written = tokens.cacheWritten ?? 0;
  const plain = Math.max(0, tokens.in - tokens.cached - written);
  const total =
    plain * price.in +
    tokens.cached * price.cached +
    written * (price.cacheWrite ?? price.in) +
    tokens.out * price.out;
  return total / 1_000_000;
};
