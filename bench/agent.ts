/** The two kinds of agent a task can be given to: any shell command, and Tandem itself. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Finished, run } from './process.ts';
import type { Task } from './task.ts';

export type AgentInput = {
  readonly task: Task;
  /** A fresh git repository with one commit. */
  readonly work: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutSeconds: number;
  /** A folder for attempts.json, outside the work tree. */
  readonly attempts: string;
};

export type AgentOutcome = {
  readonly exit: number;
  readonly seconds: number;
  readonly tail: string;
  /** Absent for an agent that does not tell. */
  readonly told?: ToldOutcome;
};

/** What `tandem exec --output-format json` tells beyond its exit code. */
export type ToldOutcome = {
  readonly status: string;
  readonly attempts: number;
  readonly tokens: { readonly in: number; readonly cached: number; readonly out: number };
  readonly verifyExit: number | null;
};

export type Agent = (input: AgentInput) => Promise<AgentOutcome>;

/** Any command; `{instruction}` in it is replaced by the shell-quoted instruction. */
export const commandAgent =
  (command: string): Agent =>
  async ({ task, work, env, timeoutSeconds }) => {
    const line = command.replaceAll('{instruction}', () => shellQuote(task.instruction));
    return outcomeOf(await run({ command: line, cwd: work, env, timeoutSeconds }));
  };

const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export type TandemSettings = {
  readonly program: string;
  readonly model?: string;
  readonly without: readonly string[];
  /** Further arguments of exec, as they are. */
  readonly args: readonly string[];
};

export const tandemAgent =
  (settings: TandemSettings): Agent =>
  async (input) => {
    mkdirSync(input.attempts, { recursive: true });
    const argv = [settings.program, ...execArgs(settings, input)];
    const result = await run({
      command: argv,
      cwd: input.work,
      env: input.env,
      timeoutSeconds: input.timeoutSeconds,
    });
    const told = readTold(result.stdout);
    return { ...outcomeOf(result), ...(told === null ? {} : { told }) };
  };

const execArgs = (settings: TandemSettings, { task, work, attempts }: AgentInput): readonly string[] => [
  'exec',
  task.instruction,
  ...['--cwd', work, '--output-format', 'json', '--ephemeral', '--keep-attempts', attempts],
  ...(task.visible_test_cmd ? ['--verify', task.visible_test_cmd] : []),
  ...(task.files?.length ? ['--files', task.files.join(',')] : []),
  ...(settings.model === undefined ? [] : ['--model', settings.model]),
  ...(settings.without.length > 0 ? ['--without', settings.without.join(',')] : []),
  ...settings.args,
];

const outcomeOf = ({ exit, seconds, output }: Finished): AgentOutcome => ({
  exit,
  seconds,
  tail: output.slice(-1500),
});

/** The one JSON object that exec prints; null when it printed none (a crash, a usage error). */
const readTold = (stdout: string): ToldOutcome | null => {
  try {
    const answer = JSON.parse(stdout.slice(stdout.indexOf('{')));
    return {
      status: String(answer.status),
      attempts: answer.attempts?.length ?? 0,
      tokens: {
        in: answer.usage?.in ?? 0,
        cached: answer.usage?.cached ?? 0,
        out: answer.usage?.out ?? 0,
      },
      verifyExit: answer.verify?.exit ?? null,
    };
  } catch {
    return null;
  }
};

export const attemptsFile = (folder: string): string => join(folder, 'attempts.json');
