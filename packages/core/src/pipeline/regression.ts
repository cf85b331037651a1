import { detectVerify } from './detect-verify.ts';
import { readText } from './read-text.ts';
import type { Attempt, PipelineRun } from './state.ts';
import { verifyFiles } from './verify.ts';

/** The workspace's own tests may take so long before an attempt is landed without them. */
const ownTestsMs = 60_000;

/**
 * A check that an attempt breaks nothing that worked: the workspace's own test command, where the verify command is
 * another one and the untouched workspace passes it. Null when there is no such command.
 */
export const regressionCheck = async (
  run: PipelineRun,
): Promise<((attempt: Attempt) => Promise<boolean>) | null> => {
  if (run.baseline.command === null || !run.uses('regression')) return null;
  const read = (path: string): Promise<string | null> => readText(run.scratch, path);
  const command = (await detectVerify({ files: run.files, read }))?.command ?? null;
  if (command === null || command === run.baseline.command) return null;
  run.context.progress(`running the workspace's own tests: ${command}`);
  const before = await verifyFiles(run, { files: new Map(), command, timeoutMs: ownTestsMs });
  if (!before.passed) return null;
  return async (attempt) =>
    (await verifyFiles(run, { files: attempt.files, command, timeoutMs: ownTestsMs })).passed;
};
