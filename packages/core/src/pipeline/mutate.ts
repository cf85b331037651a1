import { probeExpressions } from './agree.ts';
import { tryText } from './attempt.ts';
import { exampleShares, probe } from './examples-check.ts';
import type { AttemptSource, PipelineRun, Region } from './state.ts';

/** Mutants made at most; a screen by examples costs about a millisecond each. */
const maxMutants = 600;
/** Without examples each mutant costs a run of the verify command, so fewer, and no longer than this. */
const unscreenedMutants = 80;
const unscreenedMs = 25_000;
/** Survivors of the screen that are worth a real verify. */
const maxSurvivors = 16;
/** Survivors whose behaviour is compared. */
const maxCompared = 80;

/** Where no version holds all examples, so many of the best are verified all the same. */
const maxNearMisses = 3;
const secondOrderParents = 4;
const secondOrderMutants = 400;

const noTokens = { in: 0, out: 0 };

/** Single syntax-tree changes that undo simple bugs, screened by the examples in bulk, then verified. */
export const tryMutations = async (
  run: PipelineRun,
  input: { readonly region: Region; readonly base: string; readonly source: AttemptSource },
): Promise<void> => {
  const { region, base, source } = input;
  const lines = source === 'mutation' ? mutationLines(region) : undefined;
  const mutants = await run.context.code.mutations(region.path, base, {
    limit: run.examples.length > 0 ? maxMutants : unscreenedMutants,
    ...(lines === undefined ? {} : { lines }),
  });
  if (mutants.length === 0) return;
  run.context.progress(`trying ${mutants.length} small changes`);
  const texts = mutants.map((mutant) => mutant.text);
  const survivors = await screen(run, { region, base, texts });
  if (survivors === null) return verifyEach(run, { region, texts, source });
  for (const text of await unlike(run, { region, texts: survivors }))
    await tryText(run, { region, text, source, tokens: noTokens });
};

/**
 * Texts that hold the most examples, if that is more than the base holds. Where no single change holds all, the best
 * are changed once more: a bug of two places shows as two steps uphill. Null when examples say nothing.
 */
const screen = async (
  run: PipelineRun,
  input: { readonly region: Region; readonly base: string; readonly texts: readonly string[] },
): Promise<readonly string[] | null> => {
  const { region, base } = input;
  const shares = await exampleShares(run, { region, texts: [base, ...input.texts] });
  if (shares === null) return null;
  const own = shares[0] ?? 0;
  // Examples that hold already see nothing of this bug.
  if (own === 1) return null;
  const first = rankShares(input.texts, shares.slice(1), own);
  if (first.length === 0 || first[0]?.share === 1 || !run.uses('second_order')) return best(first);
  const second: Shared[] = [];
  for (const parent of first.slice(0, secondOrderParents)) {
    const children = await run.context.code.mutations(region.path, parent.text, {
      limit: secondOrderMutants,
    });
    const texts = children.map((child) => child.text);
    const shared = await exampleShares(run, { region, texts });
    second.push(...rankShares(texts, shared ?? [], parent.share));
    if (second.some((one) => one.share === 1)) break;
  }
  return best([...second, ...first].sort((a, b) => b.share - a.share));
};

/** One text for each behaviour, so that many ways to write the same change do not crowd out the others. */
const unlike = async (
  run: PipelineRun,
  input: { readonly region: Region; readonly texts: readonly string[] },
): Promise<readonly string[]> => {
  const rows = await probe(run, { ...input, expressions: probeExpressions(run.examples) });
  if (rows === null) return input.texts.slice(0, maxSurvivors);
  const first = new Map<string, string>();
  for (const [index, row] of rows.entries()) {
    const behaviour = row.map((value) => `${value.type}:${value.text}`).join('\u0000');
    const text = input.texts[index];
    if (text !== undefined && !first.has(behaviour)) first.set(behaviour, text);
  }
  return [...first.values()].slice(0, maxSurvivors);
};

type Shared = { readonly text: string; readonly share: number };

const rankShares = (texts: readonly string[], shares: readonly number[], above: number): readonly Shared[] =>
  texts
    .map((text, index) => ({ text, share: shares[index] ?? 0 }))
    .filter((one) => one.share > above)
    .sort((a, b) => b.share - a.share);

/** An example in a comment may itself be wrong: the most that any version holds is the mark. */
const best = (ranked: readonly Shared[]): readonly string[] =>
  ranked
    .filter((one) => one.share === ranked[0]?.share)
    .slice(0, ranked[0]?.share === 1 ? maxCompared : maxNearMisses)
    .map((one) => one.text);

/** Where to look: the lines that ran, else the symbol, else everywhere. */
const mutationLines = (region: Region): ReadonlySet<number> | undefined => {
  if (region.suspicious.size > 0) return region.suspicious;
  if (region.symbol === null) return undefined;
  const { startLine, endLine } = region.symbol;
  return new Set(Array.from({ length: endLine - startLine + 1 }, (_, index) => startLine + index));
};

const verifyEach = async (
  run: PipelineRun,
  input: { readonly region: Region; readonly texts: readonly string[]; readonly source: AttemptSource },
): Promise<void> => {
  if (run.baseline.command === null || run.baseline.passed) return;
  const startedAt = run.context.clock.ms();
  let found = 0;
  for (const text of input.texts) {
    if (run.context.clock.ms() - startedAt > unscreenedMs || found >= 3) return;
    const tried = await tryText(run, { region: input.region, text, source: input.source, tokens: noTokens });
    if (tried.type === 'attempt' && tried.attempt.passed) found++;
  }
};
