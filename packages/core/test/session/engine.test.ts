import { initialView, reduce, reduceDelta } from '@tandem/protocol';
import { describe, expect, it } from 'vitest';
import type { DriveParts } from '../../src/turn/work.ts';
import { begin, oneTurn, until, user, viewOf, type World, world } from '../support/harness.ts';

const writing = (text: string) => ({ calls: [{ name: 'write', arguments: { path: 'a', text } }] });

const again = async (made: World, session: string, text = 'more') => {
  await made.engine.startTurn({ session, text, options: {}, actor: user });
  await made.engine.idle(session);
};

describe('undo', () => {
  const made = () =>
    world({
      script: { turns: [writing('one'), { text: '1' }, writing('two'), { text: '2' }, { text: '3' }] },
    });

  it('puts the files back turn by turn, and refuses past the first', async () => {
    const here = made();
    const { session } = await oneTurn(here);
    await again(here, session);
    const undo = (turns: number) => here.engine.undo({ session, turns, force: false, actor: user });
    expect(await undo(1)).toEqual({ files: ['a'], refs: [] });
    expect(here.workspace.files.get('a')).toBe('one');
    expect(await undo(1)).toEqual({ files: ['a'], refs: [] });
    expect(here.workspace.files.has('a')).toBe(false);
    await expect(undo(1)).rejects.toMatchObject({ code: 'conflict', message: 'there is nothing to undo' });
    await again(here, session);
    const texts = here.model.requests.at(-1)?.messages.map((message) => message.text) ?? [];
    expect(texts.filter((text) => text.includes('put back'))).toHaveLength(2);
  });

  it('undoes several at once', async () => {
    const here = made();
    const { session } = await oneTurn(here);
    await again(here, session);
    await here.engine.undo({ session, turns: 2, force: false, actor: user });
    expect(here.workspace.files.has('a')).toBe(false);
  });

  it('refuses while a turn runs', async () => {
    const here = world({ script: { turns: [{ until: new Promise(() => {}) }] } });
    const { session } = await begin(here);
    await until(here, session, (event) => event.type === 'step.started');
    await expect(here.engine.undo({ session, turns: 1, force: false, actor: user })).rejects.toMatchObject({
      code: 'conflict',
    });
    await here.engine.close();
  });
});

describe('fork', () => {
  it('has the same past and its own future', async () => {
    const made = world({ script: { turns: [{ text: 'one' }, { text: 'two' }] } });
    const { session, view } = await oneTurn(made, 'first');
    const fork = await made.engine.fork({ session, actor: user });
    await again(made, fork.session);
    expect((await viewOf(made.engine, session)).turns).toEqual(view.turns);
    const forked = await viewOf(made.engine, fork.session);
    expect(forked.turns.map((turn) => turn.answer)).toEqual(['one', 'two']);
    expect(
      made.model.requests
        .at(-1)
        ?.messages.map((message) => message.text)
        .slice(1),
    ).toEqual(['first', 'one', 'more']);
  });

  it('closes a turn that was open there, at every place', async () => {
    const made = world({ script: { turns: [writing('x'), { text: 'done' }] } });
    const { session, events } = await oneTurn(made);
    for (let seq = 1; seq <= events.length; seq += 1) {
      const fork = await made.engine.fork({ session, seq, actor: user });
      const view = await viewOf(made.engine, fork.session);
      expect(view.status).toBe('idle');
      const open = view.turns
        .flatMap((turn) => turn.items)
        .filter((item) => 'status' in item && item.status === 'in_progress');
      expect(open).toEqual([]);
    }
    await expect(made.engine.fork({ session, seq: 999, actor: user })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});

describe('one writer', () => {
  it('refuses a session that another process holds', async () => {
    const made = world({ script: { turns: [{ until: new Promise(() => {}) }] } });
    const { session } = await begin(made);
    await until(made, session, (event) => event.type === 'step.started');
    const other = world({ script: { turns: [] }, store: made.store, firstId: 1000 });
    const refused = other.engine.startTurn({ session, text: 'me', options: {}, actor: user });
    await expect(refused).rejects.toMatchObject({ code: 'busy' });
    await made.engine.close();
    expect((await other.engine.events(session)).at(-1)).toMatchObject({ type: 'turn.completed' });
    await again(other, session, 'me');
    expect((await viewOf(other.engine, session)).turns.map((turn) => turn.status)).toEqual([
      'interrupted',
      'ok',
    ]);
  });

  it('sees what another process wrote while it was idle', async () => {
    const made = world({ script: { turns: [{ text: 'one' }, { text: 'three' }] } });
    const other = world({ script: { turns: [{ text: 'two' }] }, store: made.store, firstId: 1000 });
    const { session } = await oneTurn(made, '1');
    await again(other, session, '2');
    await again(made, session, '3');
    const texts = made.model.requests
      .at(-1)
      ?.messages.map((message) => message.text)
      .slice(1);
    expect(texts).toEqual(['1', 'one', '2', 'two', '3']);
  });

  it('refuses a session that is not there', async () => {
    const made = world({ script: { turns: [] } });
    const missing = made.engine.startTurn({ session: 'ses_000404', text: 'x', options: {}, actor: user });
    await expect(missing).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('turns of the pipeline', () => {
  const solved: Awaited<ReturnType<DriveParts['runPipeline']>> = {
    type: 'answered',
    answer: 'because',
    files: [],
    diff: '',
    verify: null,
    usage: { in: 1, cached: 0, out: 1, costUsd: 0 },
  };
  const small = { turns: [], facts: { strength: 'small' } } as const;

  it('queue one after the other, told of what was said before', async () => {
    const seen: string[] = [];
    const runPipeline: DriveParts['runPipeline'] = async (context) => {
      seen.push(JSON.stringify([context.request, context.history]));
      await Promise.resolve();
      return solved;
    };
    const made = world({ script: small, parts: { runPipeline } });
    const { session, turn } = await begin(made, 'why?');
    const second = await made.engine.startTurn({ session, text: 'and?', options: {}, actor: user });
    expect(second.turn).not.toBe(turn);
    await made.engine.idle(session);
    expect(seen).toEqual(['["why?",[]]', '["and?",[{"request":"why?","answer":"because"}]]']);
    const view = await viewOf(made.engine, session);
    expect(view.turns.map((one) => one.status)).toEqual(['ok', 'ok']);
    expect(view.turns[0]?.items.map((item) => item.type)).toEqual(['user_message', 'agent_message']);
  });

  it('stay queued when the program ends, and are driven by the next', async () => {
    const hanging: DriveParts['runPipeline'] = ({ signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const made = world({ script: small, parts: { runPipeline: hanging } });
    const { session } = await begin(made, 'one');
    await until(made, session, (event) => event.type === 'snapshot.taken');
    await made.engine.startTurn({ session, text: 'two', options: {}, actor: user });
    await made.engine.close();
    const left = await viewOf(made.engine, session);
    expect(left.turns.map((turn) => turn.status)).toEqual(['interrupted', 'queued']);
    const other = world({
      script: small,
      parts: { runPipeline: async () => solved },
      store: made.store,
      workspace: made.workspace,
      firstId: 1000,
    });
    await other.engine.recover(session);
    await other.engine.idle(session);
    const view = await viewOf(other.engine, session);
    expect(view.turns.map((turn) => turn.status)).toEqual(['interrupted', 'ok']);
  });

  it('fail as verify_failed with the patch when nothing passes', async () => {
    const runPipeline: DriveParts['runPipeline'] = async (context) => ({
      ...solved,
      type: 'unsolved',
      answer: 'No attempt passes.',
      patch: await context.keepFile('best-attempt.patch', 'diff'),
    });
    const made = world({ script: small, parts: { runPipeline } });
    const { view } = await oneTurn(made);
    expect(view.turns[0]).toMatchObject({
      status: 'failed',
      error: { code: 'verify_failed', message: 'No attempt passes.' },
      patch: `/kept/${view.turns[0]?.id}-best-attempt.patch`,
    });
  });

  it('obey an interrupt', async () => {
    const runPipeline: DriveParts['runPipeline'] = ({ signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const made = world({ script: small, parts: { runPipeline } });
    const { session } = await begin(made);
    await until(made, session, (event) => event.type === 'snapshot.taken');
    await made.engine.interrupt(session);
    await made.engine.idle(session);
    expect((await viewOf(made.engine, session)).turns[0]?.status).toBe('interrupted');
  });
});

describe('failures outside the turn', () => {
  it('close the turn when the workspace cannot be had', async () => {
    const made = world({ script: { turns: [] } });
    Object.assign(made.workspace, {
      snapshot: async () => {
        throw new Error('disk gone');
      },
    });
    const { view } = await oneTurn(made);
    expect(view.turns[0]?.error).toEqual({ code: 'internal', message: 'disk gone' });
  });

  it('stop driving when the log cannot be written, and leave the turn for recovery', async () => {
    let full = false;
    const made = world({
      script: { turns: [{ text: 'x' }] },
      wrapStore: (store) => ({
        ...store,
        append: async (input) => {
          if (full) throw new Error('disk full');
          if (input.events.some((event) => event.type === 'snapshot.taken')) full = true;
          return store.append(input);
        },
      }),
    });
    const { session } = await oneTurn(made);
    expect((await viewOf(made.engine, session)).status).toBe('running');
    full = false;
    await made.engine.recover(session);
    await made.engine.idle(session);
    expect((await viewOf(made.engine, session)).turns[0]?.status).toBe('ok');
  });
});

describe('what a screen draws', () => {
  it('is the same live, with deltas, and from the log after a restart', async () => {
    const made = world({ script: { turns: [writing('x'), { text: 'some words here' }] } });
    const settings = { model: 'm', cwd: '/memory', permissionMode: 'bypass' } as const;
    const { session } = await made.engine.createSession({ settings, title: '', actor: user });
    const control = new AbortController();
    let live = initialView;
    let deltas = 0;
    for await (const event of made.engine.follow(session, { after: 0, signal: control.signal })) {
      if (event.type === 'caught_up') {
        await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
      } else if ('seq' in event) live = reduce(live, event as never);
      else {
        live = reduceDelta(live, event as never);
        deltas += 1;
      }
      if (event.type === 'turn.completed') break;
    }
    expect(deltas).toBeGreaterThan(3);
    expect(live).toEqual(await viewOf(made.engine, session));
  });
});
