import { AppError, type FileDelta, isAppError, type TurnOptions } from '@tandem/protocol';
import { type ChildEnd, driveChild, type Hearing } from '../attempt/child.ts';
import type { Engine } from '../engine.ts';
import {
  failure,
  success,
  type Tool,
  type ToolArguments,
  type ToolContext,
  type ToolOutcome,
} from '../tool/tool.ts';
import { modeOf, type Work } from '../turn/work.ts';
import type { Worktree } from '../worktrees.ts';

/** Somebody to whom a part of the work can be given: a session of its own, with its own context. */
export type AgentDefinition = {
  readonly name: string;
  /** When to give it work, in words for the model. */
  readonly description: string;
  /** What it is told before its task. Read when it is first given work. */
  readonly instructions: () => Promise<string>;
  /** Names of tools; null: all that the session has which gives it work. */
  readonly tools: readonly string[] | null;
  /** A model id; null: that of the session which gives it work. */
  readonly model: string | null;
};

/** Characters of one description, and of all of them: they are part of every request. */
const descriptionLimit = 300;
const listLimit = 6_000;
const answerLimit = 30_000;
const titleLength = 80;

/** The tool by which a model gives work away. Its text is the same as long as the agents are. */
export const agentTool = (work: Work, engine: Engine, agents: readonly AgentDefinition[]): Tool => ({
  spec: {
    name: 'agent',
    description: `Give a part of the work to another agent. It has a context of its own and knows nothing of this conversation: say all that it needs. It gives back its answer. With worktree it works on a copy of the workspace, and its changes stay there. There are:\n${listOf(agents)}`,
    parameters: {
      type: 'object',
      properties: { name: { type: 'string' }, task: { type: 'string' }, worktree: { type: 'boolean' } },
      required: ['name', 'task'],
    },
  },
  // What it leaves belongs to the call, so that an undo takes it back with the turn.
  effect: 'write',
  replay: 'never',
  delegates: true,
  run: async (given, context) => {
    const agent = agents.find(({ name }) => name === given.name);
    if (agent === undefined) return failure(`There is no agent ${String(given.name)}.`);
    return await giveWork({ work, engine, agent, given, context });
  },
});

const listOf = (agents: readonly AgentDefinition[]): string => {
  const lines: string[] = [];
  let left = listLimit;
  for (const { name, description } of agents) {
    const line = `- ${name}: ${description.slice(0, descriptionLimit)}`;
    lines.push(left - line.length > 0 ? line : `- ${name}`);
    left -= line.length;
  }
  return lines.join('\n');
};

type Giving = {
  readonly work: Work;
  readonly engine: Engine;
  readonly agent: AgentDefinition;
  readonly given: ToolArguments;
  readonly context: ToolContext;
};

const giveWork = async (giving: Giving): Promise<ToolOutcome> => {
  const { work, engine, agent, given } = giving;
  const { ports, settings, log } = work;
  const session = ports.ids.next('ses');
  const task = String(given.task);
  const worktree = given.worktree === true ? await worktreeFor(giving, session) : null;
  const child = {
    session,
    parent: log.session,
    title: `${agent.name}: ${task.trim().split('\n')[0] ?? ''}`.slice(0, titleLength),
    model: agent.model ?? settings.model,
    cwd: worktree?.root ?? settings.cwd,
    prompt: `${(await agent.instructions()).trim()}\n\nYour task:\n${task}`.trim(),
    options: optionsOf(work, agent),
  };
  try {
    const end = await driveChild(engine, child, hearingOf(giving));
    return outcomeOf(end, { session, agent, left: await leftIn(giving, worktree) });
  } catch (error) {
    if (work.signal.aborted || !isAppError(error)) throw error;
    return failure(`${agent.name} could not do it: ${error.message} (session ${session})`);
  }
};

/** Never more tools, and no wider mode or limit, than the one who gives the work has. */
const optionsOf = (work: Work, { tools }: AgentDefinition): TurnOptions => {
  const { maxSeconds, maxCostUsd, maxTurns, tools: own } = work.now().options;
  const both =
    tools === null || own === undefined ? (tools ?? own) : tools.filter((one) => own.includes(one));
  return {
    permissionMode: modeOf(work),
    ...(both === undefined ? {} : { tools: [...both] }),
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
    ...(maxTurns === undefined ? {} : { maxTurns }),
  };
};

const worktreeFor = async ({ work, given: _ }: Giving, session: string): Promise<Worktree> => {
  const { worktrees } = work.ports;
  if (worktrees === undefined) throw new AppError('configuration', 'there are no worktrees here');
  const origin = work.workspace.root;
  return await worktrees.create({ origin, start: { kind: 'mirror' }, session }, { signal: work.signal });
};

/** What it is asked, the person of this session is asked. */
const hearingOf = ({ work, agent, context }: Giving): Hearing => ({
  signal: work.signal,
  progress: (text) => work.progress(`${agent.name}: ${text}`.slice(0, 200)),
  overlap: async () => {},
  approve: async ({ question, diff }) => {
    const asked = { text: `${agent.name} wants to go on: ${question}`, fields: [] };
    const said = await context.ask?.({ ...asked, ...(diff === undefined ? {} : { diff }) }, work.signal);
    return said?.decision ?? null;
  },
});

type Left = { readonly worktree: Worktree; readonly files: readonly FileDelta[] } | null;

/** A worktree that nothing was done in goes again. */
const leftIn = async ({ work }: Giving, worktree: Worktree | null): Promise<Left> => {
  const { worktrees } = work.ports;
  if (worktree === null || worktrees === undefined) return null;
  const place = { origin: work.workspace.root, name: worktree.name };
  const { files } = await worktrees.diff(place);
  if (files.length > 0) return { worktree, files };
  await worktrees.discard(place, { despite: [] }).catch((error: unknown) => {
    if (!isAppError(error)) throw error;
  });
  return null;
};

const outcomeOf = (
  { end }: ChildEnd,
  about: { readonly session: string; readonly agent: AgentDefinition; readonly left: Left },
): ToolOutcome => {
  const { session, agent, left } = about;
  const list = (files: readonly FileDelta[]): string =>
    files.map(({ path, added, removed }) => `${path} +${added} −${removed}`).join(', ');
  const answer = end.answer.slice(0, answerLimit) || '(it said nothing)';
  const lines = [
    ...(end.outcome === 'ok'
      ? [answer]
      : [`${agent.name} did not finish: ${end.error?.message ?? end.outcome}`]),
    ...(left === null && end.files.length > 0 ? [`It changed: ${list(end.files)}`] : []),
    ...(left === null
      ? []
      : [
          `Its changes are in the worktree ${left.worktree.name} alone: ${list(left.files)}. A person brings them in: tandem worktree merge ${left.worktree.name}`,
        ]),
    `(session ${session})`,
  ];
  return (end.outcome === 'ok' ? success : failure)(lines.join('\n\n'));
};
