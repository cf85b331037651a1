import type { Mechanism } from '@tandem/protocol';
import type { Generated } from '../ports.ts';
import { exampleShare } from './examples-check.ts';
import { type Guarded, guardText, sameCode, squeeze } from './guards.ts';
import { mergeAnswer } from './merge-answer.ts';
import { shareOfTests } from './progress.ts';
import { codeOf } from './prompt.ts';
import type { Attempt, AttemptSource, PipelineRun, Region } from './state.ts';
import { verifyFiles } from './verify.ts';

export type Tried =
  | { readonly type: 'attempt'; readonly attempt: Attempt }
  | { readonly type: 'rejected'; readonly reason: string };

/** A model's answer → merged text → guards → verify → an attempt in the log. */
export const tryAnswer = async (
  run: PipelineRun,
  input: {
    readonly region: Region;
    readonly generated: Generated;
    readonly source: AttemptSource;
    /** Files that this attempt changed before, in a request over several files. */
    readonly earlier?: ReadonlyMap<string, string>;
  },
): Promise<Tried> => {
  const { code } = run.context;
  const merged = await mergeAnswer({ code, region: input.region, answer: codeOf(input.generated.text) });
  if (merged.type === 'rejected') return reject(run, input.source, merged.reason);
  const tokens = { in: input.generated.usage.in, out: input.generated.usage.out };
  const tried = await tryText(run, { ...input, text: merged.text, tokens });
  const isEnough = tried.type === 'attempt' && tried.attempt.passed;
  if (isEnough || merged.whole === undefined || sameCode(merged.whole, merged.text)) return tried;
  const whole = await tryText(run, { ...input, text: merged.whole, tokens: { in: 0, out: 0 } });
  return whole.type === 'attempt' ? whole : tried;
};

/** Texts of the file that an answer may mean, the likeliest first. */
export const codeFrom = async (
  run: PipelineRun,
  region: Region,
  answer: string,
): Promise<readonly string[]> => {
  const merged = await mergeAnswer({ code: run.context.code, region, answer: codeOf(answer) });
  if (merged.type === 'rejected') return [];
  return merged.whole === undefined ? [merged.text] : [merged.whole, merged.text];
};

/** What can be said against a new text of the region's file. Modules that are missing are remembered: the model is told. */
export const guardFile = async (run: PipelineRun, region: Region, text: string): Promise<Guarded> => {
  const { code } = run.context;
  const uses = (mechanism: Mechanism): boolean => run.uses(mechanism);
  const absent = (modules: readonly string[]) => absentPackages(run, region.path, modules);
  const guarded = await guardText({ code, region, text, files: run.paths, uses, absent });
  if (guarded.type === 'rejected') for (const module of guarded.modules ?? []) run.missing.add(module);
  return guarded;
};

export const tryText = async (
  run: PipelineRun,
  input: {
    readonly region: Region;
    readonly text: string;
    readonly source: AttemptSource;
    readonly tokens: { readonly in: number; readonly out: number };
    readonly earlier?: ReadonlyMap<string, string>;
  },
): Promise<Tried> => {
  const { region, text, source } = input;
  const guarded = await guardFile(run, region, text);
  if (guarded.type === 'rejected') return reject(run, source, guarded.reason);
  const changed = new Map([...(input.earlier ?? []), [region.path, text]]);
  const twin = run.attempts.find((attempt) => sameFiles(attempt.files, changed));
  if (twin !== undefined) {
    if (source !== 'mutation') twin.votes++;
    return { type: 'attempt', attempt: twin };
  }
  const attempt = await judge(run, { ...input, files: changed });
  run.attempts.push(attempt);
  await recordAttempt(run, attempt);
  return { type: 'attempt', attempt };
};

/** Attempts import the same few modules again and again: each is looked for once. */
const absentPackages = async (
  run: PipelineRun,
  path: string,
  imported: readonly string[],
): Promise<readonly string[]> => {
  const { runner, workspace, signal } = run.context;
  const { scratch, present, paths: files } = run;
  const modules = imported.filter((module) => !present.has(module));
  if (modules.length === 0) return [];
  const input = { workspace: scratch, root: workspace.root, path, modules, files, signal };
  const absent = await runner.absentPackages(input);
  for (const module of modules) if (!absent.includes(module)) present.add(module);
  return absent;
};

const reject = (run: PipelineRun, source: AttemptSource, reason: string): Tried => {
  run.rejected.push({ source, reason });
  return { type: 'rejected', reason };
};

const sameFiles = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([path, text]) => sameCode(text, b.get(path) ?? ''));

const judge = async (
  run: PipelineRun,
  input: {
    readonly region: Region;
    readonly text: string;
    readonly source: AttemptSource;
    readonly tokens: { readonly in: number; readonly out: number };
    readonly files: ReadonlyMap<string, string>;
  },
): Promise<Attempt> => {
  const startedAt = run.context.clock.ms();
  const { command } = run.baseline;
  const check = command ?? run.syntax;
  const checked = check === null ? null : await verifyFiles(run, { files: input.files, command: check });
  const held = await exampleShare(run, { region: input.region, text: input.text });
  const holds = command !== null || held === null || held === 1;
  return {
    id: run.context.ids.next('att'),
    source: input.source,
    files: input.files,
    region: input.region,
    verify: checked === null || command === null ? null : { command, exit: checked.exit },
    passed: holds && checked?.passed !== false,
    examplesHeld: held ?? 0,
    testsHeld: shareOfTests(checked?.output ?? '') ?? 0,
    output: checked?.output ?? '',
    ms: Math.round(run.context.clock.ms() - startedAt),
    tokens: input.tokens,
    votes: input.source === 'mutation' || input.source === 'mutated_sample' ? 0 : 1,
  };
};

const recordAttempt = async (run: PipelineRun, attempt: Attempt): Promise<void> => {
  run.context.progress(
    `attempt ${run.attempts.length} (${attempt.source}): ${attempt.passed ? 'passes' : 'fails'}`,
  );
  await run.context.record({
    type: 'attempt.verified',
    data: {
      attempt: attempt.id,
      source: attempt.source,
      verify: attempt.verify,
      ms: attempt.ms,
      tokens: attempt.tokens,
      note: attempt.passed ? 'passed' : (squeeze(attempt.output).split('\n').at(-1) ?? '').slice(0, 200),
    },
  });
};
