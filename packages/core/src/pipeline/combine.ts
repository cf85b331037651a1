import { tryText } from './attempt.ts';
import { mergeAnswer } from './merge-answer.ts';
import type { Attempt, PipelineRun, Region } from './state.ts';

/**
 * A fault in two places is not mended in one: what was tried at each place, and failed alone, is tried together and verified
 * as a whole. Costs no question to the model.
 */
export const tryCombined = async (run: PipelineRun, regions: readonly Region[]): Promise<void> => {
  if (!run.uses('combine') || run.baseline.command === null || run.baseline.passed) return;
  const parts = regions.flatMap((region) => bestAt(run, region) ?? []);
  for (const group of groupsOf(parts)) {
    if (run.passing.length > 0) return;
    run.context.signal.throwIfAborted();
    run.context.progress(`trying changes at ${group.length} places together`);
    await tryGroup(run, group);
  }
};

/** What the model wrote for the place; of several the one nearest to right, then the newest. */
const bestAt = (run: PipelineRun, region: Region): Attempt | undefined =>
  run.attempts
    .filter((attempt) => attempt.region === region && attempt.files.size === 1 && attempt.votes > 0)
    .reduce<Attempt | undefined>(
      (best, attempt) => (best === undefined || attempt.examplesHeld >= best.examplesHeld ? attempt : best),
      undefined,
    );

/** All of them, then the likeliest place with each other one. */
const groupsOf = (parts: readonly Attempt[]): readonly (readonly Attempt[])[] => {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return [];
  return others.length === 1 ? [parts] : [parts, ...others.map((other) => [first, other])];
};

const tryGroup = async (run: PipelineRun, [first, ...others]: readonly Attempt[]): Promise<void> => {
  if (first === undefined) return;
  const files = new Map(first.files);
  for (const attempt of others) {
    const { path } = attempt.region;
    const before = files.get(path);
    const text = before === undefined ? attempt.files.get(path) : await added(run, attempt, before);
    if (text === undefined) return;
    files.set(path, text);
  }
  const { region } = first;
  const text = files.get(region.path);
  files.delete(region.path);
  if (text === undefined) return;
  await tryText(run, { region, text, source: 'combined', tokens: { in: 0, out: 0 }, earlier: files });
};

/** What an attempt made of its function, and what it added beside it, in a text of the file that holds other changes. */
const added = async (run: PipelineRun, attempt: Attempt, text: string): Promise<string | undefined> => {
  const { code } = run.context;
  const { region } = attempt;
  const own = attempt.files.get(region.path) ?? '';
  const known = new Set((await code.symbols(region.path, region.text)).map(({ qualified }) => qualified));
  const written = (await code.symbols(region.path, own)).filter(
    ({ qualified }) => qualified === region.symbol?.qualified || !known.has(qualified),
  );
  if (region.symbol === null || written.length === 0) return undefined;
  const before = new Set(region.text.split('\n'));
  const imports = own.split('\n').filter((line) => /^(?:import|from)\s/.test(line) && !before.has(line));
  const answer = [...imports, ...written.map(({ docStart, end }) => own.slice(docStart, end))].join('\n\n');
  const merged = await mergeAnswer({ code, region: { ...region, text }, answer });
  return merged.type === 'text' ? merged.text : undefined;
};
