/** 950, 1.2k, 34k, 1.5M: as many digits as a glance takes in. */
export const amount = (count: number): string => {
  if (count < 1_000) return String(count);
  if (count < 10_000) return `${(count / 1_000).toFixed(1)}k`;
  if (count < 1_000_000) return `${Math.round(count / 1_000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
};

export const seconds = (ms: number): string => {
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes} min ${Math.round((ms - minutes * 60_000) / 1_000)} s`;
};

export const dollars = (cost: number): string => (cost === 0 ? '$0' : `$${cost.toFixed(cost < 1 ? 3 : 2)}`);
