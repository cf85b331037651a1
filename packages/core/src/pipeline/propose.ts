import { isModelError } from '@tandem/protocol';
import type { GenerateRequest } from '../ports.ts';
import { agreementOf } from './agree.ts';
import { ask, askForSamples } from './ask.ts';
import { tryAnswer } from './attempt.ts';
import { tryCombined } from './combine.ts';
import { tryMutations } from './mutate.ts';
import type { Prompt, PromptKind } from './prompt.ts';
import { buildPrompt, testText } from './prompt.ts';
import { type Attempt, type AttemptSource, byNearness, type PipelineRun, type Region } from './state.ts';

export type Budget = {
  /** Model draws at most. */
  readonly draws: number;
  /** Repair rounds with the error shown. */
  readonly repairs: number;
};

const sampleTemperature = 0.8;
/** More than the draws of one run, so that two turns share no seed. */
const seedStep = 100_000;
/** So many examples pin a function down: one attempt that holds them all is enough. */
const manyExamples = 15;
/** So many examples and one behaviour: a small change that holds them needs no second opinion. */
const severalExamples = 4;
/** Further draws once something passes: fewer leave wrong answers that the examples let through, more cost minutes. */
const drawsAfterPass = 4;
/** Draws where nothing can tell a good answer from a bad one but a second that is alike. */
const weakDraws = 4;
/** Characters of comment from which a function counts as specified. */
const specificationLength = 100;
/** Longer functions are not written afresh: too much that works would be lost. */
const rewriteLines = 45;

/** Samples by model size: small models gain from many draws, larger ones from repair. */
export const budgetOf = async (run: PipelineRun): Promise<Budget> => {
  const facts = await run.context.model.facts(run.context.signal);
  const size = facts.parameters ?? 3;
  const { attempts } = run.context.options;
  const draws = attempts ?? (size <= 1.6 ? 12 : size <= 4 ? 8 : 5);
  const repairs = run.uses('repair') ? (size <= 1.6 ? 1 : 2) : 0;
  return { draws, repairs };
};

/**
 * Makes attempts until enough of them agree or the budget is spent: first what costs no model (small changes of the
 * syntax tree), then greedy, then a version written afresh from the comment, then diverse samples, then repair.
 */
export const propose = async (
  run: PipelineRun,
  regions: readonly Region[],
  budget: Budget,
): Promise<void> => {
  try {
    await makeAttempts(run, regions, budget);
  } catch (error) {
    // A model that fails takes nothing from what passes already.
    if (!isModelError(error) || run.passing.length === 0) throw error;
    run.context.progress(`going on without the model: ${error.message}`);
  }
};

const makeAttempts = async (run: PipelineRun, regions: readonly Region[], budget: Budget): Promise<void> => {
  const tests = await testText(run);
  const proposer = new Proposer({ run, budget, tests });
  const first = regions[0];
  if (first === undefined) return;
  if (!first.stub && run.uses('mutations'))
    await tryMutations(run, { region: first, base: first.text, source: 'mutation' });
  if (await proposer.enough()) return;
  const [opening, second] = openings(run, first);
  await proposer.greedy(first, opening);
  if (await proposer.enough()) return;
  for (const region of regions.slice(1)) {
    // Without a failing test nothing could tell that another place was the right one.
    if (run.passing.length > 0 || run.baseline.passed) break;
    await proposer.elsewhere(region);
  }
  if (run.passing.length === 0) await tryCombined(run, regions);
  if (await proposer.enough()) return;
  if (second !== undefined) await proposer.greedy(first, second);
  while (!(await proposer.enough())) {
    const before = run.draws;
    await proposer.sample(first, nextKind(run, { region: first, round: proposer.rounds }));
    await proposer.repairBest();
    if (run.draws === before) return;
  }
};

/** Direct and fresh in turn; a model that keeps returning what it was shown is not shown it again. */
const nextKind = (
  run: PipelineRun,
  input: { readonly region: Region; readonly round: number },
): PromptKind => {
  if (!canRewrite(run, input.region)) return 'direct';
  const unchanged = run.rejected.filter((one) => one.reason === 'unchanged').length;
  return unchanged >= 2 || input.round % 2 === 1 ? 'rewrite' : 'direct';
};

/**
 * What is asked first. Shown a function that is wrong, a small model mostly gives it back as it was; told what the
 * function should do, it writes it. So where there is a specification the old body is not shown at first.
 */
const openings = (run: PipelineRun, region: Region): readonly [PromptKind, PromptKind?] => {
  if (!canRewrite(run, region)) return ['direct'];
  return isSpecified(region) ? ['rewrite', 'direct'] : ['direct', 'rewrite'];
};

const isSpecified = (region: Region): boolean => {
  if (region.symbol === null) return false;
  const { docStart, start, end } = region.symbol;
  const docstring =
    region.text.slice(start, end).match(/^[^\n]*\n(?:[^\n]*\n)?\s*("""|''')([\s\S]*?)\1/)?.[2] ?? '';
  return start - docStart + docstring.length >= specificationLength;
};

/** Not where the tests pass as it is: most of what the old body does is right then, and a new one would lose it. */
const canRewrite = (run: PipelineRun, region: Region): boolean =>
  run.uses('rewrite') &&
  !(run.baseline.command !== null && run.baseline.passed) &&
  region.symbol !== null &&
  region.symbol.kind !== 'class' &&
  !region.stub &&
  region.symbol.endLine - region.symbol.startLine < rewriteLines;

/** The draws of one run. Owner of the order and the budget; nothing about prompts or merging may go in here. */
class Proposer {
  readonly #run: PipelineRun;
  readonly #budget: Budget;
  readonly #tests: string;
  readonly #repaired = new Set<string>();
  /** Those that brought nothing. */
  #repairs = 0;
  #repairsMade = 0;
  #drawsAtFirstPass: number | undefined;
  rounds = 0;

  constructor(input: { run: PipelineRun; budget: Budget; tests: string }) {
    this.#run = input.run;
    this.#budget = input.budget;
    this.#tests = input.tests;
  }

  async greedy(region: Region, kind: PromptKind): Promise<void> {
    if (this.#spent()) return;
    const prompt = await buildPrompt(this.#run, { region, kind, tests: this.#tests });
    this.#run.context.progress(kind === 'rewrite' ? 'writing it afresh' : 'asking the model');
    const source: AttemptSource = kind === 'rewrite' ? 'rewrite' : 'greedy';
    const tried = await this.#draw({ region, prompt, source, temperature: 0, seed: 1 });
    if (tried === 'missing_import' && this.#run.uses('ask_again')) {
      const told = await buildPrompt(this.#run, { region, kind, tests: this.#tests });
      await this.#draw({ region, prompt: told, source, temperature: 0, seed: 1 });
    }
    if (tried === 'unchanged' && this.#run.uses('ask_again') && !canRewrite(this.#run, region)) {
      const again = await buildPrompt(this.#run, { region, kind: 'again', tests: this.#tests });
      await this.#draw({ region, prompt: again, source: 'greedy', temperature: sampleTemperature, seed: 2 });
    }
  }

  async elsewhere(region: Region): Promise<void> {
    if (!region.stub && this.#run.uses('mutations'))
      await tryMutations(this.#run, { region, base: region.text, source: 'mutation' });
    if (this.#run.passing.length === 0) await this.greedy(region, 'direct');
  }

  async sample(region: Region, kind: PromptKind): Promise<void> {
    this.rounds++;
    const { context } = this.#run;
    if (!this.#run.uses('samples')) return;
    const left = this.#budget.draws - this.#run.draws;
    const count = Math.min(this.#run.passing.length > 0 ? 2 : 4, left);
    if (count <= 0 || this.#spent()) return;
    context.progress(`sampling ${count} more`);
    const prompt = await buildPrompt(this.#run, { region, kind, tests: this.#tests });
    const request = requestOf({ run: this.#run, region, prompt, temperature: sampleTemperature });
    const seeds = Array.from({ length: count }, (_, index) => this.#seed(this.rounds * 100 + index));
    for await (const generated of askForSamples(this.#run, { request, seeds })) {
      await tryAnswer(this.#run, { region, generated, source: kind === 'rewrite' ? 'rewrite' : 'sample' });
      // Ending the batch here cancels the samples that would change nothing.
      if (this.#run.passing.length > 0 && (await this.enough())) return;
    }
  }

  /** Near misses: small changes of the best failing attempt, then one round with its error shown. */
  async repairBest(): Promise<void> {
    if (this.#run.passing.length > 0) return;
    const best = [...this.#run.attempts]
      .filter((attempt) => !this.#repaired.has(attempt.id) && attempt.source !== 'mutation')
      .sort(byNearness)[0];
    if (best === undefined) return;
    this.#repaired.add(best.id);
    const text = best.files.get(best.region.path);
    if (text === undefined) return;
    if (this.#run.uses('mutations') && this.#run.examples.length > 0)
      await tryMutations(this.#run, { region: best.region, base: text, source: 'mutated_sample' });
    if (this.#run.passing.length > 0 || this.#repairs >= this.#budget.repairs || this.#spent()) return;
    this.#repairs++;
    this.#run.context.progress('repairing the best attempt');
    const attempt = { code: text, output: best.output };
    const prompt = await buildPrompt(this.#run, {
      region: best.region,
      kind: 'repair',
      tests: this.#tests,
      attempt,
    });
    const tried = await this.#draw({
      ...{ region: best.region, prompt, source: 'repair', temperature: 0.2 },
      seed: 7 + this.#repairsMade++,
    });
    if (typeof tried === 'string' || tried.testsHeld <= best.testsHeld) return;
    // One after which more tests pass does not count, and is worth another at once.
    this.#repairs--;
    await this.repairBest();
  }

  /** True when more attempts would not change the choice, or none may be made. */
  async enough(): Promise<boolean> {
    this.#run.context.signal.throwIfAborted();
    const { passing } = this.#run;
    if (passing.length === 0) return this.#spent();
    // A whole suite that passes says enough; a few examples let wrong answers through, so they must agree.
    const { examples, baseline } = this.#run;
    // Where verify passed before, or there is none, passing says little: the same answer twice says more.
    if (baseline.passed && examples.length === 0)
      return this.#spent() || this.#run.draws >= weakDraws || passing.some((attempt) => attempt.votes >= 2);
    if (
      examples.length === 0 ||
      examples.length >= manyExamples ||
      !this.#run.uses('agreement') ||
      this.#spent()
    )
      return true;
    this.#drawsAtFirstPass ??= this.#run.draws;
    if (this.#run.draws - this.#drawsAtFirstPass >= drawsAfterPass) return true;
    const agreement = await agreementOf(this.#run, passing);
    if (agreement === null) return true;
    const support = Math.max(...agreement.support);
    // Small changes that pass are one voice, however many: they were all found by the same examples.
    const voices = agreement.votes + (passing.some((attempt) => attempt.votes === 0) ? 1 : 0);
    const oneBehaviour = new Set(agreement.behaviour).size === 1;
    if (voices === 1) return oneBehaviour && agreement.votes === 0 && examples.length >= severalExamples;
    return voices === 2 ? oneBehaviour : support >= 0.75;
  }

  /** Another seed of the turn gives other draws throughout. */
  #seed(own: number): number {
    return (this.#run.context.options.seed ?? 0) * seedStep + own;
  }

  #spent(): boolean {
    return this.#run.draws >= this.#budget.draws || this.#run.elapsedMs > this.#run.softMs;
  }

  async #draw(input: {
    readonly region: Region;
    readonly prompt: Prompt;
    readonly source: AttemptSource;
    readonly temperature: number;
    readonly seed: number;
  }): Promise<Attempt | string> {
    const request = requestOf({ run: this.#run, ...input });
    const generated = await ask(this.#run, { ...request, seed: this.#seed(input.seed) });
    const tried = await tryAnswer(this.#run, { region: input.region, generated, source: input.source });
    return tried.type === 'attempt' ? tried.attempt : tried.reason;
  }
}

const requestOf = (input: {
  readonly run: PipelineRun;
  readonly region: Region;
  readonly prompt: Prompt;
  readonly temperature: number;
}): GenerateRequest => ({
  messages: input.prompt.messages,
  prefill: input.prompt.prefill,
  stop: input.prompt.stop,
  temperature: input.temperature,
  maxTokens: answerTokens(input.run, input.region),
});

/** Half as much again as stands there now, and room for a function where nothing does. */
const answerTokens = (run: PipelineRun, region: Region): number => {
  const text =
    region.symbol === null ? region.text : region.text.slice(region.symbol.start, region.symbol.end);
  const least = region.symbol === null && region.stub ? 1024 : 512;
  return Math.min(2048, Math.max(least, Math.ceil(run.context.model.countTokens(text) * 1.5 + 160)));
};
