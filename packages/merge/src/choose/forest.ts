import type { Numbers } from './file-facts.ts';

/**
 * Small trees whose leaves add up to the odds that people would have taken a text. A tree is its nodes in a row,
 * `feature threshold left right` or `=value`, so that thousands of nodes are read in milliseconds.
 */
export type Weights = {
  readonly features: readonly string[];
  readonly bias: number;
  /** A hunk is settled from this chance on. */
  readonly threshold: number;
  readonly trees: readonly string[];
};

type Node =
  | { readonly feature: number; readonly threshold: number; readonly left: number; readonly right: number }
  | { readonly value: number };

/** Between 0 and 1. */
export type Chance = (numbers: Numbers) => number;

export const readForest = ({ features, bias, trees }: Weights): Chance => {
  const forest = trees.map((tree) => tree.split(';').map(readNode));
  return (numbers) => {
    const values = features.map((name) => numbers[name] ?? missing(name));
    let odds = bias;
    for (const tree of forest) {
      let node = tree[0]!;
      while ('feature' in node)
        node = tree[values[node.feature]! <= node.threshold ? node.left : node.right]!;
      odds += node.value;
    }
    return 1 / (1 + Math.exp(-odds));
  };
};

const missing = (name: string): never => {
  throw new Error(`the weights ask for "${name}", which is not measured: train them again`);
};

const readNode = (text: string): Node => {
  if (text.startsWith('=')) return { value: Number(text.slice(1)) };
  const [feature = 0, threshold = 0, left = 0, right = 0] = text.split(' ').map(Number);
  return { feature, threshold, left, right };
};
