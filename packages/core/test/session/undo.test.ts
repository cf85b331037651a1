import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../src/session/timeline.ts';
import { oneTurn, user, viewOf, type World, world } from '../support/harness.ts';

const writing = (text: string, path = 'a') => ({ calls: [{ name: 'write', arguments: { path, text } }] });
const actor = user;

/** A session of two turns that wrote `one`, then `two`, to `a`. */
const twoTurns = async (more: readonly object[] = []) => {
  const turns = [writing('one'), { text: '1' }, writing('two'), { text: '2' }, ...more, { text: 'end' }];
  const here = world({ script: { turns } });
  const { session } = await oneTurn(here, 'first');
  await again(here, session, 'second');
  return { here, session };
};

const again = async (made: World, session: string, text: string): Promise<void> => {
  await made.engine.startTurn({ session, text, options: {}, actor });
  await made.engine.idle(session);
};

const said = (made: World): readonly string[] =>
  made.model.requests
    .at(-1)
    ?.messages.map((message) => message.text)
    .slice(1) ?? [];

describe('redo', () => {
  it('takes undos back one by one, until a turn comes after them', async () => {
    const { here, session } = await twoTurns();
    const move = { session, force: false, actor };
    await here.engine.undo({ ...move, turns: 1 });
    await here.engine.undo({ ...move, turns: 1 });
    expect(here.workspace.files.has('a')).toBe(false);
    expect(await here.engine.redo({ ...move, times: 1 })).toEqual({ files: ['a'], refs: [] });
    expect(here.workspace.files.get('a')).toBe('one');
    await here.engine.redo({ ...move, times: 1 });
    expect(here.workspace.files.get('a')).toBe('two');
    await expect(here.engine.redo({ ...move, times: 1 })).rejects.toMatchObject({ code: 'conflict' });
    await here.engine.undo({ ...move, turns: 2 });
    expect(here.workspace.files.has('a')).toBe(false);
    await here.engine.redo({ ...move, times: 1 });
    expect(here.workspace.files.get('a')).toBe('two');
    await here.engine.undo({ ...move, turns: 1 });
    await again(here, session, 'third');
    await expect(here.engine.redo({ ...move, times: 1 })).rejects.toMatchObject({
      code: 'conflict',
      message: 'there is nothing to redo',
    });
  });

  it('brings back what a forced undo went over', async () => {
    const { here, session } = await twoTurns();
    here.workspace.files.set('a', 'mine');
    here.workspace.files.set('b', 'mine too');
    const undo = (force: boolean) => here.engine.undo({ session, turns: 1, force, actor });
    const refused = await undo(false).catch((error: Error) => error);
    expect(refused).toMatchObject({
      code: 'conflict',
      details: { conflicts: [{ path: 'a', diff: expect.stringContaining('+mine') }] },
    });
    expect(here.workspace.files.get('a')).toBe('mine');
    here.workspace.files.set('b', 'mine since');
    await undo(true);
    expect(here.workspace.files.get('a')).toBe('one');
    await here.engine.redo({ session, times: 1, force: false, actor });
    expect(here.workspace.files.get('a')).toBe('mine');
    expect(here.workspace.files.get('b')).toBe('mine since');
    // It is the person's again, so it is asked about again.
    await expect(undo(false)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('rewind', () => {
  it('of the conversation leaves files alone, and the model no longer knows what came after', async () => {
    const { here, session } = await twoTurns();
    await here.engine.rewind({ session, to: '2', scope: 'conversation', force: false, actor });
    expect(here.workspace.files.get('a')).toBe('two');
    const view = await viewOf(here.engine, session);
    expect(view.turns.map(({ text, undone }) => [text, undone])).toEqual([
      ['first', false],
      ['second', true],
    ]);
    await again(here, session, 'other');
    expect(said(here)).toEqual(['first', '', expect.any(String), '1', 'other']);
    expect((await viewOf(here.engine, session)).turns.map(({ undone }) => undone)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('of both goes to before a turn, redo brings both back', async () => {
    const { here, session } = await twoTurns();
    const before = await viewOf(here.engine, session);
    const [first, second] = before.turns;
    const move = { session, force: false, actor };
    await here.engine.rewind({ ...move, to: first?.id ?? '', scope: 'both' });
    expect(here.workspace.files.has('a')).toBe(false);
    expect((await viewOf(here.engine, session)).turns.map(({ undone }) => undone)).toEqual([true, true]);
    await here.engine.redo({ ...move, times: 1 });
    expect(here.workspace.files.get('a')).toBe('two');
    expect((await viewOf(here.engine, session)).turns).toEqual(before.turns);
    await again(here, session, 'on');
    expect(said(here).filter((text) => ['first', 'second', 'on'].includes(text))).toEqual([
      'first',
      'second',
      'on',
    ]);
    await expect(here.engine.rewind({ ...move, to: 'trn_none', scope: 'both' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(second?.text).toBe('second');
  });

  it('of code goes to a snapshot inside a turn', async () => {
    const turns = [{ calls: [...writing('one').calls, ...writing('b', 'b').calls] }, { text: 'done' }];
    const here = world({ script: { turns } });
    const { session, events } = await oneTurn(here);
    const taken = events.flatMap((event) => (event.type === 'snapshot.taken' ? [event.data] : []));
    const second = taken.filter(({ reason }) => reason === 'before write')[1];
    await here.engine.rewind({ session, to: second?.snapshot ?? '', scope: 'code', force: false, actor });
    expect(Object.fromEntries(here.workspace.files)).toEqual({ a: 'one' });
    await here.engine.undo({ session, turns: 1, force: false, actor });
    expect(here.workspace.files.size).toBe(0);
    await here.engine.redo({ session, times: 2, force: false, actor });
    expect(Object.fromEntries(here.workspace.files)).toEqual({ a: 'one', b: 'b' });
  });
});

describe('what a person changes while the agent works', () => {
  it('stays when the turn is undone, and when it fails', async () => {
    for (const outcome of ['ok', 'failed'] as const) {
      const steps = [
        writing('one'),
        { calls: [{ name: 'bash', arguments: { command: 'x' } }] },
        { text: 'end' },
      ];
      const here = world({
        script: {
          turns: (_request, index) => {
            // After the first action and before the next.
            if (index === 1) here.workspace.files.set('mine', 'by a person');
            return steps[index] ?? { text: 'end' };
          },
        },
        run: () => ({ exit: outcome === 'ok' ? 0 : 1, output: '' }),
      });
      const inner = here.workspace.run;
      Object.assign(here.workspace, {
        run: async (request: Parameters<typeof inner>[0]) => {
          const result = await inner(request);
          here.workspace.files.set('built', 'by the command');
          return result;
        },
      });
      const verify = outcome === 'ok' ? {} : { verify: 'check' };
      const { session } = await here.engine.createSession({
        settings: { model: 'm', cwd: '/memory', permissionMode: 'bypass' },
        title: '',
        actor,
      });
      await here.engine.startTurn({ session, text: 'go', options: verify, actor });
      await here.engine.idle(session);
      if (outcome === 'ok') await here.engine.undo({ session, turns: 1, force: false, actor });
      expect(here.workspace.files.get('mine')).toBe('by a person');
      expect(here.workspace.files.has('a')).toBe(false);
    }
  });
});

describe('the timeline', () => {
  it('closes what a kill left open at the next snapshot, and never counts it twice', async () => {
    const { here, session } = await twoTurns();
    const events = (await here.engine.events(session)) as Parameters<typeof timelineOf>[0];
    const whole = timelineOf(events);
    expect(whole.turns).toHaveLength(2);
    expect(whole.segments.every(({ after }) => after !== null)).toBe(true);
    for (let length = 1; length <= events.length; length += 1) {
      const cut = timelineOf(events.slice(0, length)).segments;
      expect(cut.filter(({ after }) => after === null).length).toBeLessThanOrEqual(1);
      expect(new Set(cut.map(({ before }) => before)).size).toBe(cut.length);
    }
  });
});
