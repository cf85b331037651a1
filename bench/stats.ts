/** The few statistics a report of solved tasks needs. */

export type Interval = { readonly low: number; readonly high: number };

/** Wilson score interval of `solved` out of `total`, 95 %; the whole range when nothing was tried. */
export const wilson = (solved: number, total: number): Interval => {
  if (total === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const rate = solved / total;
  const scale = 1 + (z * z) / total;
  const centre = rate + (z * z) / (2 * total);
  const spread = z * Math.sqrt((rate * (1 - rate)) / total + (z * z) / (4 * total * total));
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
};

/** Null when there are no values. */
export const median = (values: readonly number[]): number | null => {
  if (values.length === 0) return null;
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
