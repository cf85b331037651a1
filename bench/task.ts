import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What task.json says. Other fields are kept out: nothing here depends on them. */
export type TaskFacts = {
  readonly id: string;
  readonly kind: string;
  readonly lang: string;
  /** Files the task expects to be edited. */
  readonly files?: readonly string[];
  /** The command an agent may use for its own verify loop. */
  readonly visible_test_cmd?: string;
  readonly hidden_test_cmd: string;
  readonly timeout_s?: number;
  readonly env?: Readonly<Record<string, string>>;
};

export type Task = TaskFacts & { readonly directory: string; readonly instruction: string };

/** Every folder with a task.json, at most three folders deep, in order of kind and id. */
export const readSuite = (suite: string): readonly Task[] =>
  globSync(['task.json', '*/task.json', '*/*/task.json', '*/*/*/task.json'], { cwd: suite })
    .map((path) => readTask(resolve(suite, dirname(path))))
    .toSorted((left, right) => compare(`${left.kind}/${left.id}`, `${right.kind}/${right.id}`));

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

export const readTask = (directory: string): Task => {
  const facts: TaskFacts = JSON.parse(readFileSync(join(directory, 'task.json'), 'utf8'));
  const instruction = readFileSync(join(directory, 'instruction.md'), 'utf8');
  return { ...facts, directory, instruction };
};

/** Puts the files an agent starts from into `target`: start/, or start.tgz for larger trees, or both. */
export const layStart = (task: Task, target: string): void => {
  layFolder(join(task.directory, 'start'), target);
  const archive = join(task.directory, 'start.tgz');
  if (!existsSync(archive)) return;
  const result = spawnSync('tar', ['-xzf', archive, '-C', target], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`tar could not read ${archive}: ${result.stderr}`);
};

export const layFolder = (source: string, target: string): void => {
  if (existsSync(source)) cpSync(source, target, { recursive: true, verbatimSymlinks: true });
};
