import { type Actor, type Event, initialView, reduce, type TurnOptions, type View } from '@tandem/protocol';
import type { CodeKnowledge, CodeRunner, Engine, EnginePorts, EventStore } from '../../src/index.ts';
import { assembleEngine } from '../../src/session/engine.ts';
import {
  createMemoryStore,
  type ManualClock,
  type MemoryRun,
  type MemoryStore,
  type MemoryWorkspace,
  manualClock,
  memoryWorkspace,
  type Script,
  type ScriptedModel,
  scriptedModel,
  sequentialIds,
} from '../../src/testing/index.ts';
import { permitByMode } from '../../src/turn/permit.ts';
import type { DriveParts } from '../../src/turn/work.ts';

export const user: Actor = { type: 'user', id: 'ada' };

export type World = {
  readonly engine: Engine;
  readonly model: ScriptedModel;
  readonly store: MemoryStore;
  readonly workspace: MemoryWorkspace;
  readonly clock: ManualClock;
  readonly kept: Map<string, string>;
};

export type WorldOptions = {
  readonly script: Script;
  readonly files?: Readonly<Record<string, string>>;
  readonly run?: MemoryRun;
  readonly workspace?: MemoryWorkspace;
  readonly store?: MemoryStore;
  readonly parts?: Partial<DriveParts>;
  readonly instructions?: string;
  readonly fetchPage?: EnginePorts['fetchPage'];
  readonly firstId?: number;
  readonly wrapStore?: (store: MemoryStore) => EventStore;
};

const noPipeline: DriveParts['runPipeline'] = async () => {
  throw new Error('no pipeline in this test');
};

/** An engine over fakes. */
export const world = (options: WorldOptions): World => {
  const store = options.store ?? createMemoryStore();
  const clock = manualClock();
  const model = scriptedModel(options.script);
  const workspace =
    options.workspace ?? memoryWorkspace(options.files ?? {}, options.run ? { run: options.run } : {});
  const kept = new Map<string, string>();
  const ports: EnginePorts = {
    clock,
    ids: sequentialIds(options.firstId),
    store: options.wrapStore?.(store) ?? store,
    model: async () => model,
    workspace: async () => workspace,
    code: {} as CodeKnowledge,
    runner: {} as CodeRunner,
    instructions: async () =>
      options.instructions === undefined ? [] : [{ path: 'AGENTS.md', text: options.instructions }],
    keepFile: async (_session, name, text) => {
      kept.set(name, text);
      return `/kept/${name}`;
    },
    ...(options.fetchPage === undefined ? {} : { fetchPage: options.fetchPage }),
  };
  const engine = assembleEngine(ports, {
    runPipeline: noPipeline,
    permit: permitByMode,
    ...options.parts,
  });
  return { engine, model, store, workspace, clock, kept };
};

export const begin = async (
  { engine }: World,
  text = 'do it',
  options: TurnOptions = {},
): Promise<{ readonly session: string; readonly turn: string }> => {
  const settings = { model: 'scripted/memory', cwd: '/memory', permissionMode: 'bypass' } as const;
  const { session } = await engine.createSession({ settings, title: '', actor: user });
  const { turn } = await engine.startTurn({ session, text, options, actor: user });
  return { session, turn };
};

export const viewOf = async (engine: Engine, session: string): Promise<View> =>
  (await engine.events(session)).reduce(reduce, initialView);

/** One turn from nothing to its end. */
export const oneTurn = async (
  made: World,
  text?: string,
  options?: TurnOptions,
): Promise<{ readonly session: string; readonly view: View; readonly events: readonly Event[] }> => {
  const { session } = await begin(made, text, options);
  await made.engine.idle(session);
  const events = (await made.engine.events(session)) as readonly Event[];
  return { session, view: events.reduce(reduce, initialView), events };
};

/** Resolves when an event of this type is in the log. */
export const until = async (
  made: World,
  session: string,
  match: (event: Event) => boolean,
): Promise<Event> => {
  const control = new AbortController();
  try {
    for await (const event of made.engine.follow(session, { after: 0, signal: control.signal }))
      if ('seq' in event && match(event as Event)) return event as Event;
  } finally {
    control.abort();
  }
  throw new Error('the log ended');
};

export const typesOf = (events: readonly Event[]): readonly string[] => events.map((event) => event.type);
