import type { Example, ProbeValue } from '../ports.ts';
import { probe } from './examples-check.ts';
import { callArguments, literalVariants } from './inputs.ts';
import type { Attempt, PipelineRun, Region } from './state.ts';

const maxExpressions = 96;

/** How far each of the attempts is borne out by the others. */
export type Agreement = {
  /** Per attempt, 0..1: over all inputs, the share of votes that gave what it gave. */
  readonly support: readonly number[];
  /** Per attempt: equal text for equal behaviour on every input. */
  readonly behaviour: readonly string[];
  /** Votes of the model among the attempts. */
  readonly votes: number;
};

/**
 * Runs passing attempts on inputs made from the examples' own (numbers moved, strings and lists emptied, reversed,
 * doubled) and lets them vote input by input: answers reached independently that agree are right far more often than
 * lone ones, and an odd input on which all differ counts against nobody. Null when there is nothing to call.
 */
export const agreementOf = async (
  run: PipelineRun,
  attempts: readonly Attempt[],
): Promise<Agreement | null> => {
  const region = attempts[0]?.region;
  if (region === undefined || !run.uses('agreement')) return null;
  if (attempts.some((attempt) => attempt.region.path !== region.path || attempt.files.size !== 1))
    return null;
  const expressions = probeExpressions(run.examples);
  if (expressions.length === 0) return null;
  const rows = await probeEach(run, { region, attempts, expressions });
  return rows === null ? null : countVotes(attempts, rows);
};

/** What each attempt gives, asked once of each: the vote is taken again after every draw. */
const probeEach = async (
  run: PipelineRun,
  input: {
    readonly region: Region;
    readonly attempts: readonly Attempt[];
    readonly expressions: readonly string[];
  },
): Promise<readonly (readonly ProbeValue[])[] | null> => {
  const { region, attempts, expressions } = input;
  const fresh = attempts.filter((attempt) => !run.behaviours.has(attempt.id));
  if (fresh.length > 0) {
    const texts = fresh.map((attempt) => attempt.files.get(region.path) ?? '');
    const rows = await probe(run, { region, texts, expressions });
    if (rows === null) return null;
    for (const [index, attempt] of fresh.entries()) run.behaviours.set(attempt.id, rows[index] ?? []);
  }
  return attempts.map((attempt) => run.behaviours.get(attempt.id) ?? []);
};

const countVotes = (attempts: readonly Attempt[], rows: readonly (readonly ProbeValue[])[]): Agreement => {
  const mutations = attempts.filter((attempt) => attempt.votes === 0).length;
  // All mutations together weigh as half a vote: they are many and cheap, and alike.
  const weights = attempts.map((attempt) => (attempt.votes > 0 ? attempt.votes : 0.5 / mutations));
  return { ...vote(weights, rows), votes: attempts.reduce((sum, attempt) => sum + attempt.votes, 0) };
};

/** Input by input, each row gets the weight of those that gave what it gave. */
export const vote = (
  weights: readonly number[],
  rows: readonly (readonly ProbeValue[])[],
): Pick<Agreement, 'support' | 'behaviour'> => {
  const outputs = rows.map((row) =>
    row.map((value) => (value.type === 'value' ? value.text : `\u0000${value.type}`)),
  );
  const tallies = (outputs[0] ?? []).map((_, column) =>
    tally(
      outputs.map((row) => row[column] ?? ''),
      weights,
    ),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const support = outputs.map(
    (row) =>
      row.reduce((sum, output, column) => sum + (tallies[column]?.get(output) ?? 0), 0) /
      (total * row.length),
  );
  return { support, behaviour: outputs.map((row) => row.join('\u0000')) };
};

const tally = (outputs: readonly string[], weights: readonly number[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const [index, output] of outputs.entries())
    counts.set(output, (counts.get(output) ?? 0) + (weights[index] ?? 0));
  return counts;
};

/** Calls like those of the examples with other arguments; the examples' own calls first. */
export const probeExpressions = (examples: readonly Example[]): readonly string[] => {
  const made = new Set<string>();
  const perExample = examples.map((example) => variantsOf(example.call));
  // Round-robin, so that a long example does not use up the room of the others.
  for (let depth = 0; depth < 40 && made.size < maxExpressions; depth++) {
    for (const variants of perExample) {
      const expression = variants[depth];
      if (expression !== undefined && made.size < maxExpressions) made.add(expression);
    }
  }
  return [...made];
};

const variantsOf = (call: string): readonly string[] => {
  const parsed = callArguments(call);
  if (parsed === null) return [call];
  const { head, parts, tail } = parsed;
  const variants = parts.flatMap((part, index) =>
    literalVariants(part).map(
      (variant) => `${head}${parts.map((one, at) => (at === index ? variant : one)).join(', ')}${tail}`,
    ),
  );
  const swapped = parts.length === 2 ? [`${head}${parts[1]}, ${parts[0]}${tail}`] : [];
  return [call, ...variants, ...swapped];
};
