/** What the weights of the merge's choice are learned from: proposals for recorded hunks, and which of them people took. */
import { soundChoices } from '../../packages/merge/src/check/sound.ts';
import { type Choice, structureOf } from '../../packages/merge/src/choose/choose.ts';
import { dropsWords, featuresOf } from '../../packages/merge/src/choose/features.ts';
import { fileFacts, type Numbers } from '../../packages/merge/src/choose/file-facts.ts';
import { hunkFacts } from '../../packages/merge/src/choose/hunk-facts.ts';
import { type Cut, cutAtHunks, frameOf, hunksOf } from '../../packages/merge/src/cut.ts';
import { propose, type Rule } from '../../packages/merge/src/propose/propose.ts';
import { readGaps } from '../../packages/merge/src/structure/weave-text.ts';
import { shapeOf } from '../../packages/merge/src/text/shape.ts';
import { bare } from '../../packages/merge/src/text/tokens.ts';
import type { MergeCase } from './cases.ts';

export type Sample = {
  readonly hunk: number;
  readonly text: string;
  readonly by: Rule;
  readonly taken: boolean;
  readonly features: Numbers;
};

export type CaseSamples = {
  readonly case: MergeCase;
  /** People left all as it was that no side disputes; else no choice can be identical. */
  readonly reachable: boolean;
  readonly samples: readonly Sample[];
};

/** Hunks past this are few and cost minutes. */
const maxHunks = 60;

export const samplesOf = async (one: MergeCase): Promise<CaseSamples | null> => {
  const { versions } = shapeOf(one);
  const cuts = cutAtHunks(versions);
  const hunks = hunksOf(cuts);
  if (hunks.length === 0 || hunks.length > maxHunks) return null;
  const recorded = readGaps(frameOf(cuts), shapeOf({ ...one, base: one.resolved }).versions.base);
  const structure = await structureOf(one.path, versions, cuts);
  const file = fileFacts(one.path, versions, cuts);
  const samples = hunks.flatMap((hunk, index): readonly Sample[] => {
    const proposals = propose(hunk, structure[index] ?? null);
    const rows = featuresOf({ file, facts: hunkFacts(hunk), hunk, proposals });
    const wanted = recorded[index] ?? null;
    return rows.map((features, proposal) => ({
      hunk: index,
      text: proposals[proposal]!.text,
      by: proposals[proposal]!.rules[0]!,
      taken: wanted !== null && bare(proposals[proposal]!.text) === bare(wanted),
      features,
    }));
  });
  return { case: one, reachable: isReachable(cuts, recorded, one.resolved), samples };
};

/** Whether nothing but a low chance would leave a hunk of the file open if these, one a hunk, were taken. */
export const isTakenWhole = async (
  one: MergeCase,
  taken: readonly (Sample & { readonly chance: number })[],
) => {
  if (taken.some(({ features }) => dropsWords(features))) return false;
  const { versions } = shapeOf(one);
  const cuts = cutAtHunks(versions);
  const hunks = hunksOf(cuts);
  const choices = taken.map(
    ({ hunk, text, by, chance }): Choice => ({ hunk: hunks[hunk]!, text, by, chance, isSure: true }),
  );
  return (await soundChoices(one.path, versions, { cuts, choices })).every((choice) => choice !== null);
};

const isReachable = (
  cuts: readonly Cut[],
  recorded: readonly (string | null)[],
  resolved: string,
): boolean => {
  let index = -1;
  const text = cuts.map((cut) => {
    if (cut.type === 'text') return cut.text;
    index += 1;
    return recorded[index] ?? '\u0000';
  });
  return bare(text.join('')) === bare(resolved);
};
