import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from './process.ts';
import { layFolder, type Task } from './task.ts';

export type Score = {
  readonly passed: boolean;
  readonly exit: number;
  readonly seconds: number;
  /** End of what the hidden test printed. */
  readonly tail: string;
};

/** The environment every command of a task sees, so that two runs differ only in what the agent wrote. */
export const taskEnv = (
  task: Task,
  options: { readonly runtime: string; readonly extra?: Readonly<Record<string, string>> },
): NodeJS.ProcessEnv => ({
  ...process.env,
  BENCH_RT: options.runtime,
  TZ: 'UTC',
  LANG: 'C.UTF-8',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONHASHSEED: '0',
  NO_COLOR: '1',
  ...task.env,
  ...options.extra,
});

/**
 * Copies the result, lays hidden/ over it (so test files an agent changed do not count) and runs the hidden test.
 * Passed means exit 0 and this call's nonce printed: a test that never ran cannot pass.
 */
export const score = async (
  task: Task,
  options: { readonly work: string; readonly runtime: string },
): Promise<Score> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-score-'));
  try {
    cpSync(options.work, folder, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => basename(source) !== '.git',
    });
    layFolder(join(task.directory, 'hidden'), folder);
    const nonce = randomBytes(8).toString('hex');
    const result = await run({
      command: task.hidden_test_cmd,
      cwd: folder,
      env: taskEnv(task, { runtime: options.runtime, extra: { BENCH_NONCE: nonce } }),
      timeoutSeconds: task.timeout_s ?? 60,
    });
    return {
      passed: result.exit === 0 && result.output.includes(`BENCH_OK ${nonce}`),
      exit: result.exit,
      seconds: round(result.seconds),
      tail: result.output.slice(-1500),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const round = (seconds: number): number => Math.round(seconds * 100) / 100;
