import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Agent, ToldOutcome } from './agent.ts';
import { anyRight, firstOfModel, readAttempts, type ScoredAttempt, scoreAttempts } from './attempts.ts';
import { round, score, taskEnv } from './score.ts';
import { layFolder, layStart, type Task } from './task.ts';

/** What is done with the start state before it is scored: nothing, the reference laid over it, or an agent's work. */
export type Subject =
  | { readonly type: 'start' }
  | { readonly type: 'reference' }
  | { readonly type: 'agent'; readonly agent: Agent; readonly timeoutSeconds: number };

/** One line of a results file. */
export type TaskResult = {
  readonly type: 'task';
  readonly id: string;
  readonly kind: string;
  readonly lang: string;
  readonly passed: boolean;
  readonly testExit: number;
  readonly testSeconds: number;
  readonly tail: string;
  readonly agentExit?: number;
  readonly agentSeconds?: number;
  readonly agentTail?: string;
  readonly changed?: readonly string[];
  readonly told?: ToldOutcome;
  /** The model's first try alone; null or absent when there was none or none was kept. */
  readonly first?: boolean | null;
  /** Any attempt right. */
  readonly oracle?: boolean | null;
  readonly attempts?: readonly ScoredAttempt[];
};

export const runTask = async (
  task: Task,
  options: { readonly subject: Subject; readonly runtime: string },
): Promise<TaskResult> => {
  const { subject, runtime } = options;
  const work = mkdtempSync(join(tmpdir(), 'bench-work-'));
  const side = mkdtempSync(join(tmpdir(), 'bench-side-'));
  try {
    layStart(task, work);
    if (subject.type === 'reference') layFolder(join(task.directory, 'reference'), work);
    const agent = subject.type === 'agent' ? await useAgent({ task, subject, work, side, runtime }) : {};
    const { passed, exit, seconds, tail } = await score(task, { work, runtime });
    const { id, kind, lang } = task;
    return { type: 'task', id, kind, lang, passed, testExit: exit, testSeconds: seconds, tail, ...agent };
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(side, { recursive: true, force: true });
  }
};

const useAgent = async (input: {
  readonly task: Task;
  readonly subject: Extract<Subject, { type: 'agent' }>;
  readonly work: string;
  readonly side: string;
  readonly runtime: string;
}): Promise<Partial<TaskResult>> => {
  const { task, subject, work, side, runtime } = input;
  const base = commitAll(work);
  const instruction = join(side, 'instruction.md');
  const attemptsFolder = join(side, 'attempts');
  writeFileSync(instruction, task.instruction);
  const extra = {
    BENCH_INSTRUCTION: instruction,
    BENCH_VISIBLE_TEST: task.visible_test_cmd ?? '',
    BENCH_FILES: (task.files ?? []).join(' '),
  };
  const env = taskEnv(task, { runtime, extra });
  const outcome = await subject.agent({
    task,
    work,
    env,
    timeoutSeconds: subject.timeoutSeconds,
    attempts: attemptsFolder,
  });
  const kept = readAttempts(attemptsFolder);
  const attempts = await scoreAttempts(task, { attempts: kept?.attempts ?? [], runtime });
  return {
    agentExit: outcome.exit,
    agentSeconds: round(outcome.seconds),
    agentTail: outcome.tail,
    changed: changedSince(work, base),
    ...(outcome.told === undefined ? {} : { told: outcome.told }),
    first: firstOfModel(kept, attempts),
    oracle: anyRight(kept, attempts),
    attempts,
  };
};

const commitAll = (work: string): string => {
  git(work, 'init', '--quiet');
  git(work, 'add', '-A');
  git(work, 'commit', '--quiet', '--allow-empty', '-m', 'start');
  return git(work, 'rev-parse', 'HEAD').trim();
};

const changedSince = (work: string, base: string): readonly string[] => {
  git(work, 'add', '-A');
  return git(work, 'diff', '--cached', '--name-only', base).split('\n').filter(Boolean);
};

const git = (work: string, ...args: readonly string[]): string => {
  const result = spawnSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], {
    cwd: work,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`git ${args[0]} failed: ${result.stderr}`);
  return result.stdout;
};
