import { readdir } from 'node:fs/promises';
import { isAppError } from '@tandem/protocol/error';
import { TaskStage } from '@tandem/protocol/team';
import type { Claimed, Workflow } from '../engine/engine.ts';
import { workflowVersion } from '../engine/version.ts';
import { clearBundle } from './bundle-files.ts';
import { contextOf, type TaskParts, tasksFolder } from './context.ts';
import { endTask } from './end.ts';
import { changeTask } from './rows.ts';
import { clearWorktree, doing, stages } from './stages.ts';

/** A task as the durable engine works on it: admit, prepare, agent, verify, approval, publish, notify. */
export const taskWorkflow = (parts: TaskParts & { readonly say: (line: string) => void }): Workflow => ({
  version: workflowVersion,
  troubled: sayOnce(parts.say),
  perform: async (run) => {
    const context = await contextOf(parts, run.id);
    return await stages[TaskStage.parse(run.stage)](context, run);
  },
  claimed: async (client, run) => {
    const change = { state: 'running', stage: stageOf(run), why: doing[stageOf(run)] } as const;
    const type = run.takenOver ? 'task.taken_up' : 'task.started';
    const data = { stage: run.stage, attempt: run.attempt };
    await changeTask(client, run.id, { change, event: { type, actor: 'server', data } });
  },
  parked: async (client, { id, stage }, isParked) => {
    if (isParked) {
      await client.query("update tandem.task set state = 'waiting' where id = $1", [id]);
      return;
    }
    const change = { state: 'running', questions: [], why: doing[TaskStage.parse(stage)] } as const;
    await changeTask(client, id, { change, event: { type: 'question.answered', actor: 'server' } });
  },
  retrying: async (client, run, error) => {
    const message = messageOf(error);
    const change = {
      state: 'queued',
      why: `${doing[stageOf(run)]}; once more, because: ${message}`,
    } as const;
    const data = { stage: run.stage, attempt: run.attempt, message };
    await changeTask(client, run.id, { change, event: { type: 'task.retrying', actor: 'server', data } });
  },
  failed: async (client, run, error) => {
    if (!isAppError(error)) parts.say(`${run.id} failed at ${run.stage}: ${String(error)}`);
    const code = isAppError(error) ? error.code : 'internal';
    await endTask(client, run.id, 'failed', { code, message: messageOf(error) });
  },
  cancelled: (client, run) => endTask(client, run.id, 'cancelled', null),
  ended: (run) => clearTask(parts, run.id),
});

/** What a kill left between the end of a task and its clearing. */
export const sweepTasks = async (parts: TaskParts): Promise<void> => {
  const ids = await readdir(tasksFolder(parts.state)).catch(() => []);
  const asked = `select id from tandem.task where id = any($1) and state not in ('completed', 'failed', 'cancelled')`;
  const { rows } = await parts.pool.query<{ id: string }>(asked, [ids]);
  const open = new Set(rows.map(({ id }) => id));
  for (const id of ids) if (!open.has(id)) await clearTask(parts, id).catch(() => {});
};

/** A trouble that lasts is said when it begins. */
const sayOnce = (say: (line: string) => void): ((why: unknown) => void) => {
  let last = '';
  return (why) => {
    const text = String(why);
    if (text !== last) say(`no task can be taken up: ${text}`);
    last = text;
  };
};

/** What a task left on the disk, once it is over. Its commit stays in the mirror, and with it what that one is based on. */
export const clearTask = async (parts: TaskParts, id: string): Promise<void> => {
  const context = await contextOf(parts, id);
  await clearWorktree(context);
  await clearBundle(context);
};

const stageOf = ({ stage }: Pick<Claimed, 'stage'>): TaskStage => TaskStage.parse(stage);

/** A bug shows its own words in the server's output only. */
const messageOf = (error: unknown): string =>
  isAppError(error) ? error.message : 'the server failed at it; its output says more';
