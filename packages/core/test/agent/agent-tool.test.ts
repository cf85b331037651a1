import { describe, expect, it } from 'vitest';
import type { AgentDefinition, GenerateRequest } from '../../src/index.ts';
import { begin, until, user, viewOf, type World, world } from '../support/harness.ts';

const scout: AgentDefinition = {
  name: 'scout',
  description: 'finds things',
  instructions: async () => 'You look around.',
  tools: ['read', 'write'],
  model: null,
};

const isChild = (request: GenerateRequest): boolean =>
  request.messages.some(({ text }) => text.startsWith('You look around.'));

const gives = { calls: [{ name: 'agent', arguments: { name: 'scout', task: 'find a' } }] };

/** A session that gives one task away; what the agent does is said by the test. */
const worldWith = (child: readonly object[], agent: AgentDefinition = scout): World => {
  let own = 0;
  let childs = 0;
  return world({
    files: { a: 'old' },
    parts: { agents: async () => [agent] },
    script: {
      turns: (request) => {
        if (isChild(request)) return child[childs++] ?? { text: 'nothing more' };
        return own++ === 0 ? gives : { text: 'over' };
      },
    },
  });
};

const outputOf = async (made: World, session: string): Promise<string> => {
  await made.engine.idle(session);
  const item = (await viewOf(made.engine, session)).turns[0]?.items.find(({ type }) => type === 'tool_call');
  return item?.type === 'tool_call' ? item.output : 'none';
};

describe('an agent that is given work', () => {
  it('has a context and a session of its own, the tools it may have, and gives back its answer', async () => {
    const made = worldWith([{ text: 'It is in a.' }]);
    const { session } = await begin(made, 'look for it');
    expect(await outputOf(made, session)).toMatch(/^It is in a\.\n\n\(session ses_\w+\)$/);
    const asked = made.model.requests.find(isChild);
    expect(asked?.messages.map(({ role, text }) => (role === 'system' ? role : text))).toEqual([
      'system',
      'You look around.\n\nYour task:\nfind a',
    ]);
    expect(asked?.tools?.map(({ name }) => name)).toEqual(['read', 'write']);
    const own = made.model.requests.find((request) => !isChild(request));
    expect(own?.tools?.at(-1)?.description).toContain('- scout: finds things');
    const [, child] = (await made.engine.sessions()).toSorted((one, other) => one.id.localeCompare(other.id));
    expect(child).toMatchObject({ parent: session, title: 'scout: find a' });
  });

  it('gives no work away itself', async () => {
    const made = worldWith([gives, { text: 'done' }], { ...scout, tools: null });
    const { session } = await begin(made);
    expect(await outputOf(made, session)).toContain('done');
    const names = made.model.requests.find(isChild)?.tools?.map(({ name }) => name);
    expect(names).toContain('bash');
    expect(names).not.toContain('agent');
  });

  it('changes files as part of the call, which an undo takes back', async () => {
    const made = worldWith([
      { calls: [{ name: 'write', arguments: { path: 'made', text: 'x' } }] },
      { text: 'made it' },
    ]);
    const { session } = await begin(made);
    expect(await outputOf(made, session)).toContain('It changed: made +1 −0');
    expect(made.workspace.files.get('made')).toBe('x');
    expect((await viewOf(made.engine, session)).turns[0]?.files).toMatchObject([{ path: 'made' }]);
    await made.engine.undo({ session, turns: 1, force: false, actor: user });
    expect(made.workspace.files.has('made')).toBe(false);
  });

  it.each([
    ['allow', true],
    ['deny', false],
  ] as const)('asks the person of the session that gave it the work: %s', async (decision, isMade) => {
    const made = worldWith([
      { calls: [{ name: 'write', arguments: { path: 'made', text: 'x' } }] },
      { text: 'so be it' },
    ]);
    const settings = { model: 'm', cwd: '/memory', permissionMode: 'default' } as const;
    const { session } = await made.engine.createSession({ settings, title: '', actor: user });
    await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
    const event = await until(made, session, ({ type }) => type === 'approval.requested');
    const approval = event.type === 'approval.requested' ? event.data.approval : '';
    expect(event.data).toMatchObject({
      question: expect.stringMatching(/^scout wants to go on: Write made\?/),
      diff: expect.stringContaining('+x'),
    });
    await made.engine.resolveApproval({ session, approval, decision, actor: user });
    expect(await outputOf(made, session)).toContain('so be it');
    expect(made.workspace.files.has('made')).toBe(isMade);
  });

  it('ends with the turn that gave it the work', async () => {
    const made = worldWith([{ until: new Promise(() => {}) }]);
    const { session } = await begin(made);
    await expect.poll(() => made.model.requests.some(isChild)).toBe(true);
    await made.engine.interrupt(session);
    await made.engine.idle(session);
    for (const one of await made.engine.sessions())
      expect((await viewOf(made.engine, one.id)).turns[0]?.status).toBe('interrupted');
  });

  it('that fails, or that there is not, is said to the model', async () => {
    const made = worldWith([]);
    const { session } = await begin(made, 'go', { tools: ['agent'] });
    await made.engine.idle(session);
    const unknown = world({
      parts: { agents: async () => [scout] },
      script: {
        turns: [{ calls: [{ name: 'agent', arguments: { name: 'nobody', task: 'x' } }] }, { text: 'ok' }],
      },
    });
    const other = await begin(unknown);
    expect(await outputOf(unknown, other.session)).toBe('There is no agent nobody.');
    // What the session itself may not use, nobody may whom it gives work.
    expect(made.model.requests.find(isChild)?.tools).toEqual([]);
  });
});
