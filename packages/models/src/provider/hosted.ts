/** Windows of hosted models, tokens. A probe or the person's settings win; what is not here gets the cautious default. */
export type HostedLimits = { readonly contextWindow: number; readonly maxOutput: number };

/** Longest prefix first: the first that fits is the one. Source: the providers' model pages, late 2025. */
const limits: readonly (readonly [string, HostedLimits])[] = [
  ['openai/gpt-5-chat', { contextWindow: 128_000, maxOutput: 16_384 }],
  ['openai/gpt-5', { contextWindow: 400_000, maxOutput: 128_000 }],
  ['openai/gpt-4.1', { contextWindow: 1_047_576, maxOutput: 32_768 }],
  ['openai/gpt-4o', { contextWindow: 128_000, maxOutput: 16_384 }],
  ['openai/o4-mini', { contextWindow: 200_000, maxOutput: 100_000 }],
  ['openai/o3', { contextWindow: 200_000, maxOutput: 100_000 }],
  ['openai/o1', { contextWindow: 200_000, maxOutput: 100_000 }],
  ['anthropic/claude-3-5', { contextWindow: 200_000, maxOutput: 8_192 }],
  ['anthropic/claude-3-7', { contextWindow: 200_000, maxOutput: 64_000 }],
  ['anthropic/claude-3', { contextWindow: 200_000, maxOutput: 4_096 }],
  ['anthropic/claude-opus-4-5', { contextWindow: 200_000, maxOutput: 64_000 }],
  ['anthropic/claude-opus', { contextWindow: 200_000, maxOutput: 32_000 }],
  ['anthropic/claude', { contextWindow: 200_000, maxOutput: 64_000 }],
];

/** An unknown server may have less than it can say; 8,192 is what even small ones are started with. */
export const cautious: HostedLimits = { contextWindow: 8_192, maxOutput: 4_096 };

export const hostedLimits = (id: string): HostedLimits | null =>
  limits.find(([prefix]) => id.startsWith(prefix))?.[1] ?? null;
