import { AppError } from '@tandem/protocol/error';
import { type Task, TaskOptions, TaskState } from '@tandem/protocol/team';
import type { TeamClient } from '@tandem/sdk';
import type { CommandInput, CommandRunner } from '../command/run.ts';
import { exitCode } from '../exit-code.ts';
import { applyTask } from './apply.ts';
import { connect, createOnce, limitOf, reaching } from './connect.ts';
import { watch } from './watch.ts';

type Verb = (input: CommandInput, client: TeamClient) => Promise<number>;

/** `tandem task create|list|watch|answer|cancel|apply`. */
export const task: CommandRunner = async (input) => {
  const [verb = ''] = input.parsed.positionals;
  const run = verbs[verb];
  if (run === undefined)
    throw new AppError('usage', `task knows ${Object.keys(verbs).join(', ')}, not "${verb}"`);
  return await reaching(input, () => run(input, connect(input)));
};

const create: Verb = async (input, client) => {
  const { parsed, host } = input;
  const prompt = parsed.positionals[1];
  const repository = parsed.values.get('repository');
  const model = parsed.values.get('model') ?? host.env.TANDEM_MODEL;
  if (prompt === undefined) throw new AppError('usage', 'task create needs a prompt');
  if (repository === undefined) throw new AppError('usage', 'task create needs --repository NAME');
  if (model === undefined) throw new AppError('usage', 'task create needs --model ID, or TANDEM_MODEL');
  const options = TaskOptions.parse({
    model,
    permissionMode: parsed.values.get('permission-mode'),
    verify: parsed.values.get('verify'),
    base: parsed.values.get('base'),
    approval: !parsed.switches.has('no-approval'),
  });
  const made = await createOnce(client, { repository, prompt, options });
  if (parsed.switches.has('watch')) {
    host.err(`${made.id}\n`);
    return await watch(input, { client, id: made.id });
  }
  host.out(parsed.switches.has('json') ? `${JSON.stringify(made)}\n` : `${made.id}\n`);
  return exitCode.done;
};

const list: Verb = async (input, client) => {
  const { parsed, host } = input;
  const wanted = parsed.values.get('state');
  const state = TaskState.safeParse(wanted);
  if (wanted !== undefined && !state.success)
    throw new AppError('usage', `--state is one of ${TaskState.options.join(', ')}, not "${wanted}"`);
  const limit = limitOf(input);
  const { data, next } = await client.tasks({ limit, ...(state.success ? { state: state.data } : {}) });
  if (parsed.switches.has('json')) host.out(`${JSON.stringify(data)}\n`);
  else for (const one of data) host.out(`${row(one)}\n`);
  if (data.length === 0) host.err('No tasks. The first one: tandem task create "…" --repository NAME\n');
  else if (next !== null && !parsed.switches.has('json')) host.err('There are more: --limit up to 100\n');
  return exitCode.done;
};

const row = ({ id, updatedAt, state, why, prompt }: Task): string =>
  `${id}  ${updatedAt.slice(0, 16).replace('T', ' ')}  ${state.padEnd(9)}  ${prompt.split('\n')[0]!.slice(0, 50)}  (${why})`;

const answer: Verb = async (input, client) => {
  const { parsed, host } = input;
  const id = idOf(input);
  const note = parsed.values.get('note');
  const decision = parsed.switches.has('deny') ? 'deny' : 'allow';
  const given = { decision, ...(note === undefined ? {} : { note }) } as const;
  const { questions } = await client.task(id);
  const [question] = questions;
  const after =
    question === undefined
      ? await client.answerTask(id, given)
      : await client.answerQuestion(id, question.approval, given);
  host.err(`${decision === 'allow' ? 'yes' : 'no'}: ${question?.question ?? after.why}\n`);
  return exitCode.done;
};

const idOf = ({ parsed }: CommandInput): string => {
  const id = parsed.positionals[1];
  if (id !== undefined) return id;
  throw new AppError('usage', `task ${parsed.positionals[0]} needs the id of a task; see tandem task list`);
};

const verbs: Readonly<Record<string, Verb>> = {
  create,
  list,
  watch: (input, client) => watch(input, { client, id: idOf(input) }),
  answer,
  cancel: async (input, client) => {
    const { state, why } = await client.cancelTask(idOf(input));
    input.host.err(`${state === 'cancelled' ? 'cancelled' : why}\n`);
    return exitCode.done;
  },
  apply: (input, client) => applyTask(input, { client, id: idOf(input) }),
};
