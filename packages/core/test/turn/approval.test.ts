import { isAppError, type PermissionMode } from '@tandem/protocol';
import { describe, expect, it } from 'vitest';
import { until, user, viewOf, type World, world } from '../support/harness.ts';

const script = {
  turns: [{ calls: [{ name: 'write', arguments: { path: 'a', text: 'new' } }] }, { text: 'written' }],
};

const asking = async (made: World, permissionMode: PermissionMode = 'default') => {
  const settings = { model: 'm', cwd: '/memory', permissionMode };
  const { session } = await made.engine.createSession({ settings, title: '', actor: user });
  await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
  const event = await until(made, session, (one) => one.type === 'approval.requested');
  const approval = event.type === 'approval.requested' ? event.data.approval : '';
  return { session, approval };
};

describe('approval', () => {
  it('waits for a person, shows the question, and goes on when allowed', async () => {
    const made = world({ script });
    const { session, approval } = await asking(made);
    const waiting = await viewOf(made.engine, session);
    expect(waiting.status).toBe('waiting');
    expect(waiting.approvals[0]).toMatchObject({
      question: 'Write a? (changes a file)',
      reasons: ['changes a file'],
      diff: expect.stringContaining('+new'),
    });
    expect(made.workspace.files.has('a')).toBe(false);
    await made.engine.resolveApproval({ session, approval, decision: 'allow', actor: user });
    await made.engine.idle(session);
    expect(made.workspace.files.get('a')).toBe('new');
    const view = await viewOf(made.engine, session);
    expect(view.status).toBe('idle');
    expect(view.turns[0]).toMatchObject({ status: 'ok', answer: 'written' });
  });

  it.each([
    ['an edit of text that is not there', { name: 'edit', arguments: { path: 'a', old: 'no', new: 'new' } }],
    ['an edit of a file that is not there', { name: 'edit', arguments: { path: 'b', old: 'a', new: 'b' } }],
    ['a write over a file that was not read', { name: 'write', arguments: { path: 'c', text: 'new' } }],
    ['a write outside', { name: 'write', arguments: { path: '../c', text: 'new' } }],
  ])('asks nobody about what would fail anyway: %s', async (_, call) => {
    const read = { name: 'read', arguments: { path: 'a' } };
    const made = world({
      script: { turns: [{ calls: [read] }, { calls: [call] }, { text: 'I see' }] },
      files: { a: 'old', c: 'mine' },
    });
    const settings = { model: 'm', cwd: '/memory', permissionMode: 'default' as const };
    const { session } = await made.engine.createSession({ settings, title: '', actor: user });
    await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
    await made.engine.idle(session);
    const view = await viewOf(made.engine, session);
    expect(view.turns[0]).toMatchObject({ status: 'ok', answer: 'I see' });
    expect([...made.workspace.files]).toEqual([
      ['a', 'old'],
      ['c', 'mine'],
    ]);
  });

  it('tells the model when it is declined', async () => {
    const made = world({ script });
    const { session, approval } = await asking(made);
    await made.engine.resolveApproval({
      session,
      approval,
      decision: 'deny',
      note: 'use b',
      actor: user,
    });
    await made.engine.idle(session);
    expect(made.workspace.files.has('a')).toBe(false);
    expect(made.model.requests[1]?.messages.at(-1)?.text).toContain('The person declined this: use b.');
  });

  it('refuses a second answer, an unknown question, and an answer after the end', async () => {
    const made = world({ script });
    const { session, approval } = await asking(made);
    const answer = (id: string) =>
      made.engine.resolveApproval({ session, approval: id, decision: 'allow', actor: user }).then(
        () => 'good',
        (error: unknown) => (isAppError(error) ? error.code : error),
      );
    expect(await answer('apr_nothing')).toBe('not_found');
    expect(await answer(approval)).toBe('good');
    expect(await answer(approval)).toBe('conflict');
    await made.engine.idle(session);
  });

  it('can be interrupted while it waits', async () => {
    const made = world({ script });
    const { session, approval } = await asking(made);
    await made.engine.interrupt(session);
    await made.engine.idle(session);
    const view = await viewOf(made.engine, session);
    expect(view.turns[0]).toMatchObject({ status: 'interrupted' });
    expect(view.approvals).toEqual([]);
    const late = made.engine.resolveApproval({ session, approval, decision: 'allow', actor: user });
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
  });

  it('waits on after a restart and takes the answer there', async () => {
    const before = world({ script });
    const { session, approval } = await asking(before);
    await before.engine.close();
    const after = world({
      script: { turns: [{ text: 'written' }] },
      store: before.store,
      workspace: before.workspace,
      firstId: 1_000,
    });
    await after.engine.recover(session);
    await after.engine.resolveApproval({ session, approval, decision: 'allow', actor: user });
    await after.engine.idle(session);
    expect(after.workspace.files.get('a')).toBe('new');
    expect((await viewOf(after.engine, session)).turns[0]).toMatchObject({ status: 'ok' });
  });

  it('records why it was allowed or denied', async () => {
    const made = world({ script });
    const settings = { model: 'm', cwd: '/memory', permissionMode: 'dontAsk' } as const;
    const { session } = await made.engine.createSession({ settings, title: '', actor: user });
    await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
    await made.engine.idle(session);
    const events = await made.engine.events(session);
    expect(events.find((event) => event.type === 'permission.evaluated')?.data).toMatchObject({
      decision: 'deny',
      rules: ['effect:write', 'mode:dontAsk'],
      reasons: ['changes a file, and nobody may be asked'],
    });
    expect(made.workspace.files.has('a')).toBe(false);
  });
});
