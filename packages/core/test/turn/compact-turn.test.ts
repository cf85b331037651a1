import { describe, expect, it } from 'vitest';
import type { GenerateRequest } from '../../src/index.ts';
import { oneTurn, user, viewOf, world } from '../support/harness.ts';

const isSummary = (request: GenerateRequest): boolean => request.tools === undefined;

const say = async (made: ReturnType<typeof world>, session: string, text: string, options = {}) => {
  await made.engine.startTurn({ session, text, options, actor: user });
  await made.engine.idle(session);
};

describe('a turn that only sums up', () => {
  it('leaves the next turn the summary instead of what was said, and keeps what it was told to', async () => {
    const made = world({
      script: {
        turns: (request, index) => {
          if (isSummary(request)) return { text: 'SUMMARY', usage: { in: 7, out: 3 } };
          return index === 0
            ? { calls: [{ name: 'write', arguments: { path: 'a', text: 'x' } }] }
            : { text: 'ok' };
        },
      },
    });
    const { session } = await oneTurn(made, 'first');
    await say(made, session, '/compact the ports', { compact: { focus: 'the ports' } });
    const asked =
      made.model.requests
        .at(-1)
        ?.messages.map(({ text }) => text)
        .join('\n') ?? '';
    expect(asked).toContain('user: first');
    expect(asked).toContain('Above all keep: the ports');
    await say(made, session, 'next');
    const texts = made.model.requests
      .at(-1)
      ?.messages.slice(1)
      .map(({ text }) => text);
    expect(texts).toEqual([expect.stringMatching(/SUMMARY\n\nFiles changed so far: a$/), 'next']);
    const view = await viewOf(made.engine, session);
    expect(view.turns[1]).toMatchObject({
      status: 'ok',
      text: '/compact the ports',
      answer: '',
      usage: { in: 7 },
    });
    expect(view.turns[1]?.items.map(({ type }) => type)).toEqual(['compaction']);
  });

  it('says so when there is nothing to sum up, and when a model is shown no conversation', async () => {
    const empty = world({ script: { turns: () => ({ text: 'never' }) } });
    const { view } = await oneTurn(empty, '/compact', { compact: { focus: '' } });
    expect(view.turns[0]).toMatchObject({ status: 'ok', answer: 'There is nothing to sum up yet.' });
    expect(empty.model.requests).toHaveLength(0);
    const small = world({ script: { facts: { strength: 'small' }, turns: () => ({ text: 'never' }) } });
    const refused = await oneTurn(small, '/compact', { compact: { focus: '' } });
    expect(refused.view.turns[0]?.error).toMatchObject({ code: 'usage' });
  });

  it('waits behind a turn that runs, instead of joining it', async () => {
    let goOn = (): void => {};
    const made = world({
      script: {
        turns: (request, index) => {
          if (isSummary(request)) return { text: 'SUMMARY' };
          return index === 0
            ? { text: 'first answer', until: new Promise<void>((done) => (goOn = done)) }
            : { text: 'ok' };
        },
      },
    });
    const settings = { model: 'm', cwd: '/memory', permissionMode: 'bypass' } as const;
    const { session } = await made.engine.createSession({ settings, title: '', actor: user });
    await made.engine.startTurn({ session, text: 'first', options: {}, actor: user });
    await expect.poll(() => made.model.requests.length).toBe(1);
    const compact = { compact: { focus: '' } };
    await made.engine.startTurn({ session, text: '/compact', options: compact, actor: user });
    goOn();
    await made.engine.idle(session);
    const view = await viewOf(made.engine, session);
    expect(view.turns.map(({ text, status }) => [text, status])).toEqual([
      ['first', 'ok'],
      ['/compact', 'ok'],
    ]);
    expect(made.model.requests.at(-1)?.messages.at(-1)?.text).toContain('first answer');
  });

  it('leaves no word of its own when it is interrupted', async () => {
    let sums = 0;
    const made = world({
      script: {
        turns: (request) => {
          if (!isSummary(request)) return { text: 'ok' };
          sums += 1;
          return { text: 'late', until: new Promise(() => {}) };
        },
      },
    });
    const { session } = await oneTurn(made, 'first');
    await made.engine.startTurn({
      session,
      text: '/compact',
      options: { compact: { focus: '' } },
      actor: user,
    });
    await expect.poll(() => sums).toBe(1);
    await made.engine.interrupt(session);
    await made.engine.idle(session);
    await say(made, session, 'next');
    const texts = made.model.requests
      .at(-1)
      ?.messages.slice(1)
      .map(({ text }) => text);
    expect(texts).toEqual(['first', 'ok', 'next']);
  });
});
