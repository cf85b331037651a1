/** How much of a walk that starts at the seeds and follows references ends in each file. Sums to about one. */
export const pageRank = (
  edges: readonly ReadonlyMap<number, number>[],
  seeds: readonly number[],
): readonly number[] => {
  const total = seeds.reduce((sum, seed) => sum + seed, 0);
  if (total === 0) return seeds;
  const start = seeds.map((seed) => seed / total);
  const outgoing = edges.map((targets) => [...targets.values()].reduce((sum, weight) => sum + weight, 0));
  let ranks: readonly number[] = start;
  for (let round = 0; round < rounds; round += 1) ranks = step({ edges, outgoing, start, ranks });
  return ranks;
};

/** Half of each step returns to the seeds: what is three references away is no longer about the request. */
const damping = 0.5;
/** With that damping the rest after ten rounds is a thousandth. */
const rounds = 10;

type Walk = {
  readonly edges: readonly ReadonlyMap<number, number>[];
  readonly outgoing: readonly number[];
  readonly start: readonly number[];
  readonly ranks: readonly number[];
};

const step = ({ edges, outgoing, start, ranks }: Walk): readonly number[] => {
  const next = start.map((seed) => seed * (1 - damping));
  for (const [from, targets] of edges.entries()) {
    const out = outgoing[from]!;
    const given = ranks[from]! * damping;
    if (out === 0) {
      next[from] = next[from]! + given;
      continue;
    }
    for (const [to, weight] of targets) next[to] = next[to]! + (given * weight) / out;
  }
  return next;
};
