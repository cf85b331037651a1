import { describe, expect, it } from 'vitest';
import { success, type Tool } from '../../src/index.ts';
import { until, user, viewOf, type World, world } from '../support/harness.ts';

const field = { name: 'port', title: 'Port', kind: 'integer', required: true } as const;

/** A tool of others that asks before it answers; `limit` withdraws the question. */
const asking = (limit: AbortSignal = new AbortController().signal): Tool => ({
  spec: { name: 'ask', description: 'asks', parameters: { type: 'object', properties: {} } },
  effect: 'read',
  replay: 'never',
  run: async (_, { ask }) => {
    const said = await ask?.({ text: 'Which port?', fields: [field] }, limit);
    return success(JSON.stringify(said));
  },
});

const begin = async (
  tool: Tool,
): Promise<World & { readonly session: string; readonly approval: string }> => {
  const made = world({
    script: { turns: [{ calls: [{ name: 'ask', arguments: {} }] }, { text: 'over' }] },
    parts: { tools: async () => [tool] },
  });
  const settings = { model: 'm', cwd: '/memory', permissionMode: 'default' } as const;
  const { session } = await made.engine.createSession({ settings, title: '', actor: user });
  await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
  const event = await until(made, session, (one) => one.type === 'approval.requested');
  const approval = event.type === 'approval.requested' ? event.data.approval : '';
  return { ...made, session, approval };
};

const outputOf = async ({
  engine,
  session,
}: Awaited<ReturnType<typeof begin>>): Promise<string | undefined> => {
  await engine.idle(session);
  const item = (await viewOf(engine, session)).turns[0]?.items.find(({ type }) => type === 'tool_call');
  return item?.type === 'tool_call' ? item.output : undefined;
};

describe('a question in the middle of a call', () => {
  it('is asked with its fields, and what is filled in reaches the call and no log', async () => {
    const made = await begin(asking());
    const { engine, session, approval } = made;
    const view = await viewOf(engine, session);
    expect(view).toMatchObject({
      status: 'waiting',
      approvals: [{ question: 'Which port?', reasons: [], fields: [field] }],
    });
    const values = { port: '80' };
    await engine.resolveApproval({ session, approval, decision: 'allow', values, actor: user });
    expect(await outputOf(made)).toBe('{"decision":"allow","values":{"port":"80"}}');
    const resolved = (await engine.events(session)).find(({ type }) => type === 'approval.resolved');
    expect(resolved?.data).toEqual({ approval, decision: 'allow' });
    expect((await viewOf(engine, session)).status).toBe('idle');
  });

  it('ends with the turn, and the call is an interrupted one', async () => {
    const made = await begin(asking());
    await made.engine.interrupt(made.session);
    expect(await outputOf(made)).toContain('Interrupted');
    const view = await viewOf(made.engine, made.session);
    expect(view).toMatchObject({ approvals: [], status: 'idle', turns: [{ status: 'interrupted' }] });
  });

  it('is taken back when whoever asked waits no longer', async () => {
    const limit = new AbortController();
    const made = await begin(asking(limit.signal));
    limit.abort();
    expect(await outputOf(made)).toBe('null');
    const view = await viewOf(made.engine, made.session);
    expect(view).toMatchObject({ approvals: [], turns: [{ status: 'ok' }] });
    const { session, approval, engine } = made;
    const late = engine.resolveApproval({ session, approval, decision: 'allow', actor: user });
    await expect(late).rejects.toThrow('answered already');
  });
});
