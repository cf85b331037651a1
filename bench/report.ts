/**
 * `npm run bench:report`: takes the results under bench/out into docs/bench.json, and from that writes the section
 * "solved" of docs/bench.md and its plot. bench/out is not in the repository, docs/bench.json is: rows of runs that
 * this machine does not have stay.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsFolder, markdownTable, writeSection } from './document.ts';
import { plotSolved } from './plot.ts';
import { readResults } from './results.ts';
import { percent, wilson } from './stats.ts';
import { type Count, type Summary, summarise } from './summary.ts';

export const mergeSummaries = (known: readonly Summary[], fresh: readonly Summary[]): readonly Summary[] => {
  const labels = new Set(fresh.map(({ label }) => label));
  return [...known.filter(({ label }) => !labels.has(label)), ...fresh].toSorted(byKindThenLabel);
};

const byKindThenLabel = (left: Summary, right: Summary): number =>
  left.kind.localeCompare(right.kind) || left.label.localeCompare(right.label);

export const renderSolved = (summaries: readonly Summary[]): string => {
  if (summaries.length === 0) return 'Nothing measured yet.';
  return [
    '![Share of tasks solved](bench-solved.svg)',
    '',
    markdownTable(
      [
        'Tasks',
        'Run',
        'Solved (selected@N)',
        '95 % interval',
        'pass@1',
        'oracle@N',
        'Median s',
        'Tokens in / out',
        'Prompt reused',
      ],
      summaries.map(tableRow),
    ),
    '',
    ...machines(summaries),
  ].join('\n');
};

const tableRow = (summary: Summary): readonly string[] => {
  const { selected, first, oracle } = summary;
  const interval = wilson(selected.solved, selected.total);
  return [
    summary.kind,
    summary.label,
    share(selected),
    `${percent(interval.low)} – ${percent(interval.high)}`,
    share(first),
    share(oracle),
    summary.medianSeconds === null ? '–' : summary.medianSeconds.toFixed(0),
    `${number(summary.medianTokensIn)} / ${number(summary.medianTokensOut)}`,
    summary.cached === null ? '–' : percent(summary.cached),
  ];
};

const share = ({ solved, total }: Count): string =>
  total === 0 ? '–' : `${solved} of ${total} (${percent(solved / total)})`;

const number = (value: number | null): string => (value === null ? '–' : String(Math.round(value)));

/** Under which conditions each row was measured, once for rows that share them. */
const machines = (summaries: readonly Summary[]): readonly string[] => {
  const conditions = new Map<string, Set<string>>();
  for (const { label, model, commit, at, machine } of summaries) {
    const condition = `${model}, commit ${commit}, ${at.slice(0, 10)}, ${machine}`;
    conditions.set(condition, (conditions.get(condition) ?? new Set()).add(label));
  }
  return [...conditions].map(([condition, labels]) => `- ${[...labels].join(', ')}: ${condition}`);
};

if (import.meta.main) {
  const store = join(docsFolder, 'bench.json');
  const known: readonly Summary[] = existsSync(store) ? JSON.parse(readFileSync(store, 'utf8')) : [];
  const fresh = globSync(join(import.meta.dirname, 'out', '*.jsonl'))
    .toSorted()
    .flatMap((file) => {
      const { header, tasks } = readResults(file);
      return header === null || header.sanity ? [] : summarise(header, tasks);
    });
  const summaries = mergeSummaries(known, fresh);
  writeFileSync(store, `${JSON.stringify(summaries, null, 2)}\n`);
  writeFileSync(join(docsFolder, 'bench-solved.svg'), plotSolved(summaries));
  writeSection('solved', renderSolved(summaries));
  console.log(`docs/bench.md: ${summaries.length} rows, ${fresh.length} of them from bench/out`);
}
