import type { Example, ProbeValue } from '../ports.ts';
import { findExamples } from './examples.ts';
import { failingTests } from './localise.ts';
import { readText } from './read-text.ts';
import type { PipelineRun, Region } from './state.ts';

/** One expression may run this long: an endless loop in one version must not hold up three hundred others. */
export const expressionMs = 150;

/** Examples of the region's functions from its comments, the failing tests and the request, as far as they can be run. */
export const collectExamples = async (run: PipelineRun, region: Region): Promise<readonly Example[]> => {
  const symbols = await run.context.code.symbols(region.path, region.text);
  const names = new Set(
    symbols.filter((one) => one.kind === 'function' || one.kind === 'variable').map((one) => one.name),
  );
  if (names.size === 0) return [];
  const texts = [region.text, run.context.request];
  for (const path of await failingTests(run)) texts.push((await readText(run.scratch, path)) ?? '');
  const found = texts.flatMap((text) => findExamples(text, names));
  const distinct = [...new Map(found.map((one) => [`${one.call}\n${one.expected}`, one])).values()].slice(
    0,
    24,
  );
  return usable(run, region, distinct);
};

/** An example counts when its expected value stands alone: free text that is no expression is dropped. */
const usable = async (
  run: PipelineRun,
  region: Region,
  examples: readonly Example[],
): Promise<readonly Example[]> => {
  if (examples.length === 0) return [];
  const values = await probe(run, {
    region,
    texts: [region.text],
    expressions: examples.map((one) => one.expected),
  });
  const row = values?.[0];
  if (row === undefined) return [];
  return examples.filter((_, index) => row[index]?.type === 'value');
};

export const probe = (
  run: PipelineRun,
  input: {
    readonly region: Region;
    readonly texts: readonly string[];
    readonly expressions: readonly string[];
  },
): Promise<readonly (readonly ProbeValue[])[] | null> =>
  run.context.runner.probe({
    workspace: run.scratch,
    path: input.region.path,
    texts: input.texts,
    expressions: input.expressions,
    expressionMs,
    signal: run.context.signal,
  });

/** Share of the examples that hold for each text; null where examples cannot be run. */
export const exampleShares = async (
  run: PipelineRun,
  input: { readonly region: Region; readonly texts: readonly string[] },
): Promise<readonly number[] | null> => {
  if (run.examples.length === 0 || !run.uses('examples')) return null;
  const expressions = run.examples.flatMap((one) => [one.call, one.expected]);
  const rows = await probe(run, { ...input, expressions });
  return rows === null ? null : rows.map((row) => share(row, run.examples.length));
};

const share = (row: readonly ProbeValue[], count: number): number => {
  let held = 0;
  for (let index = 0; index < count; index++) {
    const got = row[index * 2];
    const expected = row[index * 2 + 1];
    if (got?.type === 'value' && expected?.type === 'value' && got.text === expected.text) held++;
  }
  return held / count;
};

export const exampleShare = async (
  run: PipelineRun,
  input: { readonly region: Region; readonly text: string },
): Promise<number | null> =>
  (await exampleShares(run, { region: input.region, texts: [input.text] }))?.[0] ?? null;
