import { stat } from 'node:fs/promises';
import { AppError } from '@tandem/protocol/error';
import type { TaskStage } from '@tandem/protocol/team';
import type { Query } from '../database/transaction.ts';
import type { Performed, Run } from '../engine/engine.ts';
import { takeInBundle } from '../repository/bundle.ts';
import { commitWorktree } from '../repository/commit.ts';
import {
  fetchMirror,
  hasCommit,
  inTurn,
  makeWorktree,
  pushBranch,
  removeWorktree,
  resolveBase,
} from '../repository/mirror.ts';
import { workOnTask } from './agent.ts';
import { bundleFile } from './bundle-files.ts';
import { branchOf, type Context, sessionAfter, sessionOf } from './context.ts';
import { endTask } from './end.ts';
import { changeTask, type TaskChange } from './rows.ts';

type Stage = (context: Context, run: Run) => Promise<Performed>;

/** Past it a check counts as failed. */
const verifyMs = 30 * 60_000;
/** Characters of its output that are kept: the end says why. */
const verifyOutput = 8_000;

/** The next stage, and what the task is by then; the event is the same for all of them. */
const goOn = (
  run: Run,
  given: {
    readonly to: TaskStage;
    readonly change?: TaskChange;
    readonly data?: Record<string, unknown>;
  } & Pick<Performed, 'placed' | 'binding'>,
): Performed => {
  const { to, change = {}, data = {}, ...rest } = given;
  return {
    ...rest,
    next: { type: 'stage', stage: to },
    record: (client) =>
      record(client, run, { ...change, stage: to, why: doing[to] }, { stage: run.stage, ...data }),
  };
};

const record = async (
  client: Query,
  run: Run,
  change: TaskChange,
  data: Record<string, unknown>,
): Promise<void> => {
  await changeTask(client, run.id, { change, event: { type: 'stage.completed', actor: 'server', data } });
};

/** Why a task is in a stage, for people. */
export const doing: Readonly<Record<TaskStage, string>> = {
  admit: 'waits for its turn',
  prepare: 'the files are being fetched',
  agent: 'the agent is at work',
  verify: 'the result is being checked',
  approval: 'the change is ready',
  publish: 'the change is being published',
  notify: 'the end is being announced',
};

const admit: Stage = async ({ mirror }, run) => {
  if (mirror.origin === '') throw new AppError('not_found', 'The repository of this task is gone.');
  return goOn(run, { to: 'prepare' });
};

const prepare: Stage = async (context, run) => {
  const { mirror, task, worktree } = context;
  const commit = await inTurn(mirror, async () => {
    await fetchMirror(mirror);
    const base = await baseOf(context);
    await run.requireHeld();
    await makeWorktree(mirror, { path: worktree, commit: base });
    return base;
  });
  const change = { base_commit: commit, session_id: sessionOf(task) };
  return goOn(run, { to: 'agent', placed: true, change, data: { base: commit } });
};

/** What of a bundle is in the mirror is not asked for again: a task that begins anew may find the bundle gone. */
const baseOf = async ({ mirror, task, state }: Context): Promise<string> => {
  const { base } = task.options;
  if (typeof base !== 'object') return task.base_commit ?? (await resolveBase(mirror, base));
  if (task.base_commit !== null && (await hasCommit(mirror, task.base_commit))) return task.base_commit;
  return await takeInBundle(mirror, { id: base.bundle, file: bundleFile(state, base.bundle) });
};

const agent: Stage = async (context, run) => {
  const { worktree, task } = context;
  if (await isMissing(worktree)) return beginAgain(run, task);
  const { outcome, answer, error } = await workOnTask(context, run);
  if (outcome === 'ok') return goOn(run, { to: 'verify', change: { answer }, data: { answer } });
  const why = error ?? { code: 'internal', message: 'the agent did not get to an end' };
  return { next: { type: 'end' }, record: (client) => endTask(client, run.id, 'failed', why) };
};

const isMissing = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) === null;

/** Restored from a backup: the log is here and the files are not. All that the agent did is done anew, in a session of its own. */
const beginAgain = (run: Run, task: Context['task']): Performed => ({
  next: { type: 'stage', stage: 'prepare' },
  record: async (client) => {
    const change: TaskChange & { readonly why: string } = {
      ...{ session_id: sessionAfter(task), head_commit: null, files: null, verify: null },
      stage: 'prepare',
      why: 'its files are not here; it begins again',
    };
    const data = { stage: run.stage, message: change.why };
    await changeTask(client, run.id, { change, event: { type: 'task.retrying', actor: 'server', data } });
  },
});

const verify: Stage = async (context, run) => {
  const { mirror, task, worktree, workspace } = context;
  if (await isMissing(worktree)) return beginAgain(run, task);
  await run.requireHeld();
  const made = await inTurn(mirror, () =>
    commitWorktree(mirror, {
      ...{ path: worktree, base: task.base_commit!, task: run.id },
      message: messageOf(context),
      at: task.created_at.toISOString(),
    }),
  );
  if (made === null)
    return { next: { type: 'end' }, record: (client) => endTask(client, run.id, 'completed', null) };
  const change = { head_commit: made.commit, files: [...made.files] };
  const command = task.options.verify;
  if (command === undefined)
    return withChange(run, task, { change, data: { commit: made.commit, verify: null } });
  const { signal } = run;
  const limits = { timeoutMs: verifyMs, maxOutput: verifyOutput };
  const { exit, output } = await (await workspace(worktree)).run({ command, signal, ...limits });
  signal.throwIfAborted();
  const checked = { command, exit, output };
  if (exit === 0) return withChange(run, task, { change: { ...change, verify: checked }, data: { exit } });
  const why = { code: 'verify_failed', message: `${command} ended with ${exit}` };
  return {
    next: { type: 'end' },
    record: (client) => endTask(client, run.id, 'failed', why, { ...change, verify: checked }),
  };
};

/** A change that is good goes on to people and a branch, or stays with a task that asked for neither. */
const withChange = (
  run: Run,
  task: Context['task'],
  { change, data }: { readonly change: TaskChange; readonly data: Record<string, unknown> },
): Performed => {
  // A task that was made before there was the choice has none.
  if (task.options.publish !== false) return goOn(run, { to: 'approval', change, data });
  return { next: { type: 'end' }, record: (client) => endTask(client, run.id, 'completed', null, change) };
};

const messageOf = ({ task }: Context): string => {
  const [subject = '', ...rest] = task.prompt.trim().split('\n');
  const title = subject.length > 72 ? `${subject.slice(0, 71)}…` : subject;
  const body = subject === title && rest.length === 0 ? '' : `${task.prompt.trim()}\n\n`;
  return `${title}\n\n${body}Task: ${task.id}\nAssisted-by: Tandem (${task.options.model})\n`;
};

const approval: Stage = async ({ task }, run) => {
  if (!task.options.approval) return goOn(run, { to: 'publish' });
  const data = { commit: task.head_commit, files: task.files };
  return {
    next: { type: 'wait', stage: 'publish' },
    record: async (client) => {
      const change = { state: 'waiting', why: 'somebody has to look at the change' } as const;
      const event = { type: 'approval.requested', actor: 'server', data } as const;
      await changeTask(client, run.id, { change, event });
    },
  };
};

const publish: Stage = async ({ mirror, task }, run) => {
  const branch = branchOf(run.id);
  if (!(await hasCommit(mirror, task.head_commit!))) return beginAgain(run, task);
  await run.requireHeld();
  await inTurn(mirror, () => pushBranch(mirror, { branch, commit: task.head_commit! }));
  return goOn(run, { to: 'notify', binding: true, change: { branch }, data: { branch } });
};

const notify: Stage = async (_, run) => ({
  next: { type: 'end' },
  binding: true,
  record: (client) => endTask(client, run.id, 'completed', null),
});

/** Every stage of every version that a run in flight may be at. */
export const stages: Readonly<Record<TaskStage, Stage>> = {
  admit,
  prepare,
  agent,
  verify,
  approval,
  publish,
  notify,
};

export const clearWorktree = ({ mirror, worktree }: Context): Promise<void> =>
  inTurn(mirror, () => removeWorktree(mirror, worktree));
