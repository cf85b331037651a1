import type { Envelope, Event, TurnOptions, View } from '@tandem/protocol';
import { describe, expect, it } from 'vitest';
import type { PipelineContext } from '../../src/index.ts';
import {
  createMemoryStore,
  type MemoryRun,
  memoryWorkspace,
  type Script,
  type ScriptedTurn,
} from '../../src/testing/index.ts';
import { interruptedText } from '../../src/turn/settle.ts';
import type { DriveParts } from '../../src/turn/work.ts';
import { begin, viewOf, world } from '../support/harness.ts';

type Logged = Event | Envelope;

/** What a kill at one moment leaves: the log, the files, the snapshots. */
type Moment = {
  readonly events: readonly Logged[];
  readonly files: ReadonlyMap<string, string>;
  readonly snapshots: ReadonlyMap<string, ReadonlyMap<string, string>>;
};

type Scenario = {
  readonly files: Readonly<Record<string, string>>;
  readonly script: Script;
  readonly run?: MemoryRun;
  readonly options?: TurnOptions;
  readonly parts?: Partial<DriveParts>;
};

/** Runs to the end, and remembers what a kill after each append and each effect would have left. */
const uninterrupted = async (scenario: Scenario) => {
  const store = createMemoryStore();
  const workspace = memoryWorkspace(scenario.files, scenario.run ? { run: scenario.run } : {});
  const moments: Moment[] = [];
  let session = '';
  const remember = async (): Promise<void> => {
    const events = session === '' ? [] : await store.read(session);
    moments.push({ events, files: new Map(workspace.files), snapshots: new Map(workspace.snapshots) });
  };
  for (const name of ['write', 'run', 'restore'] as const) {
    const inner = workspace[name] as (...given: unknown[]) => Promise<unknown>;
    Object.assign(workspace, {
      [name]: async (...given: unknown[]) => {
        const result = await inner(...given);
        await remember();
        return result;
      },
    });
  }
  const made = world({
    ...scenario,
    store,
    workspace,
    wrapStore: (inner) => ({
      ...inner,
      append: async (input) => {
        const committed = await inner.append(input);
        session = input.session;
        await remember();
        return committed;
      },
    }),
  });
  const started = await begin(made, 'do it', scenario.options);
  await made.engine.idle(session);
  const view = await viewOf(made.engine, session);
  return { ...started, moments, view, files: new Map(workspace.files) };
};

/** Another process opens what was left, and goes on. */
const reopened = async (scenario: Scenario, session: string, moment: Moment) => {
  const store = createMemoryStore();
  store.load(session, moment.events);
  const workspace = memoryWorkspace(moment.files, {
    snapshots: new Map(moment.snapshots),
    ...(scenario.run ? { run: scenario.run } : {}),
  });
  const made = world({ ...scenario, store, workspace, firstId: 500_000 });
  await made.engine.recover(session);
  await made.engine.idle(session);
  return { view: await viewOf(made.engine, session), files: new Map(workspace.files) };
};

/** Ids replaced by the order in which they appear; what only counts events left out. */
const plain = (view: View): unknown => {
  const names = new Map<string, string>();
  const text = JSON.stringify({ ...view, seq: 0 }).replace(/\b[a-z]{3}_\d{6}\b/g, (id) => {
    const name = names.get(id) ?? `${id.slice(0, 3)}_${names.size}`;
    names.set(id, name);
    return name;
  });
  return JSON.parse(text);
};

/** Where a call that must not be repeated has its intent in the log and no outcome. */
const cutCall = (events: readonly Logged[]): string | null => {
  const open = new Map<string, string>();
  for (const event of events as readonly Event[]) {
    if (event.type === 'tool.started' && event.data.replay === 'never')
      open.set(event.data.callId, event.data.name);
    if (event.type === 'tool.completed') open.delete(event.data.callId);
  }
  return [...open.keys()][0] ?? null;
};

/** Where a write had happened and was not yet told: doing it again is safe, but it finds nothing left to change. */
const writtenTwice = (moment: Moment): boolean => {
  const last = moment.events.at(-1) as Event;
  if (last.type !== 'tool.started' || last.data.name !== 'write') return false;
  const { path, text } = last.data.arguments as { readonly path: string; readonly text: string };
  return moment.files.get(path) === text;
};

/** The view without what the size of a change tells. */
const withoutDiffs = (view: View): unknown => {
  const bare = plain(view) as View;
  const turns = bare.turns.map((turn) => ({
    ...turn,
    patch: null,
    usage: null,
    items: turn.items.map((item) => (item.type === 'file_change' ? { ...item, files: [], diff: '' } : item)),
  }));
  return { ...bare, turns, usage: null };
};

const admitted = (moment: Moment): boolean => moment.events.some((event) => event.type === 'turn.admitted');

/** Answers by how far the conversation is, so that a process that starts again plays on. */
const byPosition = (turns: readonly ScriptedTurn[]): Script => ({
  turns: (request) => {
    const said = request.messages.filter((message) => message.role === 'assistant').length;
    return turns[said] ?? { text: 'done' };
  },
});

const call = (name: string, given: unknown): ScriptedTurn => ({
  text: `calling ${name}`,
  calls: [{ name, arguments: given }],
});

const freeLoop: Scenario = {
  files: { 'a.ts': 'let a = 1\n', 'b.ts': 'let b = 1\n' },
  run: ({ command }, files) => {
    if (command === 'check')
      return files.get('c.ts') === 'fixed' ? { exit: 0 } : { exit: 1, output: 'bad c' };
    files.set('log', `${files.get('log') ?? ''}ran\n`);
    return { output: 'ran' };
  },
  options: { verify: 'check' },
  script: byPosition([
    {
      calls: [
        { name: 'read', arguments: { path: 'a.ts' } },
        { name: 'read', arguments: { path: 'b.ts' } },
      ],
    },
    call('edit', { path: 'a.ts', old: '1', new: '2' }),
    call('write', { path: 'c.ts', text: 'new' }),
    call('bash', { command: 'make' }),
    { text: 'I think it is done' },
    call('write', { path: 'c.ts', text: 'fixed' }),
    { text: 'now it is done' },
  ]),
};

describe('recovery of the free loop', () => {
  it('ends as an uninterrupted run does, whatever moment it is killed at', async () => {
    const whole = await uninterrupted(freeLoop);
    expect(whole.view.turns[0]).toMatchObject({ status: 'ok', verify: { exit: 0 } });
    let compared = 0;
    for (const moment of whole.moments.filter(admitted)) {
      if (cutCall(moment.events) !== null) continue;
      const again = await reopened(freeLoop, whole.session, moment);
      const shape = writtenTwice(moment) ? withoutDiffs : plain;
      expect(shape(again.view)).toEqual(shape(whole.view));
      expect(again.files).toEqual(whole.files);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(25);
  });

  it('never repeats a command or an edit that may have happened, and says so to the model', async () => {
    const whole = await uninterrupted(freeLoop);
    const cuts = whole.moments.filter((moment) => cutCall(moment.events) !== null);
    expect(cuts.length).toBeGreaterThanOrEqual(4);
    for (const moment of cuts) {
      const again = await reopened(freeLoop, whole.session, moment);
      const item = again.view.turns[0]?.items.find((one) => one.id === cutCall(moment.events));
      expect(item).toMatchObject({ type: 'tool_call', status: 'interrupted', output: interruptedText });
      expect(again.view.turns[0]).toMatchObject({ status: 'ok', answer: 'now it is done' });
      const effect = (files: ReadonlyMap<string, string>) => [files.get('a.ts'), files.get('log')];
      const name = moment.events.findLast((event) => event.type === 'tool.started') as Event;
      const [edited, ran] = effect(moment.files);
      if (name.type === 'tool.started' && name.data.name === 'bash')
        expect(effect(again.files)).toEqual([edited, ran]);
      else expect(effect(again.files)).toEqual([edited, 'ran\n']);
    }
  });

  it('comes to an end from every prefix of the log, even one no store would leave', async () => {
    const whole = await uninterrupted(freeLoop);
    const last = whole.moments.at(-1);
    for (let length = 2; length <= (last?.events.length ?? 0); length += 1) {
      const events = last?.events.slice(0, length) ?? [];
      const moment = whole.moments.find((one) => one.events.length >= length) ?? whole.moments.at(-1);
      if (moment === undefined) throw new Error('no moment');
      const again = await reopened(freeLoop, whole.session, { ...moment, events });
      expect(again.view.status).toBe('idle');
      expect(again.view.turns[0]?.status).toBe('ok');
    }
  });

  it('leaves a session with nothing open untouched', async () => {
    const whole = await uninterrupted(freeLoop);
    const last = whole.moments.at(-1);
    if (last === undefined) throw new Error('no moment');
    const again = await reopened(freeLoop, whole.session, last);
    expect(again.view).toEqual(whole.view);
  });
});

describe('recovery of a turn that fails', () => {
  const failing: Scenario = {
    files: { a: 'old\n' },
    run: () => ({ exit: 1, output: 'no' }),
    options: { verify: 'check' },
    script: byPosition([call('read', { path: 'a' }), call('write', { path: 'a', text: 'bad\n' })]),
  };

  it('puts the files back, whatever moment it is killed at', async () => {
    const whole = await uninterrupted(failing);
    expect(whole.view.turns[0]).toMatchObject({ status: 'failed', error: { code: 'verify_failed' } });
    for (const moment of whole.moments.filter(admitted)) {
      const again = await reopened(failing, whole.session, moment);
      expect(again.files.get('a')).toBe('old\n');
      expect(withoutDiffs(again.view)).toEqual(withoutDiffs(whole.view));
    }
  });
});

describe('recovery of the pipeline', () => {
  const runPipeline: DriveParts['runPipeline'] = async (context: PipelineContext) => {
    const { ids, workspace, record } = context;
    const attempts = [ids.next('att'), ids.next('att')];
    for (const [index, attempt] of attempts.entries())
      await record({
        type: 'attempt.verified',
        data: {
          attempt,
          source: 'sample',
          verify: { command: 'check', exit: 1 - index },
          ms: 5,
          tokens: { in: 10, out: 5 },
          note: '',
        },
      });
    const snapshot = ids.next('snp');
    await workspace.snapshot(snapshot);
    await record({ type: 'snapshot.taken', data: { snapshot, reason: 'before the chosen attempt' } });
    await workspace.write('a', 'new a');
    await workspace.write('b', 'new b');
    const { diff, files } = await workspace.diffSince(snapshot);
    await record({
      type: 'attempt.chosen',
      data: { attempt: attempts[1] ?? '', reason: 'passes', diff },
    });
    return {
      type: 'solved',
      answer: 'changed a and b',
      files,
      diff,
      verify: { command: 'check', exit: 0 },
      usage: { in: 20, cached: 0, out: 10, costUsd: 0 },
    };
  };
  const scenario: Scenario = {
    files: { a: 'old a', b: 'old b' },
    script: { turns: [], facts: { strength: 'small' } },
    parts: { runPipeline },
  };

  it('ends as an uninterrupted run does, whatever moment it is killed at', async () => {
    const whole = await uninterrupted(scenario);
    expect(whole.view.turns[0]).toMatchObject({ status: 'ok', answer: 'changed a and b' });
    expect(whole.view.turns[0]?.attempts.map((attempt) => attempt.status)).toEqual(['verified', 'chosen']);
    const moments = whole.moments.filter(admitted);
    const half = moments.filter(
      (moment) => moment.files.get('a') !== 'old a' && moment.files.get('b') === 'old b',
    );
    expect(half.length).toBeGreaterThan(0);
    for (const moment of moments) {
      const again = await reopened(scenario, whole.session, moment);
      expect(again.files).toEqual(whole.files);
      expect(plain(again.view)).toEqual(plain(whole.view));
    }
  });

  it('leaves no file half changed when it breaks in the middle of landing', async () => {
    const broken: Scenario = {
      ...scenario,
      parts: {
        runPipeline: async ({ ids, workspace, record }) => {
          const snapshot = ids.next('snp');
          await workspace.snapshot(snapshot);
          await record({ type: 'snapshot.taken', data: { snapshot, reason: 'landing' } });
          await workspace.write('a', 'new a');
          throw new Error('bug');
        },
      },
    };
    const whole = await uninterrupted(broken);
    expect(whole.files.get('a')).toBe('old a');
    expect(whole.view.turns[0]?.error).toEqual({ code: 'internal', message: 'bug' });
  });
});
