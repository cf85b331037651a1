import { type Cut, frameOf, hunksOf } from '../cut.ts';
import type { Hunk, Versions } from '../merge.ts';
import { propose, type Rule, rules } from '../propose/propose.ts';
import { readGaps, weaveText } from '../structure/weave-text.ts';
import { dropsWords, featuresOf } from './features.ts';
import { fileFacts } from './file-facts.ts';
import { readForest } from './forest.ts';
import { hunkFacts } from './hunk-facts.ts';
import weights from './weights.json' with { type: 'json' };

/** The likeliest text for a hunk, and the chance that people would take it. */
export type Choice = {
  readonly hunk: Hunk;
  readonly text: string;
  readonly by: Rule;
  readonly chance: number;
  /** Likely enough, and no side's words go. Else the hunk is left to others. */
  readonly isSure: boolean;
};

/** The likeliest text for each hunk, whether likely enough or not. */
export const chooseTexts = async (
  path: string,
  versions: Versions,
  cuts: readonly Cut[],
): Promise<readonly Choice[]> => {
  const chanceOf = readForest(weights);
  const structure = await structureOf(path, versions, cuts);
  const file = fileFacts(path, versions, cuts);
  return hunksOf(cuts).map((hunk, index) => {
    const proposals = propose(hunk, structure[index] ?? null);
    const rows = featuresOf({ file, facts: hunkFacts(hunk), hunk, proposals });
    const chances = rows.map(chanceOf);
    const best = chances.indexOf(Math.max(...chances));
    const { text, rules: agreeing } = proposals[best]!;
    const by = rules.find((rule) => agreeing.includes(rule))!;
    const chance = chances[best]!;
    return { hunk, text, by, chance, isSure: chance >= weights.threshold && !dropsWords(rows[best]!) };
  });
};

/** What the syntax of the whole file says about each hunk. */
export const structureOf = async (
  path: string,
  versions: Versions,
  cuts: readonly Cut[],
): Promise<readonly (string | null)[]> => {
  const woven = await weaveText(path, versions);
  return woven === null ? [] : readGaps(frameOf(cuts), woven);
};
