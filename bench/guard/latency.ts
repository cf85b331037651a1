import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Guard } from '../../packages/guard/src/load-guard.ts';
import { type Case, requestOf } from './cases.ts';
import { shapes } from './shapes.ts';
import { judgeWatched, type Watched } from './watched-guard.ts';

/** Milliseconds. */
export type Latency = {
  readonly name: string;
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** p50 over a fixed computation of about the same size, timed in the same pass. */
  readonly toReference: number;
};

/**
 * Times of a warm process. Other jobs share the machine, so a case takes what it took in the quietest of `passes`; the
 * first pass warms up and does not count.
 */
export const measureLatency = (
  groups: readonly (readonly [string, readonly Case[]])[],
  { guard, passes }: { readonly guard: Guard; readonly passes: number },
): readonly Latency[] =>
  groups
    .filter(([, cases]) => cases.length > 0)
    .map(([name, cases]) => {
      const all = Array.from({ length: passes + 1 }, () => onePass(cases, guard)).slice(1);
      const best = cases.map((_, index) => Math.min(...all.map(({ times }) => times[index]!)));
      return {
        name,
        count: cases.length,
        p50: at(best, 0.5),
        p99: at(best, 0.99),
        max: at(best, 1),
        toReference: Math.min(...all.map(({ times, reference }) => at(times, 0.5) / reference)),
      };
    });

type Pass = { readonly times: readonly number[]; readonly reference: number };

const onePass = (cases: readonly Case[], guard: Guard): Pass => {
  const times = cases.map((one) => timed(() => guard.judge(requestOf(one))));
  const references = Array.from({ length: 200 }, () => timed(referenceWork));
  return { times, reference: at(references, 0.5) };
};

const at = (list: readonly number[], share: number): number =>
  list.toSorted((left, right) => left - right)[Math.floor((list.length - 1) * share)]!;

const timed = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

/** Splitting, sorting and joining 2,000 words: what the ratio is taken to. */
const referenceWork = (): number => {
  const words = Array.from({ length: 2_000 }, (_, index) => String((index * 7_919) % 10_007));
  return words.toSorted().join(' ').split(' ').length;
};

export type ShapeTime = Watched & { readonly name: string };

/** Inputs of exactly 10,000 characters, the slowest first; each the best of `passes`. */
export const measureShapes = async (passes: number): Promise<readonly ShapeTime[]> => {
  const all = shapes();
  const requests = all.map(({ kind, text }) => ({ kind, input: text }));
  const watched = await judgeWatched(requests, { passes, limitMs: 20_000 });
  return all
    .map(({ name }, index) => ({ name, ...watched[index]! }))
    .toSorted((left, right) => right.milliseconds - left.milliseconds);
};

/**
 * Processor time from the start of a fresh process to its first decision, less what an empty one takes, in milliseconds;
 * best of `runs`. Bundled into one file, as `npm run build` does, and from source; as bin/tandem starts `judge`: compiled
 * code kept between starts, and a young heap that is not collected.
 */
export const measureLoad = async (
  runs: number,
): Promise<{ readonly source: number; readonly bundled: number }> => {
  const folder = join(import.meta.dirname, '..', 'out', 'guard-load');
  const outfile = join(folder, 'first-decision.mjs');
  const guard = join(import.meta.dirname, '..', '..', 'packages', 'guard', 'src');
  const program = firstDecision(guard);
  mkdirSync(folder, { recursive: true });
  for (const file of ['rules/default', 'learned/weights.bin', 'learned/weights.json'])
    cpSync(join(guard, file), join(folder, file.split('/')[1]!), { recursive: true });
  await build({
    stdin: { contents: program, resolveDir: guard },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifySyntax: true,
    external: ['web-tree-sitter', 'tree-sitter-*'],
    logLevel: 'silent',
  });
  const empty = bestRun(['--input-type=module', '-e', sayTime], runs);
  const source = bestRun(['--input-type=module', '-e', program], runs);
  return { source: source - empty, bundled: bestRun([outfile], runs) - empty };
};

/** A program that says how long it lived when it had decided for the first time. */
const firstDecision = (guard: string): string => `
import { loadGuard } from ${JSON.stringify(join(guard, 'load-guard.ts'))};
import { defaultRules } from ${JSON.stringify(join(guard, 'rules/default-rules.ts'))};
import { ruleSet } from ${JSON.stringify(join(guard, 'rules/rule-set.ts'))};
const guard = await loadGuard({ rules: ruleSet({ default: defaultRules() }) });
const request = { kind: 'bash', input: 'git status && rm -rf build' };
await guard.ready(request);
guard.judge(request);
${sayTime}`;

/** Not the time on the wall: others work on the same machine. */
const sayTime = 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1_000);';

const compiled = join(import.meta.dirname, '..', 'out', 'guard-load', 'compiled');

const bestRun = (call: readonly string[], runs: number): number =>
  Math.min(
    ...Array.from({ length: runs }, () => {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        ['--no-warnings', '--min-semi-space-size=32', ...call],
        { encoding: 'utf8', env: { ...process.env, NODE_COMPILE_CACHE: compiled } },
      );
      if (status !== 0) throw new Error(`the guard does not load in a fresh process: ${stderr.slice(-500)}`);
      return Number(stdout);
    }),
  );
