/**
 * `npm run bench:startup [-- --runs N]`: what Tandem costs before any model thinks, beside the rivals found on PATH,
 * in one run on one machine. Writes the section "startup" of docs/bench.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable, writeSection } from './document.ts';
import { type InstantServer, startInstantServer } from './instant-server.ts';
import { type Measured, measure } from './measure.ts';
import { rivalsHere, type Tool, tandemTools } from './rivals.ts';
import { median } from './stats.ts';

type Medians = { readonly seconds: number; readonly megabytes: number | null };

export type StartupRow = {
  readonly name: string;
  /** Null when it failed; `problem` says how. */
  readonly version: Medians | null;
  readonly turn: (Medians & { readonly requests: readonly number[] }) | null;
  readonly problem: string;
};

/** Seconds as a ratio to the first row, which is Tandem. */
export const renderStartup = (rows: readonly StartupRow[], conditions: string): string => {
  const own = rows[0];
  return [
    'One run on one machine: `--version`, and one turn against a server on loopback that answers at once.',
    `${conditions}. Peak memory is that of the largest process.`,
    '',
    markdownTable(
      ['Tool', '--version', '', '', 'One turn', '', '', 'First request', 'Note'],
      rows.map((row) => [
        row.name,
        ...medianCells(row.version, own?.version ?? null),
        ...medianCells(row.turn, own?.turn ?? null),
        row.turn?.requests[0] === undefined ? '–' : `${(row.turn.requests[0] / 1024).toFixed(1)} KB`,
        row.problem,
      ]),
    ),
  ].join('\n');
};

const medianCells = (value: Medians | null, own: Medians | null): readonly string[] => {
  if (value === null) return ['–', '–', '–'];
  const ratio = own === null ? '–' : `× ${(value.seconds / own.seconds).toFixed(1)}`;
  const memory = value.megabytes === null ? '–' : `${value.megabytes.toFixed(0)} MB`;
  return [`${value.seconds.toFixed(3)} s`, ratio, memory];
};

const measureTool = async (
  tool: Tool,
  context: { readonly server: InstantServer; readonly runs: number },
) => {
  const home = mkdtempSync(join(tmpdir(), 'bench-home-'));
  const cwd = mkdtempSync(join(tmpdir(), 'bench-cwd-'));
  try {
    const prompt = 'What does this folder hold?';
    const { argv, env: own } = tool.turn({
      program: tool.program,
      baseUrl: context.server.baseUrl,
      home,
      prompt,
    });
    const env = { ...cleanEnv(home), ...tool.env, ...own };
    const version = await repeat(context.runs, () => measure([tool.program, '--version'], { cwd, env }));
    context.server.takeRequests();
    let requests: readonly number[] = [];
    const turn = await repeat(context.runs, async () => {
      const measured = await measure(argv, { cwd, env });
      requests = context.server.takeRequests();
      return measured;
    });
    const turned = turn.medians !== null && requests.length > 0;
    return {
      name: tool.name,
      version: version.medians,
      turn: turned && turn.medians !== null ? { ...turn.medians, requests } : null,
      problem: [version.problem, turned ? '' : turn.problem || 'no model request'].filter(Boolean).join('; '),
    } satisfies StartupRow;
  } finally {
    rmSync(home, { recursive: true, force: true });
    rmSync(cwd, { recursive: true, force: true });
  }
};

/** Nothing of the person's settings may make one tool look better than another. */
const cleanEnv = (home: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: home,
  LANG: 'C.UTF-8',
  NO_COLOR: '1',
  CI: 'true',
  NO_PROXY: '127.0.0.1,localhost',
});

/** The first run fills caches and does not count. */
const repeat = async (runs: number, once: () => Promise<Measured>) => {
  const all: Measured[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const measured = await once();
    if (measured.exit !== 0) {
      const words = measured.output.trim().split('\n').at(-1)?.slice(0, 80).replaceAll('|', '/') ?? '';
      return { medians: null, problem: `exit ${measured.exit}: ${words}` };
    }
    if (run > 0) all.push(measured);
  }
  const megabytes = median(all.flatMap((measured) => measured.megabytes ?? []));
  return { medians: { seconds: median(all.map(({ seconds }) => seconds)) ?? 0, megabytes }, problem: '' };
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' } } });
  const server = await startInstantServer();
  const rows: StartupRow[] = [];
  for (const tool of [...tandemTools(join(import.meta.dirname, '..', 'bin', 'tandem')), ...rivalsHere()]) {
    rows.push(await measureTool(tool, { server, runs: Number(values.runs) }));
    console.error(`${tool.name} done`);
  }
  server.close();
  const machine = `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? process.arch}`;
  const conditions = `Median of ${values.runs} runs after one to warm up, ${new Date().toISOString().slice(0, 10)}, ${machine}`;
  const text = renderStartup(rows, conditions);
  writeSection('startup', text);
  console.log(text);
};

if (import.meta.main) await main();
