import { probeExpressions, vote } from '../pipeline/agree.ts';
import { findExamples } from '../pipeline/examples.ts';
import { expressionMs } from '../pipeline/examples-check.ts';
import { readText } from '../pipeline/read-text.ts';
import { isSource, isTestFile } from '../pipeline/test-files.ts';
import type { CodeKnowledge, CodeRunner, Example, ProbeValue, Workspace } from '../ports.ts';

/** An attempt as it lies in its worktree. */
export type Made = {
  readonly id: string;
  readonly workspace: Workspace;
  readonly paths: readonly string[];
  readonly diff: string;
};

export type Comparison = {
  /** Of the examples that not all hold, how many this one does; null where none tells them apart. */
  readonly checks: { readonly held: number; readonly total: number } | null;
  /** Share of the votes, 0 to 1, that gave what this one gives, over all inputs. */
  readonly agreement: number;
  /** Equal text for equal behaviour. */
  readonly behaviour: string;
};

const maxFiles = 3;
const maxTests = 40;
const maxExamples = 24;

/**
 * What tells attempts apart that all pass: examples of comments, tests and the goal that only some hold, and votes by
 * behaviour on inputs made from them. Where their code cannot be called, equal changes vote for each other.
 */
export const compareMade = async (input: {
  readonly made: readonly Made[];
  readonly goal: string;
  /** Before any attempt: what an attempt wrote into comments and tests of its own proves nothing. */
  readonly before: Workspace;
  readonly code: CodeKnowledge;
  readonly runner: CodeRunner;
  readonly signal: AbortSignal;
}): Promise<readonly Comparison[]> => {
  const { made } = input;
  const shared = (made[0]?.paths ?? [])
    .filter((path) => isSource(path) && made.every(({ paths }) => paths.includes(path)))
    .slice(0, maxFiles);
  const examples: Example[] = [];
  const rows = made.map((): { checked: ProbeValue[]; tried: ProbeValue[] } => ({ checked: [], tried: [] }));
  for (const path of made.length > 1 ? shared : []) {
    const found = await examplesFor({ ...input, path });
    const given = await probeMade({ ...input, path, examples: found });
    if (given === null) continue;
    examples.push(...found);
    for (const [index, row] of given.entries()) {
      rows[index]?.checked.push(...row.slice(0, found.length * 2));
      rows[index]?.tried.push(...row.slice(found.length * 2));
    }
  }
  const { support, behaviour } =
    (rows[0]?.tried.length ?? 0) > 0
      ? vote(
          made.map(() => 1),
          rows.map(({ tried }) => tried),
        )
      : sameChange(made);
  const checks = telling(rows.map(({ checked }) => checked));
  return made.map((_, index) => ({
    checks: checks[index] ?? null,
    agreement: support[index] ?? 0,
    behaviour: behaviour[index] ?? '',
  }));
};

/** Each example is its call and its value, one after the other. Those that all hold, or none can run, tell nothing. */
const telling = (rows: readonly (readonly ProbeValue[])[]): readonly Comparison['checks'][] => {
  const holds = rows.map((row) =>
    Array.from({ length: row.length / 2 }, (_, index) => {
      const [call, expected] = [row[index * 2], row[index * 2 + 1]];
      return expected?.type === 'value' && call?.type === 'value' && call.text === expected.text;
    }),
  );
  const columns = (holds[0] ?? []).flatMap((first, column) =>
    holds.some((row) => row[column] !== first) ? [column] : [],
  );
  if (columns.length === 0) return [];
  return holds.map((row) => ({
    held: columns.filter((column) => row[column] === true).length,
    total: columns.length,
  }));
};

const sameChange = (made: readonly Made[]): ReturnType<typeof vote> => {
  const texts = made.map(({ diff }) =>
    diff
      .split('\n')
      .filter((line) => /^[+-](?![+-]{2} )/.test(line))
      .map((line) => line.replaceAll(/\s+/g, ''))
      .join('\n'),
  );
  const alike = (text: string): number => texts.filter((other) => other === text).length;
  return { support: texts.map((text) => alike(text) / texts.length), behaviour: texts };
};

const examplesFor = async (input: {
  readonly before: Workspace;
  readonly path: string;
  readonly goal: string;
  readonly code: CodeKnowledge;
}): Promise<readonly Example[]> => {
  const text = (await readText(input.before, input.path)) ?? '';
  const symbols = await input.code.symbols(input.path, text);
  const names = new Set(symbols.filter(({ kind }) => kind === 'function').map(({ name }) => name));
  if (names.size === 0) return [];
  const texts = [input.goal, text];
  const tests = (await input.before.list()).filter(isTestFile).slice(0, maxTests);
  for (const path of tests) texts.push((await readText(input.before, path)) ?? '');
  const found = texts.flatMap((one) => findExamples(one, names));
  return [...new Map(found.map((one) => [one.call, one])).values()].slice(0, maxExamples);
};

/** What each gives, run in a scratch of its own worktree, where its other files are as it left them. */
const probeMade = async (input: {
  readonly made: readonly Made[];
  readonly path: string;
  readonly examples: readonly Example[];
  readonly runner: CodeRunner;
  readonly signal: AbortSignal;
}): Promise<readonly (readonly ProbeValue[])[] | null> => {
  const { path, examples, signal } = input;
  if (examples.length === 0) return null;
  const checked = examples.flatMap(({ call, expected }) => [call, expected]);
  const expressions = [...checked, ...probeExpressions(examples)];
  const rows: (readonly ProbeValue[])[] = [];
  for (const { workspace: made } of input.made) {
    const workspace = await made.scratch('compare');
    try {
      const texts = [(await readText(workspace, path)) ?? ''];
      const given = await input.runner.probe({ workspace, path, texts, expressions, expressionMs, signal });
      if (given?.[0] === undefined) return null;
      rows.push(given[0]);
    } finally {
      await workspace.dispose();
    }
  }
  return rows;
};
