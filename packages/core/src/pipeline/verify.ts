import { detectSyntaxCheck, detectVerify } from './detect-verify.ts';
import { findFrames } from './failure.ts';
import { verifyInRequest } from './intent.ts';
import type { PipelineContext } from './pipeline.ts';
import { readText } from './read-text.ts';
import { type Baseline, noBaseline, type PipelineRun } from './state.ts';

/** One run of the verify command may take this long; a hanging mutant must not eat the turn, a slow suite must pass. */
const verifyCapMs = 120_000;
const firstVerifyCapMs = 300_000;

/** `--verify`, else what the request says, else the workspace's own test command, else nothing. */
export const chooseVerify = async (
  context: PipelineContext,
  files: ReadonlySet<string>,
): Promise<string | null> => {
  const given = context.options.verify?.trim();
  if (given !== undefined && given !== '') return given;
  const asked = verifyInRequest(context.request);
  if (asked !== null) return asked;
  const read = (path: string): Promise<string | null> => readText(context.workspace, path);
  return (await detectVerify({ files, read }))?.command ?? null;
};

/** Runs the verify command on the untouched scratch copy, with coverage where the runtime gives it. */
export const takeBaseline = async (run: PipelineRun, command: string | null): Promise<Baseline> => {
  if (command === null) return noBaseline;
  run.context.progress(`running ${command}`);
  const { signal } = run.context;
  const measured = run.uses('coverage')
    ? await run.context.runner.coverage({
        workspace: run.scratch,
        command,
        timeoutMs: firstVerifyCapMs,
        signal,
      })
    : {
        run: await run.scratch.run({ command, timeoutMs: firstVerifyCapMs, signal }),
        lines: new Map<string, ReadonlySet<number>>(),
      };
  const { output } = measured.run;
  const frames = findFrames({ output, root: run.scratch.root, files: run.files });
  // 126 and 127 say that the command itself cannot run: it can judge nothing.
  const unusable = measured.run.exit === 126 || measured.run.exit === 127;
  if (unusable && run.context.options.verify === undefined) return { ...noBaseline, output, frames };
  return {
    command,
    exit: measured.run.exit,
    output,
    frames,
    passed: measured.run.exit === 0,
    ms: measured.run.ms,
    lines: measured.lines,
  };
};

/** An attempt that hangs must not cost minutes: some times what the untouched workspace took, and never very little. */
const timeoutFor = (baseline: Baseline): number => Math.min(verifyCapMs, 8_000 + baseline.ms * 5);

/**
 * Where no command verifies: one that at least compiles or type-checks the file, if the untouched file passes it.
 */
export const chooseSyntaxCheck = async (
  run: PipelineRun,
  path: string,
): Promise<readonly string[] | null> => {
  const read = (file: string): Promise<string | null> => readText(run.scratch, file);
  const command = await detectSyntaxCheck({ path, files: run.files, read });
  if (command === null) return null;
  return (await verifyFiles(run, { files: new Map(), command, timeoutMs: 60_000 })).passed ? command : null;
};

export type Checked = {
  readonly passed: boolean;
  readonly exit: number;
  readonly output: string;
  readonly ms: number;
};

/** Lays the files into the scratch copy, runs the command, and puts the copy back. */
export const verifyFiles = async (
  run: PipelineRun,
  input: {
    readonly files: ReadonlyMap<string, string>;
    readonly command: string | readonly string[];
    readonly timeoutMs?: number;
  },
): Promise<Checked> => {
  const before = new Map<string, string | null>();
  for (const [path, text] of input.files) {
    before.set(path, (await run.scratch.read(path))?.text ?? null);
    await run.scratch.write(path, text);
  }
  try {
    const result = await run.scratch.run({
      command: input.command,
      timeoutMs: input.timeoutMs ?? timeoutFor(run.baseline),
      signal: run.context.signal,
    });
    return { passed: result.exit === 0, exit: result.exit, output: result.output, ms: result.ms };
  } finally {
    for (const [path, text] of before) {
      if (text === null) await run.scratch.remove(path);
      else await run.scratch.write(path, text);
    }
  }
};
