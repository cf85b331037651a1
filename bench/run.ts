/** `npm run bench`: gives each task of a suite to an agent, scores it by hidden tests, and prints what was solved. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { commandAgent, tandemAgent } from './agent.ts';
import { inFairOrder } from './order.ts';
import { appendResult, readResults } from './results.ts';
import { runTask, type Subject, type TaskResult } from './run-task.ts';
import { percent, wilson } from './stats.ts';
import { type Count, type RunHeader, type Summary, summarise } from './summary.ts';
import { readSuite, type Task } from './task.ts';

const usage = `npm run bench -- --suite DIR [options]
  --suite DIR         a folder of tasks: task.json, instruction.md, start/ or start.tgz, hidden/, reference/
  --list FILE         only the ids in this file
  --limit N           at most N tasks of each kind
  --kinds a,b         only these kinds
  --lang js,py        only these languages
  --agent CMD         a shell command; {instruction} is replaced. Default: bin/tandem exec
  --start             no agent: score the start state (0 % is right)
  --reference         no agent: score the reference (100 % is right)
  --model ID          the model for bin/tandem exec
  --without a,b       pipeline mechanisms to leave out
  --exec-args 'ARGS'  further arguments of exec, separated by spaces
  --agent-timeout S   default 900
  --runtime DIR       given to tasks as BENCH_RT. Default: BENCH_RT, else runtime/ in or beside the suite
  --label NAME        name of this run in the report
  --out FILE          results, one JSON a line; ids already in it are skipped. Default: bench/out/LABEL.jsonl`;

const root = join(import.meta.dirname, '..');

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string' },
      list: { type: 'string' },
      limit: { type: 'string' },
      kinds: { type: 'string' },
      lang: { type: 'string' },
      agent: { type: 'string' },
      start: { type: 'boolean', default: false },
      reference: { type: 'boolean', default: false },
      model: { type: 'string' },
      without: { type: 'string', default: '' },
      'exec-args': { type: 'string', default: '' },
      'agent-timeout': { type: 'string', default: '900' },
      runtime: { type: 'string' },
      label: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
};

type Options = ReturnType<typeof readOptions>;

const main = async (options: Options): Promise<number> => {
  if (options.help || options.suite === undefined) {
    console.error(usage);
    return options.help ? 0 : 2;
  }
  const suite = fromCaller(options.suite);
  const tasks = chosenTasks(inFairOrder(readSuite(suite)), options);
  if (tasks.length === 0) {
    console.error(`no tasks in ${suite} fit; a task is a folder with a task.json`);
    return 2;
  }
  const header = headerOf(options);
  const out = options.out === undefined ? outOf(header.label) : fromCaller(options.out);
  const done = new Map(readResults(out).tasks.map((result) => [result.id, result]));
  if (readResults(out).header === null) appendResult(out, header);
  const results = await runAll({
    tasks,
    done,
    out,
    subject: subjectOf(options),
    runtime: runtimeOf(options, suite),
  });
  for (const summary of summarise(header, results)) console.log(line(summary));
  return 0;
};

const outOf = (label: string): string =>
  join(import.meta.dirname, 'out', `${label.replace(/[^\w.-]+/g, '-')}.jsonl`);

/** npm runs scripts in the repository root; paths are meant from where the person stands. */
const fromCaller = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

const chosenTasks = (tasks: readonly Task[], options: Options): readonly Task[] => {
  const ids =
    options.list === undefined ? null : new Set(readFileSync(fromCaller(options.list), 'utf8').split(/\s+/));
  const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : Number(options.limit);
  const counts = new Map<string, number>();
  return tasks.filter(({ id, kind, lang }) => {
    if (ids !== null && !ids.has(id)) return false;
    if (options.kinds !== undefined && !options.kinds.split(',').includes(kind)) return false;
    if (options.lang !== undefined && !options.lang.split(',').includes(lang)) return false;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return counts.get(kind)! <= limit;
  });
};

const subjectOf = (options: Options): Subject => {
  if (options.start) return { type: 'start' };
  if (options.reference) return { type: 'reference' };
  const agent =
    options.agent === undefined
      ? tandemAgent({
          program: join(root, 'bin', 'tandem'),
          ...(options.model === undefined ? {} : { model: options.model }),
          without: options.without.split(',').filter(Boolean),
          args: options['exec-args'].split(' ').filter(Boolean),
        })
      : commandAgent(options.agent);
  return { type: 'agent', agent, timeoutSeconds: Number(options['agent-timeout']) };
};

const runtimeOf = (options: Options, suite: string): string => {
  const given = options.runtime ?? process.env.BENCH_RT;
  if (given !== undefined) return fromCaller(given);
  const beside = [join(suite, 'runtime'), join(suite, '..', 'runtime'), join(suite, '..', '..', 'runtime')];
  return beside.find((folder) => existsSync(folder)) ?? suite;
};

const headerOf = (options: Options): RunHeader => {
  const without = options.without.split(',').filter(Boolean);
  const what = options.start
    ? 'start'
    : options.reference
      ? 'reference'
      : options.agent === undefined
        ? 'tandem'
        : 'agent';
  const label = options.label ?? [what, ...without.map((name) => `without-${name}`)].join('-');
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).stdout.trim();
  return {
    type: 'run',
    label,
    model: modelOf(options),
    sanity: options.start || options.reference,
    without,
    commit,
    at: new Date().toISOString(),
    machine: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? process.arch}`,
  };
};

const modelOf = (options: Options): string => {
  if (options.start || options.reference) return 'none';
  const fallback = options.agent === undefined ? 'default model' : 'its own model';
  return options.model ?? process.env.TANDEM_MODEL ?? fallback;
};

const runAll = async (input: {
  readonly tasks: readonly Task[];
  readonly done: ReadonlyMap<string, TaskResult>;
  readonly out: string;
  readonly subject: Subject;
  readonly runtime: string;
}): Promise<readonly TaskResult[]> => {
  const { tasks, done, out, subject, runtime } = input;
  const results: TaskResult[] = [];
  for (const [index, task] of tasks.entries()) {
    const known = done.get(task.id);
    const result = known ?? (await runTask(task, { subject, runtime }));
    if (known === undefined) appendResult(out, result);
    results.push(result);
    const seconds = result.agentSeconds === undefined ? '' : ` ${result.agentSeconds.toFixed(0)} s`;
    const mark = result.passed ? 'PASS' : 'fail';
    console.error(
      `${mark} ${index + 1}/${tasks.length} ${task.kind}/${task.id}${seconds}${known ? ' (before)' : ''}`,
    );
  }
  return results;
};

const line = ({ label, kind, selected, first, oracle, ...medians }: Summary): string => {
  const interval = wilson(selected.solved, selected.total);
  return [
    `${label} ${kind}: solved ${counted(selected)}`,
    `95 % [${percent(interval.low)}, ${percent(interval.high)}]`,
    `pass@1 ${counted(first)}`,
    `oracle@N ${counted(oracle)}`,
    `median ${medians.medianSeconds?.toFixed(1) ?? '–'} s`,
    `tokens ${medians.medianTokensIn ?? '–'} in, ${medians.medianTokensOut ?? '–'} out`,
    `prompt reused ${medians.cached === null ? '–' : percent(medians.cached)}`,
  ].join(' · ');
};

const counted = ({ solved, total }: Count): string =>
  total === 0 ? '–' : `${solved}/${total} (${percent(solved / total)})`;

// An interrupted run must take its agent along: exit runs the handlers that kill process groups.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => process.exit(code));
}
process.exitCode = await main(readOptions());
