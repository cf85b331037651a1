import { describe, expect, it } from 'vitest';
import type { CodeKnowledge, CodeRunner } from '../../src/index.ts';
import { createEngine } from '../../src/index.ts';
import {
  createMemoryStore,
  manualClock,
  memoryWorkspace,
  scriptedModel,
  sequentialIds,
} from '../../src/testing/index.ts';
import { user, viewOf } from '../support/harness.ts';

describe('createEngine', () => {
  it('comes with the pipeline and the guard by mode, and takes another guard', async () => {
    const workspace = memoryWorkspace({});
    const model = scriptedModel({
      turns: [{ calls: [{ name: 'write', arguments: { path: 'a', text: 'x' } }] }, { text: 'no' }],
    });
    const engine = createEngine(
      {
        clock: manualClock(),
        ids: sequentialIds(),
        store: createMemoryStore(),
        model: async () => model,
        workspace: async () => workspace,
        code: {} as CodeKnowledge,
        runner: {} as CodeRunner,
        instructions: async () => [],
        keepFile: async (_session, name) => name,
      },
      { permit: async () => ({ decision: 'deny', rules: ['house'], score: 1, reasons: ['not today'] }) },
    );
    const settings = { model: 'm', cwd: '/memory', permissionMode: 'bypass' } as const;
    const { session } = await engine.createSession({ settings, title: 'named', actor: user });
    await engine.startTurn({ session, text: 'go', options: {}, actor: user });
    await engine.idle(session);
    expect(model.requests[1]?.messages.at(-1)?.text).toBe('Not allowed: not today.');
    expect((await viewOf(engine, session)).title).toBe('named');
    expect(await engine.sessions()).toMatchObject([{ id: session, title: 'named', cwd: '/memory' }]);
    await engine.close();
    await expect(engine.startTurn({ session, text: 'x', options: {}, actor: user })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
