/**
 * `npm run bench:guard -- --cases FILE.jsonl [--edits FILE.jsonl …] [--baselines all|none|a,b] [--tools DIR] [--fuzz N]`:
 * measures the guard on labelled actions, beside other guards, and writes docs/guard.md.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Guard } from '../packages/guard/src/load-guard.ts';
import { docsFolder } from './document.ts';
import { askBaseline, type Baseline, type BaselineResult, baselines } from './guard/baselines.ts';
import { type Case, isShell, readCases, sample } from './guard/cases.ts';
import { render } from './guard/document.ts';
import { countUnsteady, fuzz } from './guard/fuzz.ts';
import { measureLatency, measureLoad, measureShapes } from './guard/latency.ts';
import { measureLayers, shippedGuard } from './guard/layers.ts';
import { measureRewrites } from './guard/measure-rewrites.ts';
import { caught, falseAlarms, shareText, tally } from './guard/score.ts';

const usage = `npm run bench:guard -- --cases FILE.jsonl [--cases …] [--edits FILE.jsonl …] [--baselines all|none|a,b] [--tools DIR]
  [--rows N] [--passes N] [--fuzz N [--minutes N]] [--seed N] [--show N] [--out FILE]
`;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', multiple: true, default: [] },
    edits: { type: 'string', multiple: true, default: [] },
    baselines: { type: 'string', default: 'none' },
    tools: { type: 'string', default: '' },
    rows: { type: 'string', default: '300' },
    passes: { type: 'string', default: '5' },
    fuzz: { type: 'string', default: '0' },
    minutes: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '0' },
    out: { type: 'string', default: join(docsFolder, 'guard.md') },
  },
});

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const main = async (): Promise<void> => {
  const commands = values.cases.flatMap(readCases);
  const edits = values.edits.flatMap(readCases);
  const cases = [...commands, ...edits];
  if (cases.length === 0) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const guard = await shippedGuard({ learned: true });
  const measured = await measureLayers(cases, guard);
  for (const { name, outcomes } of measured.layers) {
    const counted = tally(outcomes);
    tell(
      `${name.padEnd(30)} caught ${shareText(caught(counted))}, false alarms ${shareText(falseAlarms(counted))}`,
    );
  }
  const passes = Number(values.passes);
  const latency = measureLatency(latencyGroups(cases), { guard, passes });
  const shapes = await measureShapes(passes);
  const load = await measureLoad(passes * 3);
  tell('times measured');
  const rewritten = await measureRewrites(commands, { guard, rows: Number(values.rows) });
  for (const one of rewritten.changed.slice(0, Number(values.show))) tell(JSON.stringify(one));
  const unsteady = await steadiness(cases, guard);
  const chosen = chosenBaselines();
  const report = {
    command: commandLine(),
    conditions: conditions(),
    measured,
    latency,
    shapes,
    load,
    rewrites: rewritten.counts,
    unsteady,
    fuzz: await fuzzed(cases),
    baselines: await askAll(chosen, commands),
    readings: chosen,
  };
  writeFileSync(values.out, render(report));
  tell(`written: ${values.out}`);
};

const latencyGroups = (cases: readonly Case[]): readonly (readonly [string, readonly Case[]])[] => [
  ['shell', cases.filter(isShell)],
  ['sql', cases.filter(({ kind }) => kind === 'sql')],
  ['python', cases.filter(({ kind }) => kind === 'python')],
  ['node', cases.filter(({ kind }) => kind === 'node')],
  [
    'edit',
    sample(
      cases.filter(({ kind }) => kind === 'edit'),
      1_000,
    ),
  ],
];

const steadiness = async (
  cases: readonly Case[],
  guard: Guard,
): Promise<{ readonly differ: number; readonly of: number }> => {
  const some = sample(cases, 8_000);
  return { differ: countUnsteady(some, [guard, await shippedGuard({ learned: true })]), of: some.length };
};

const fuzzed = async (cases: readonly Case[]) => {
  const count = Number(values.fuzz);
  if (count === 0) return null;
  const result = await fuzz(cases, {
    count,
    seed: Number(values.seed),
    minutes: Number(values.minutes),
    tell,
  });
  for (const example of result.examples.slice(0, Number(values.show))) tell(example);
  return result;
};

const chosenBaselines = (): readonly Baseline[] => {
  if (values.baselines === 'none') return [];
  const names = values.baselines.split(',');
  return baselines.filter(({ name }) => values.baselines === 'all' || names.includes(name));
};

const askAll = async (
  chosen: readonly Baseline[],
  cases: readonly Case[],
): Promise<readonly BaselineResult[]> => {
  const results: BaselineResult[] = [];
  for (const baseline of chosen) {
    const result = await askBaseline(baseline, { tools: values.tools, cases, limitMs: 1_800_000 });
    tell(`${result.name}: ${result.status}${result.status === 'measured' ? '' : ` (${result.detail})`}`);
    results.push(result);
  }
  return results;
};

/** Without the paths of this machine. */
const commandLine = (): string => {
  const given = [
    '--cases CASES.jsonl',
    ...(values.edits.length === 0 ? [] : ['--edits REPOSITORY/edits.jsonl …']),
    `--baselines ${values.baselines}`,
    ...(values.baselines === 'none' ? [] : ['--tools DIR']),
    ...(values.fuzz === '0' ? [] : [`--fuzz ${values.fuzz}`]),
    ...(values.minutes === '600' ? [] : [`--minutes ${values.minutes}`]),
    ...(values.seed === '1' ? [] : [`--seed ${values.seed}`]),
  ];
  return `npm run bench:guard -- ${given.join(' ')}`;
};

const conditions = (): string => {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  const changed = spawnSync('git', ['status', '--porcelain', '--', '../packages/guard'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  const state = changed.stdout.trim() === '' ? '' : ' with later changes';
  const machine = `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? process.arch}`;
  return `${new Date().toISOString().slice(0, 10)}, commit ${commit.stdout.trim()}${state}, ${machine}, Node ${process.versions.node}.`;
};

await main();
