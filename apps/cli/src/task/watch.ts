import { AppError } from '@tandem/protocol/error';
import type { Task, TaskEvent } from '@tandem/protocol/team';
import type { TeamClient } from '@tandem/sdk';
import type { CommandInput } from '../command/run.ts';
import { exitCode } from '../exit-code.ts';

/** What happens to a task, a line each, until it is over. Outlives a server that is started again. */
export const watch = async (
  { parsed, host, signal }: CommandInput,
  { client, id }: { readonly client: TeamClient; readonly id: string },
): Promise<number> => {
  // A server that is not there is said at once; one that goes away later is waited for.
  await client.task(id);
  const isJson = parsed.switches.has('json');
  for await (const event of client.followTask(id, { after: 0, signal })) {
    if (!('seq' in event)) continue;
    if (isJson) host.out(`${JSON.stringify(event)}\n`);
    else host.out(`${event.at.slice(11, 19)}  ${lineOf(event)}\n`);
    if (!isEnd(event)) continue;
    const over = await client.task(id);
    if (!isJson) host.err(`${summaryOf(over)}\n`);
    return exitOf(over);
  }
  signal.throwIfAborted();
  throw new AppError('offline', 'The server ended the stream; watch it again.');
};

export const isEnd = ({ type }: TaskEvent): boolean =>
  type === 'task.completed' || type === 'task.failed' || type === 'task.cancelled';

export const lineOf = ({ type, actor, actorName, data }: TaskEvent): string => {
  const by = actor === 'server' ? '' : ` by ${actorName}`;
  const what = data.stage ?? data.question ?? data.branch ?? data.message ?? '';
  return `${type.replace('.', ' ').replace('_', ' ')}${what === '' ? '' : `: ${String(what)}`}${by}`;
};

const summaryOf = ({ id, state, why, branch }: Task): string => {
  const then = branch === null ? '' : `; branch ${branch}, or tandem task apply ${id}`;
  return `${state}: ${why}${then}`;
};

export const exitOf = ({ state, error }: Task): number => {
  if (state === 'completed') return exitCode.done;
  return error?.code === 'verify_failed' ? exitCode.verifyFailed : exitCode.failed;
};
