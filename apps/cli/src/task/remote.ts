import { randomUUID } from 'node:crypto';
import { openAsBlob, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { type Task, TaskOptions } from '@tandem/protocol/team';
import type { TeamClient } from '@tandem/sdk';
import { given } from '../args/read.ts';
import { workingDirectory } from '../args/working-directory.ts';
import type { CommandInput } from '../command/run.ts';
import { readPrompt } from '../exec/prompt.ts';
import { exitCode } from '../exit-code.ts';
import { applyPatch, pathsIn } from './apply.ts';
import { connect, createOnce, reaching } from './connect.ts';
import { exitOf, isEnd, lineOf } from './watch.ts';
import { openWork, type Work } from './work.ts';

type Remote = CommandInput & { readonly client: TeamClient };

/** Of the options of exec, what a task on a server takes. */
const taken: readonly string[] = [
  ...['remote', 'repository', 'host', 'model', 'verify', 'permission-mode', 'cwd', 'output', 'output-format'],
  'print',
];

/** `tandem exec --remote`: what is here, committed or not, worked on by a team's server, and the change into the files here. */
export const execRemote = (input: CommandInput): Promise<number> =>
  reaching(input, async () => {
    const { parsed, host, signal } = input;
    refuseOthers(parsed);
    const model = parsed.values.get('model') ?? host.env.TANDEM_MODEL;
    if (model === undefined) throw new AppError('usage', 'exec --remote needs --model ID, or TANDEM_MODEL');
    const prompt = await readPrompt(host, parsed.positionals[0], signal);
    const remote = { ...input, client: connect(input) };
    const folder = await mkdtemp(join(tmpdir(), 'tandem-work-'));
    try {
      const work = await openWork({ cwd: workingDirectory(parsed, host), folder, signal });
      const task = await handOver(remote, { work, prompt, model });
      return await finish(remote, { work, task });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

const refuseOthers = ({ values, switches }: CommandInput['parsed']): void => {
  const other = [...values.keys(), ...switches].find((name) => !taken.includes(name));
  if (other !== undefined)
    throw new AppError('usage', `--${other} is not for a task on a server; leave it out`);
  if (values.get('output-format') === 'stream-json')
    throw new AppError('usage', 'exec --remote prints text or json; tandem task watch ID --json is a stream');
  if (values.get('permission-mode') === 'bypass')
    throw new AppError('usage', 'Nothing goes past the guard on a server: another --permission-mode');
};

const handOver = async (
  { client, parsed, host, signal }: Remote,
  asked: { readonly work: Work; readonly prompt: string; readonly model: string },
): Promise<Task> => {
  const { work, prompt, model } = asked;
  const repository = await repositoryOf(client, parsed.values.get('repository'), work.top);
  const heads = await client.heads(repository);
  const file = await work.bundle(heads.map(({ commit }) => commit));
  const once = randomUUID();
  const bytes = file === null ? null : await openAsBlob(file);
  const handed = bytes === null ? null : await client.createBundle(repository, bytes, { once, signal });
  signal.throwIfAborted();
  const options = TaskOptions.parse({
    ...{
      model,
      publish: false,
      approval: false,
      base: handed === null ? work.commit : { bundle: handed.id },
    },
    ...given('permissionMode', parsed.values.get('permission-mode')),
    ...given('verify', parsed.values.get('verify')),
  });
  const task = await createOnce(client, { repository, prompt, options });
  host.err(
    `${task.id}: ${handed === null ? 'nothing here is new to it' : `${handed.bytes} bytes handed over`}\n`,
  );
  return task;
};

/** That which was named; else the only one, or the one that is called like the folder. */
const repositoryOf = async (client: TeamClient, named: string | undefined, top: string): Promise<string> => {
  if (named !== undefined) return named;
  const { data } = await client.repositories({ limit: 100 });
  const found = data.length === 1 ? data[0] : data.find(({ name }) => name === basename(top));
  if (found !== undefined) return found.name;
  const names = data.map(({ name }) => name).join(', ');
  throw new AppError(
    'usage',
    `Which repository? --repository NAME${names === '' ? '; the server has none yet' : `: ${names}`}`,
  );
};

const finish = async (
  remote: Remote,
  { work, task: { id } }: { readonly work: Work; readonly task: Task },
): Promise<number> => {
  const { client, parsed, host, signal } = remote;
  try {
    const asks = await untilOver(remote, id);
    if (asks !== null) {
      host.err(`tandem: the agent asks: ${asks}\ntandem task answer ${id}, then ${goOn(id)}\n`);
      return exitCode.approval;
    }
  } catch (error) {
    if (signal.aborted) host.err(`${id} goes on without you: ${goOn(id)}\n`);
    throw error;
  }
  const task = await client.task(id);
  const { answer, state, why, commit } = task;
  const output = parsed.values.get('output');
  if (output !== undefined) writeFileSync(resolve(host.cwd, output), `${answer ?? ''}\n`);
  if (parsed.values.get('output-format') === 'json') host.out(`${JSON.stringify(task)}\n`);
  else if (answer !== null && answer !== '') host.out(`${answer}\n`);
  if (state === 'completed' && commit !== null) await takeBack(remote, { work, task });
  else
    host.err(
      `${state}: ${why}${commit === null ? '' : `; all the same into your files: tandem task apply ${id}`}\n`,
    );
  return exitOf(task);
};

const goOn = (id: string): string => `tandem task watch ${id}, then tandem task apply ${id}`;

/** Null when it is over; else what the agent asks where nobody sits before a terminal who could see to it. */
const untilOver = async ({ client, host, signal }: Remote, id: string): Promise<string | null> => {
  for await (const event of client.followTask(id, { after: 0, signal })) {
    if (!('seq' in event)) continue;
    host.err(`${lineOf(event)}\n`);
    if (isEnd(event)) return null;
    if (event.type !== 'question.asked') continue;
    if (host.stdin !== 'terminal') return String(event.data.question);
    host.err(`in another terminal: tandem task answer ${id} [--deny]\n`);
  }
  signal.throwIfAborted();
  throw new AppError('offline', `The server ended the stream; ${goOn(id)}.`);
};

/** @throws AppError conflict, with nothing done, where what was handed over is not what is here now */
const takeBack = async (
  { client, host, signal }: Remote,
  { work, task: { id, files } }: { readonly work: Work; readonly task: Task },
): Promise<void> => {
  const { top } = work;
  const patch = await client.patch(id);
  const changed = await work.changedSince();
  const both = (await pathsIn({ cwd: top, patch, signal })).filter((path) => changed.has(path));
  if (both.length > 0)
    throw new AppError(
      'conflict',
      `You changed ${both.join(', ')} meanwhile, so nothing was done to your files. The change is kept: tandem task apply ${id} puts it into them as far as it fits, all or nothing.`,
    );
  await applyPatch({ cwd: top, patch, signal, reverse: false });
  for (const { path, added, removed } of files ?? []) host.err(`  ${path} +${added} −${removed}\n`);
  host.err(`to take it back: tandem task apply ${id} --reverse\n`);
};
