import { isAppError, type TestRun } from '@tandem/protocol';
import { detectVerify } from '../pipeline/detect-verify.ts';
import { readText } from '../pipeline/read-text.ts';
import type { RunResult, Workspace } from '../ports.ts';
import { filesBackTo } from '../turn/snapshot.ts';
import type { Work } from '../turn/work.ts';
import { regressionsOf, testsIn } from './test-names.ts';

/** One run of verify when nobody says how long: a slow suite passes, one that hangs does not stay for ever. */
const usualSeconds = 600;
/** Characters of output read for names of tests; past it they are not compared one by one. */
const maxOutput = 1_000_000;

/** An attempt's worktree as a place to verify in. */
export type Place = {
  readonly workspace: Workspace;
  /** Where in it commands run. */
  readonly cwd: string | undefined;
  /** Names the snapshot of it as its session left it. */
  readonly made: string;
};

export type Commands = { readonly verify: string | null; readonly tests: string | null };
export type Baseline = { readonly verify: TestRun | null; readonly tests: TestRun | null };
export type Checked = {
  readonly run: TestRun | null;
  readonly regressions: readonly string[];
  readonly result: RunResult | null;
  readonly ms: number;
};

/** What was asked for, else the workspace's own test command; and that command too, where it is another one. */
export const commandsOf = async (work: Work): Promise<Commands> => {
  const files = new Set(await work.workspace.list());
  const read = (path: string): Promise<string | null> => readText(work.workspace, path);
  const own = (await detectVerify({ files, read }))?.command ?? null;
  const asked = work.now().options.verify?.trim() || null;
  return { verify: asked ?? own, tests: asked === null || asked === own ? null : own };
};

/** How the commands end before any attempt. One that cannot even be found judges nothing. */
export const takeBaseline = async (work: Work, commands: Commands): Promise<Baseline> => {
  if (commands.verify === null && commands.tests === null) return { verify: null, tests: null };
  const workspace = await work.workspace.scratch('baseline');
  try {
    const place = { workspace, cwd: undefined, made: '' };
    const of = async (command: string | null): Promise<TestRun | null> =>
      command === null ? null : testRun(command, await run(work, place, command));
    const verify = await of(commands.verify);
    const tests = await of(commands.tests);
    const unusable = tests !== null && (tests.exit === 126 || tests.exit === 127);
    return { verify, tests: unusable ? null : tests };
  } finally {
    await workspace.dispose();
  }
};

/** Verify in an attempt's worktree, then what was the workspace's own; the files are as before it afterwards. */
export const check = async (work: Work, place: Place, baseline: Baseline): Promise<Checked> => {
  const verified = await tidily(work, place, baseline.verify?.command ?? null);
  const passes = verified === null || verified.exit === 0;
  // What fails verify is not chosen, so what else it breaks need not be known.
  const tested = passes ? await tidily(work, place, baseline.tests?.command ?? null) : null;
  const own = verified === null ? null : testRun(baseline.verify?.command ?? '', verified);
  const other = tested === null ? null : testRun(baseline.tests?.command ?? '', tested);
  return {
    run: own,
    regressions: [...regressionsOf(baseline.verify, own), ...regressionsOf(baseline.tests, other)],
    result: verified ?? tested,
    ms: (verified?.ms ?? 0) + (tested?.ms ?? 0),
  };
};

const testRun = (command: string, { exit, output }: RunResult): TestRun => ({
  command,
  exit,
  tests: output.length >= maxOutput ? null : testsIn(output),
});

const run = (work: Work, place: Place, command: string): Promise<RunResult> =>
  place.workspace.run({
    command,
    ...(place.cwd === undefined ? {} : { cwd: place.cwd }),
    timeoutMs: (work.now().options.verifySeconds ?? usualSeconds) * 1000,
    signal: work.signal,
    maxOutput,
  });

/** What a check writes (byte code, reports, snapshots of its own) is no part of the attempt. */
const tidily = async (work: Work, place: Place, command: string | null): Promise<RunResult | null> => {
  if (command === null) return null;
  try {
    return await run(work, place, command);
  } finally {
    await asItWasMade(work, place);
  }
};

/**
 * The files as the attempt's session left them: kept the first time that this is asked, put back later, also after a
 * kill in the middle of a check. The snapshot's name is the attempt's, so that it is found without a log.
 */
export const asItWasMade = async (work: Work, { workspace, made }: Place): Promise<void> => {
  try {
    await filesBackTo({ ...work, workspace }, made);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error;
    await workspace.snapshot(made, { session: work.log.session });
  }
};
