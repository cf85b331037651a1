import type { TaskResult } from './run-task.ts';
import { median } from './stats.ts';

/** The first line of a results file: what was run, so that a table can say it. */
export type RunHeader = {
  readonly type: 'run';
  readonly label: string;
  readonly model: string;
  readonly without: readonly string[];
  /** A run of the start state or the reference: it checks the bench and is no result. */
  readonly sanity: boolean;
  readonly commit: string;
  readonly at: string;
  readonly machine: string;
};

export type Count = { readonly solved: number; readonly total: number };

/** One row of the table: a label on one kind of task. */
export type Summary = {
  readonly label: string;
  readonly kind: string;
  readonly model: string;
  readonly commit: string;
  readonly at: string;
  readonly machine: string;
  /** What the agent handed over: selected@N. */
  readonly selected: Count;
  /** The model's first try alone, of the tasks where it made one. */
  readonly first: Count;
  /** Any attempt right, of the tasks whose attempts were kept. */
  readonly oracle: Count;
  readonly medianSeconds: number | null;
  readonly medianTokensIn: number | null;
  readonly medianTokensOut: number | null;
  /** Share of prompt tokens whose state was reused. */
  readonly cached: number | null;
};

/** One summary for each kind, and one for all when there are several. */
export const summarise = (header: RunHeader, results: readonly TaskResult[]): readonly Summary[] => {
  const kinds = [...new Set(results.map(({ kind }) => kind))].toSorted();
  const rows = kinds.map((kind) =>
    summaryOf({ header, kind, results: results.filter((row) => row.kind === kind) }),
  );
  return kinds.length > 1 ? [...rows, summaryOf({ header, kind: 'all', results })] : rows;
};

const summaryOf = (input: {
  readonly header: RunHeader;
  readonly kind: string;
  readonly results: readonly TaskResult[];
}): Summary => {
  const { header, kind, results } = input;
  const { label, model, commit, at, machine } = header;
  const told = results.flatMap((result) => (result.told === undefined ? [] : [result.told.tokens]));
  const tokensIn = told.reduce((total, tokens) => total + tokens.in, 0);
  const cached = told.reduce((total, tokens) => total + tokens.cached, 0);
  return {
    ...{ label, kind, model, commit, at, machine },
    selected: countOf(results.map(({ passed }) => passed)),
    first: countOf(results.map(({ first }) => first)),
    oracle: countOf(results.map((result) => oracleOf(result))),
    medianSeconds: median(results.flatMap(({ agentSeconds }) => agentSeconds ?? [])),
    medianTokensIn: median(told.map((tokens) => tokens.in)),
    medianTokensOut: median(told.map((tokens) => tokens.out)),
    cached: tokensIn === 0 ? null : cached / tokensIn,
  };
};

/** What was handed over is one of the attempts, even where an agent kept a list without it. */
const oracleOf = ({ oracle, passed }: TaskResult): boolean | null =>
  oracle === null || oracle === undefined ? null : oracle || passed;

const countOf = (outcomes: readonly (boolean | null | undefined)[]): Count => {
  const known = outcomes.filter((outcome) => outcome !== null && outcome !== undefined);
  return { solved: known.filter(Boolean).length, total: known.length };
};
