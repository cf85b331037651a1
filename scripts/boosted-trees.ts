/**
 * Gradient boosting of small trees on the logistic loss: how the weights of the merge's choice are learned. No randomness:
 * same samples, same trees.
 */

export type Samples = {
  /** One row of features a sample, all of one length. */
  readonly rows: readonly (readonly number[])[];
  readonly truths: readonly boolean[];
  readonly weights: readonly number[];
};

/** `feature < 0` marks a leaf. Left is where the value is at most the threshold. */
export type TreeNode = {
  readonly feature: number;
  readonly threshold: number;
  readonly left: number;
  readonly right: number;
  readonly value: number;
};
export type Forest = { readonly bias: number; readonly trees: readonly (readonly TreeNode[])[] };

export type Growth = {
  readonly trees: number;
  readonly leaves: number;
  readonly rate: number;
  /** Weight of samples that a leaf must have, and what pulls its value to nothing. */
  readonly least: number;
  readonly decay: number;
};

const maxBins = 64;

type Binned = { readonly bins: readonly Uint8Array[]; readonly edges: readonly Float64Array[] };
type Leaf = { readonly node: number; readonly members: Int32Array; readonly split: Split | null };
type Split = { readonly feature: number; readonly bin: number; readonly gain: number };
type Slopes = { readonly first: Float64Array; readonly second: Float64Array };

export const growForest = (samples: Samples, growth: Growth): Forest => {
  const { rows, truths, weights } = samples;
  const binned = binSamples(rows);
  const total = weights.reduce((sum, one) => sum + one, 0);
  const positive = weights.reduce((sum, one, index) => sum + (truths[index] ? one : 0), 0);
  const bias = Math.log(positive / (total - positive));
  const scores = new Float64Array(rows.length).fill(bias);
  const slopes = { first: new Float64Array(rows.length), second: new Float64Array(rows.length) };
  const trees: (readonly TreeNode[])[] = [];
  for (let round = 0; round < growth.trees; round += 1) {
    for (let index = 0; index < rows.length; index += 1) {
      const chance = 1 / (1 + Math.exp(-scores[index]!));
      slopes.first[index] = weights[index]! * (chance - (truths[index] ? 1 : 0));
      slopes.second[index] = weights[index]! * chance * (1 - chance);
    }
    trees.push(growTree(binned, slopes, scores, growth));
  }
  return { bias, trees };
};

/** The leaf with the most to gain is split first. Adds each leaf's value to the scores of its samples. */
const growTree = (
  binned: Binned,
  slopes: Slopes,
  scores: Float64Array,
  growth: Growth,
): readonly TreeNode[] => {
  const nodes: TreeNode[] = [leafNode(0)];
  const everyone = Int32Array.from(scores.keys());
  let open: Leaf[] = [{ node: 0, members: everyone, split: bestSplit(binned, slopes, everyone, growth) }];
  while (open.length < growth.leaves) {
    const next = open.reduce((best, leaf) =>
      (leaf.split?.gain ?? 0) > (best.split?.gain ?? 0) ? leaf : best,
    );
    if (next.split === null) break;
    const { feature, bin } = next.split;
    const column = binned.bins[feature]!;
    const sides = [
      next.members.filter((one) => column[one]! <= bin),
      next.members.filter((one) => column[one]! > bin),
    ];
    const leaves = sides.map((members): Leaf => {
      nodes.push(leafNode(0));
      return { node: nodes.length - 1, members, split: bestSplit(binned, slopes, members, growth) };
    });
    const threshold = binned.edges[feature]![bin]!;
    nodes[next.node] = { feature, threshold, left: leaves[0]!.node, right: leaves[1]!.node, value: 0 };
    open = [...open.filter((leaf) => leaf !== next), ...leaves];
  }
  for (const { node, members } of open) {
    const value = -growth.rate * (sum(slopes.first, members) / (sum(slopes.second, members) + growth.decay));
    nodes[node] = leafNode(value);
    for (const one of members) scores[one]! += value;
  }
  return nodes;
};

const leafNode = (value: number): TreeNode => ({ feature: -1, threshold: 0, left: 0, right: 0, value });

const sum = (values: Float64Array, members: Int32Array): number => {
  let total = 0;
  for (const one of members) total += values[one]!;
  return total;
};

const bestSplit = (
  { bins, edges }: Binned,
  slopes: Slopes,
  members: Int32Array,
  growth: Growth,
): Split | null => {
  const all = { first: sum(slopes.first, members), second: sum(slopes.second, members) };
  const worth = (first: number, second: number): number => (first * first) / (second + growth.decay);
  let best: Split | null = null;
  const first = new Float64Array(maxBins);
  const second = new Float64Array(maxBins);
  for (let feature = 0; feature < bins.length; feature += 1) {
    const last = edges[feature]!.length;
    if (last === 0) continue;
    first.fill(0);
    second.fill(0);
    const column = bins[feature]!;
    for (const one of members) {
      first[column[one]!]! += slopes.first[one]!;
      second[column[one]!]! += slopes.second[one]!;
    }
    let leftFirst = 0;
    let leftSecond = 0;
    for (let bin = 0; bin < last; bin += 1) {
      leftFirst += first[bin]!;
      leftSecond += second[bin]!;
      if (leftSecond < growth.least || all.second - leftSecond < growth.least) continue;
      const gain =
        worth(leftFirst, leftSecond) +
        worth(all.first - leftFirst, all.second - leftSecond) -
        worth(all.first, all.second);
      if (gain > (best?.gain ?? 1e-6)) best = { feature, bin, gain };
    }
  }
  return best;
};

const binSamples = (rows: readonly (readonly number[])[]): Binned => {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, feature) =>
    Float64Array.from(rows, (row) => row[feature]!),
  );
  const edges = columns.map(edgesOf);
  const bins = columns.map((column, feature) =>
    Uint8Array.from(column, (value) => binOf(edges[feature]!, value)),
  );
  return { bins, edges };
};

/** Between neighbouring values, as many as fit, with about as many samples on either side. */
const edgesOf = (column: Float64Array): Float64Array => {
  const sorted = column.toSorted();
  const edges: number[] = [];
  const distinct = [...new Set(sorted)];
  if (distinct.length <= maxBins)
    return Float64Array.from(distinct.slice(1), (value, index) => (value + distinct[index]!) / 2);
  for (let step = 1; step < maxBins; step += 1) {
    const at = Math.floor((sorted.length * step) / maxBins);
    const edge = (sorted[at]! + sorted[at - 1]!) / 2;
    if (edge > (edges.at(-1) ?? Number.NEGATIVE_INFINITY)) edges.push(edge);
  }
  return Float64Array.from(edges);
};

const binOf = (edges: Float64Array, value: number): number => {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
};
