import type { CodeSymbol, GenerateRequest } from '../ports.ts';
import { ask } from './ask.ts';
import { codeFrom, guardFile, tryText } from './attempt.ts';
import { gist } from './failure.ts';
import { type Candidates, isNamed } from './localise.ts';
import { buildPrompt, testText } from './prompt.ts';
import type { PipelineRun, Region } from './state.ts';

/** Times through the plan: greedy, then twice otherwise, told what failed. */
const maxRounds = 3;
const laterTemperature = 0.7;
/** Characters of what another place has become, as the model is shown it. */
const shownChange = 1500;
const shownFailure = 700;
const maxTokens = 1536;

/** The places of a request over several files, in its order; empty where it is about one. */
export const planOf = (
  run: PipelineRun,
  { regions, candidates }: { readonly regions: readonly Region[]; readonly candidates: Candidates },
): readonly Region[] => {
  const meant = candidates.named ? regions : regions.filter(({ symbol }) => isNamed(run, symbol));
  if (new Set(meant.map((region) => region.path)).size < 2) return [];
  return meant.toSorted((a, b) => firstMention(run, a) - firstMention(run, b));
};

const firstMention = ({ context: { request } }: PipelineRun, { path, symbol }: Region): number => {
  const names = [path, path.split('/').at(-1) ?? path, ...(symbol === null ? [] : [symbol.name])];
  const found = names.map((name) => request.indexOf(name)).filter((at) => at >= 0);
  return found.length === 0 ? request.length : Math.min(...found);
};

/** Each place in turn, those before it shown as changed, verified after the last. */
export const followPlan = async (run: PipelineRun, plan: readonly Region[]): Promise<void> => {
  for (const { path } of plan) run.planned.add(path);
  const steps = plan.map((region) => ({ text: `change ${nameOf(region)}`, status: 'pending' as const }));
  const item = { id: run.context.ids.next('itm'), type: 'plan' as const, steps };
  await run.context.record({ type: 'item.completed', data: { item } });
  const tests = await testText(run);
  let failure = '';
  for (let round = 0; round < maxRounds; round++) {
    if (run.passing.length > 0 || run.elapsedMs > run.softMs) return;
    const tried = await oneRound(run, { plan, tests, failure, round });
    // Where nothing came of it, or nothing can say what is wrong, asking again is guessing.
    if (tried === null || run.baseline.command === null) return;
    failure = tried;
  }
};

const nameOf = ({ path, symbol }: Region): string =>
  symbol === null ? path : `${symbol.qualified} in ${path}`;

/** What the verify command printed; null where no place was changed. */
const oneRound = async (
  run: PipelineRun,
  input: {
    readonly plan: readonly Region[];
    readonly tests: string;
    readonly failure: string;
    readonly round: number;
  },
): Promise<string | null> => {
  const changed = new Map<string, string>();
  const notes: string[] = input.failure === '' ? [] : [failureNote(input.failure)];
  const tokens = { in: 0, out: 0 };
  let last: Region | null = null;
  for (const [index, place] of input.plan.entries()) {
    const region = await asItIsNow(run, place, changed.get(place.path));
    if (region === null) continue;
    run.context.progress(`changing ${nameOf(region)}`, { done: index, total: input.plan.length });
    const seed = (run.context.options.seed ?? 0) * 1000 + input.round * 100 + index;
    const generated = await ask(run, await requestFor(run, { ...input, region, notes, seed }));
    tokens.in += generated.usage.in;
    tokens.out += generated.usage.out;
    const text = await textOf(run, region, generated.text);
    if (text === null) continue;
    changed.set(region.path, text);
    last = place;
    notes.push(await changeNote(run, region, text));
  }
  const text = last === null ? undefined : changed.get(last.path);
  if (last === null || text === undefined) return null;
  const earlier = new Map([...changed].filter(([path]) => path !== last.path));
  const source = input.round === 0 ? 'greedy' : 'sample';
  const tried = await tryText(run, { region: last, text, source, tokens, earlier });
  return tried.type === 'attempt' ? tried.attempt.output : null;
};

const requestFor = async (
  run: PipelineRun,
  input: {
    readonly region: Region;
    readonly tests: string;
    readonly notes: readonly string[];
    readonly round: number;
    readonly seed: number;
  },
): Promise<GenerateRequest> => {
  const { region, tests, notes } = input;
  const prompt = await buildPrompt(run, { region, kind: 'part', tests, notes: notes.join('\n') });
  const temperature = input.round === 0 ? 0 : laterTemperature;
  const { messages, prefill, stop } = prompt;
  return { messages, prefill, stop, temperature, maxTokens, seed: input.seed };
};

/** The file's text with this place changed; null where nothing usable was answered: a place may need no change. */
const textOf = async (run: PipelineRun, region: Region, answer: string): Promise<string | null> => {
  for (const text of await codeFrom(run, region, answer)) {
    if ((await guardFile(run, region, text)).type === 'ok') return text;
  }
  return null;
};

/** The place in a file that an earlier step has changed; null where it is no longer there. */
const asItIsNow = async (
  run: PipelineRun,
  place: Region,
  text: string | undefined,
): Promise<Region | null> => {
  if (text === undefined) return place;
  const moved = { ...place, text, isNew: false, suspicious: new Set<number>() };
  if (place.symbol === null) return moved;
  const symbol = await symbolIn(run, place, text);
  return symbol === undefined ? null : { ...moved, symbol };
};

const symbolIn = async (
  run: PipelineRun,
  { path, symbol }: Region,
  text: string,
): Promise<CodeSymbol | undefined> =>
  (await run.context.code.symbols(path, text)).find(({ qualified }) => qualified === symbol?.qualified);

const changeNote = async (run: PipelineRun, region: Region, text: string): Promise<string> => {
  const symbol = region.symbol === null ? undefined : await symbolIn(run, region, text);
  const shown = symbol === undefined ? text : text.slice(symbol.start, symbol.end);
  return `Already changed, \`${region.path}\`:\n\`\`\`\n${shown.slice(0, shownChange)}\n\`\`\``;
};

const failureNote = (output: string): string =>
  `The last try, all places changed, failed:\n${gist(output, shownFailure)}`;
