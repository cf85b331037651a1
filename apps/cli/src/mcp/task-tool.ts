import type { OfferedAnswer, OfferedCall, OfferedTool } from '@tandem/extend';
import { AppError } from '@tandem/protocol';
import { describeEvent } from '../exec/describe.ts';
import { type ExecResult, resultOf } from '../exec/result.ts';
import { runTurn, type TurnWatcher } from '../exec/turn.ts';
import { folderInside } from './inside.ts';
import type { Machine, Place } from './machine.ts';
import { modeWithin } from './modes.ts';

/** Tasks at a time: each is a model at work and a copy of its tools. */
const taskLimit = 4;
/** A client gives up on what says nothing. */
const lifeSignMs = 10_000;
const titleLength = 80;
/** Older ones are still sessions of the person's, and no client's any more. */
const sessionLimit = 1_000;

const description =
  'Give a coding agent one task in a folder: it reads, edits, runs commands and checks, and answers when it is done. It takes minutes. It sees nothing of your conversation: say all that it needs to know.';

const parameters = {
  properties: {
    prompt: { type: 'string', description: 'what to do' },
    workspace: { type: 'string', description: 'a folder below the root; default: the root' },
    mode: {
      type: 'string',
      description: 'what may be done without asking; never more than the server was started with',
      enum: ['plan', 'dontAsk', 'default', 'acceptEdits', 'auto', 'bypass'],
    },
    session: { type: 'string', description: 'go on with a session that an earlier task here answered with' },
  },
  required: ['prompt'],
} as const;

/** One turn as `tandem exec` does it, for another program. */
export const taskTool = (machine: Machine): OfferedTool => {
  /** Sessions that were made here, and their folders: others are none of the client's business. */
  const sessions = new Map<string, string>();
  let running = 0;
  return {
    name: 'task',
    title: 'Do a coding task',
    description,
    parameters,
    effect: 'write',
    run: async (given, call) => {
      const { prompt, session } = given;
      if (typeof prompt !== 'string' || prompt.trim() === '')
        throw new AppError('usage', '"prompt" must say what to do');
      const folder = folderInside(machine.root, given.workspace);
      if (session !== undefined && (typeof session !== 'string' || sessions.get(session) !== folder))
        throw new AppError('not_found', `no task of this server in this folder has the session ${session}`);
      if (running >= taskLimit)
        throw new AppError('busy', `${taskLimit} tasks run already; try again when one of them is done`);
      running += 1;
      try {
        const place = await machine.open(folder, call.signal);
        try {
          const mode = modeWithin(place.mode, given.mode);
          const asked = { place, folder, prompt, mode, session: session ?? null };
          return await perform(asked, call, (id) => {
            sessions.set(id, folder);
            for (const old of sessions.keys()) if (sessions.size > sessionLimit) sessions.delete(old);
          });
        } finally {
          await place.close();
        }
      } finally {
        running -= 1;
      }
    },
  };
};

type Asked = {
  readonly place: Place;
  readonly folder: string;
  readonly prompt: string;
  readonly mode: Place['mode'];
  readonly session: string | null;
};

const perform = async (
  asked: Asked,
  call: OfferedCall,
  made: (session: string) => void,
): Promise<OfferedAnswer> => {
  const { place, prompt, mode } = asked;
  const { client } = place;
  const { signal } = call;
  await place.readyModel(signal);
  const session = asked.session ?? (await createSession(asked));
  made(session);
  const after = asked.session === null ? 0 : ((await client.events(session)).at(-1)?.seq ?? 0);
  const options = { ...place.options, permissionMode: mode };
  const watching = watcherOf(call);
  try {
    const { watcher } = watching;
    const finished = await runTurn({ client, session, after, text: prompt, options, signal, watcher });
    const { result, end } = resultOf(session, finished.turn, finished.events);
    const problem =
      finished.unanswered === null
        ? (end?.error?.message ?? null)
        : `an approval is needed and nobody could be asked: ${finished.unanswered}`;
    return {
      text: textOf(result, problem),
      isError: problem !== null || result.status !== 'completed',
      data: result,
    };
  } finally {
    watching.end();
  }
};

const createSession = async ({ place, folder, prompt, mode }: Asked): Promise<string> => {
  const settings = { model: place.model, cwd: folder, permissionMode: mode };
  const title = (prompt.trim().split('\n')[0] ?? '').slice(0, titleLength);
  return (await place.client.createSession({ settings, title })).session;
};

const watcherOf = (call: OfferedCall): { readonly watcher: TurnWatcher; readonly end: () => void } => {
  let last = 'thinking';
  const say = (text: string): void => {
    last = text;
    call.say(text);
    timer.refresh();
  };
  const timer = setInterval(() => call.say(last), lifeSignMs);
  const watcher: TurnWatcher = {
    event: (event) => {
      const line = describeEvent(event);
      if (line !== null) say(line);
    },
    delta: (delta) => {
      if (delta.type !== 'progress') return;
      say(delta.total === undefined ? delta.text : `${delta.text} (${delta.done ?? 0}/${delta.total})`);
    },
    approve: async (question) => (call.ask === null ? null : await call.ask(question, call.signal)),
  };
  return { watcher, end: () => clearInterval(timer) };
};

/** The answer, then what a model that reads no structured content should know as well. */
const textOf = (result: ExecResult, problem: string | null): string => {
  const files = result.files.map(({ path, added, removed }) => `${path} (+${added} −${removed})`);
  const verify = result.verify;
  return [
    ...(result.answer === '' ? [] : [result.answer]),
    ...(problem === null ? [] : [`Not done: ${problem}`]),
    ...(problem === null && result.status !== 'completed' ? [`Not done: ${result.status}`] : []),
    ...(files.length === 0 ? [] : [`Changed: ${files.join(', ')}`]),
    ...(verify === null ? [] : [`Check: ${verify.command} → exit ${verify.exit}`]),
    `Session: ${result.session}`,
  ].join('\n\n');
};
