import { describe, expect, it } from 'vitest';
import type { HookAnswer, HookMoment, Hooks } from '../../src/index.ts';
import { begin, oneTurn, until, user, viewOf, world } from '../support/harness.ts';

const silent: HookAnswer = {
  block: null,
  permission: null,
  reason: '',
  context: '',
  stop: null,
  notes: [],
};

/** Hooks that answer where a moment's type is named, and what they were asked. */
const hooksOf = (answers: Readonly<Partial<Record<HookMoment['type'], Partial<HookAnswer>>>>) => {
  const asked: HookMoment[] = [];
  const hooks: Hooks = async (moment) => {
    asked.push(moment);
    const answer = answers[moment.type];
    return answer === undefined ? null : { ...silent, ...answer };
  };
  return { asked, hooks };
};

const write = { calls: [{ name: 'write', arguments: { path: 'a', text: 'new' } }] };

describe('hooks', () => {
  it('are asked and told at each moment, in order', async () => {
    const { asked, hooks } = hooksOf({});
    const made = world({ script: { turns: [write, { text: 'written' }] }, parts: { hooks } });
    const { events } = await oneTurn(made, 'go');
    expect(asked).toEqual([
      { type: 'SessionStart', source: 'startup', model: 'scripted/memory' },
      { type: 'UserPromptSubmit', prompt: 'go' },
      { type: 'PreToolUse', call: expect.any(String), tool: 'write', arguments: { path: 'a', text: 'new' } },
      {
        type: 'PostToolUse',
        call: expect.any(String),
        tool: 'write',
        arguments: { path: 'a', text: 'new' },
        output: expect.stringContaining('a'),
        isError: false,
      },
      { type: 'Stop', answer: 'written', again: false },
    ]);
    expect(events.some(({ type }) => type === 'hook.ran')).toBe(false);
  });

  it('refuse a call whatever the mode, and the model reads why', async () => {
    const { hooks } = hooksOf({ PreToolUse: { block: 'a is frozen' } });
    const made = world({ script: { turns: [write, { text: 'I see' }] }, parts: { hooks } });
    const { view } = await oneTurn(made);
    expect(made.workspace.files.has('a')).toBe(false);
    expect(made.model.requests[1]?.messages.at(-1)?.text).toBe('Not allowed: a is frozen.');
    expect(view.turns[0]).toMatchObject({ status: 'ok', answer: 'I see' });
  });

  it('answer what a person would be asked, and never what the guard denies', async () => {
    const { hooks } = hooksOf({ PreToolUse: { permission: 'allow', reason: 'a hook allows it' } });
    const inMode = async (permissionMode: 'default' | 'plan') => {
      const made = world({ script: { turns: [write, { text: 'done' }] }, parts: { hooks } });
      const settings = { model: 'm', cwd: '/memory', permissionMode };
      const { session } = await made.engine.createSession({ settings, title: '', actor: user });
      await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
      await made.engine.idle(session);
      return made.workspace.files.has('a');
    };
    expect([await inMode('default'), await inMode('plan')]).toEqual([true, false]);
  });

  it('have a person asked about what the guard allows, and tell that somebody is waited for', async () => {
    const { asked, hooks } = hooksOf({ PreToolUse: { permission: 'ask', reason: 'look first' } });
    const made = world({ script: { turns: [write, { text: 'done' }] }, parts: { hooks } });
    const { session } = await begin(made);
    const event = await until(made, session, (one) => one.type === 'approval.requested');
    expect(event.data).toMatchObject({ question: expect.stringContaining('Write a? (look first') });
    const approval = event.type === 'approval.requested' ? event.data.approval : '';
    await made.engine.resolveApproval({ session, approval, decision: 'allow', actor: user });
    await made.engine.idle(session);
    expect(made.workspace.files.get('a')).toBe('new');
    expect(asked).toContainEqual({ type: 'Notification', kind: 'permission_prompt', message: 'Write a?' });
  });

  it('add to the prompt and to a result what the model reads', async () => {
    const { hooks } = hooksOf({
      SessionStart: { context: 'the branch is main' },
      UserPromptSubmit: { context: 'it is Monday' },
      PostToolUse: { block: 'lint fails', context: 'two warnings' },
    });
    const made = world({ script: { turns: [write, { text: 'done' }] }, parts: { hooks } });
    await oneTurn(made, 'go');
    const texts = made.model.requests[0]?.messages.slice(1).map(({ text }) => text);
    expect(texts).toEqual([
      'go',
      '[hook SessionStart] the branch is main',
      '[hook UserPromptSubmit] it is Monday',
    ]);
    expect(made.model.requests[1]?.messages.at(-1)?.text).toMatch(
      /\n\[hook\] lint fails\n\[hook\] two warnings$/,
    );
  });

  it('refuse a prompt: it never reaches the model, in this turn or a later one', async () => {
    let refuse = true;
    const hooks: Hooks = async ({ type }) =>
      type === 'UserPromptSubmit' && refuse ? { ...silent, block: 'it holds a secret' } : null;
    const made = world({ script: { turns: [{ text: 'hello' }] }, parts: { hooks } });
    const { session, view } = await oneTurn(made, 'the password is x');
    expect(view.turns[0]).toMatchObject({ status: 'failed', answer: '' });
    expect(made.model.requests).toEqual([]);
    refuse = false;
    await made.engine.startTurn({ session, text: 'hi', options: {}, actor: user });
    await made.engine.idle(session);
    const seen = made.model.requests[0]?.messages.map(({ text }) => text).join('\n');
    expect([seen?.includes('hi'), seen?.includes('password')]).toEqual([true, false]);
  });

  it('keep the agent at work, and not for ever', async () => {
    const { asked, hooks } = hooksOf({ Stop: { block: 'the tests were not run' } });
    const made = world({ script: { turns: () => ({ text: 'done' }) }, parts: { hooks } });
    const { view } = await oneTurn(made);
    const stops = asked.filter(({ type }) => type === 'Stop');
    expect(stops.map((moment) => moment.type === 'Stop' && moment.again)).toEqual([
      false,
      ...Array(4).fill(true),
    ]);
    expect(made.model.requests[1]?.messages.at(-1)?.text).toBe(
      '[hook Stop] The work is not done yet: the tests were not run',
    );
    expect(view.turns[0]?.status).toBe('ok');
  });

  it('end the turn, and its files go back', async () => {
    const { hooks } = hooksOf({ PostToolUse: { stop: 'enough' } });
    const made = world({ script: { turns: [write, { text: 'done' }] }, parts: { hooks } });
    const { session } = await oneTurn(made);
    expect((await viewOf(made.engine, session)).turns[0]).toMatchObject({
      status: 'interrupted',
      error: { message: 'a hook ended the turn: enough' },
    });
    expect(made.workspace.files.has('a')).toBe(false);
  });
});
