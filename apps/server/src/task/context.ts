import { join } from 'node:path';
import type { Engine, Workspace } from '@tandem/core';
import { AppError } from '@tandem/protocol/error';
import type pg from 'pg';
import type { Mirror } from '../repository/mirror.ts';
import { readTask, type TaskRow } from './rows.ts';

/** What the stages of a task work with. */
export type TaskParts = {
  readonly pool: pg.Pool;
  readonly engine: Pick<
    Engine,
    'createSession' | 'startTurn' | 'recover' | 'interrupt' | 'resolveApproval' | 'follow' | 'events' | 'idle'
  >;
  readonly workspace: (cwd: string) => Promise<Workspace>;
  /** The server's own folder, where mirrors and worktrees are. */
  readonly state: string;
};

/** A task and where its files are. */
export type Context = TaskParts & {
  readonly task: TaskRow;
  readonly mirror: Mirror;
  readonly worktree: string;
};

/** @throws AppError not_found */
export const contextOf = async (parts: TaskParts, id: string): Promise<Context> => {
  const task = await readTask(parts.pool, id);
  if (task === null) throw new AppError('not_found', `There is no task ${id}.`);
  const asked = 'select path from tandem.repository where id = $1';
  const { rows } = await parts.pool.query<{ path: string }>(asked, [task.repository_id]);
  const mirror = { folder: mirrorFolder(parts.state, task.repository_id), origin: rows[0]?.path ?? '' };
  return { ...parts, task, mirror, worktree: join(tasksFolder(parts.state), id) };
};

export const mirrorFolder = (state: string, repository: string): string =>
  join(state, 'repositories', `${repository}.git`);

/** A worktree for each task that is under way, by its id. */
export const tasksFolder = (state: string): string => join(state, 'tasks');

export const branchOf = (task: string): string => `tandem/${task.replace('task_', '')}`;

/** The session of a task: of its first beginning by the task's own id. */
export const sessionOf = (task: Pick<TaskRow, 'id' | 'session_id'>): string =>
  task.session_id ?? firstSession(task);

const firstSession = ({ id }: Pick<TaskRow, 'id'>): string => id.replace('task_', 'ses_');

/** That of its next beginning, where the files of this one are lost. */
export const sessionAfter = (task: Pick<TaskRow, 'id' | 'session_id'>): string => {
  const first = firstSession(task);
  // The id itself may hold any letter: only what comes after it counts.
  const count = Number(sessionOf(task).slice(first.length + 1));
  return `${first}r${count + 1}`;
};
