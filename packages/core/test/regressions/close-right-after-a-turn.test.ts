import { describe, expect, it } from 'vitest';
import { begin, until, user, viewOf, world } from '../support/harness.ts';

describe('close', () => {
  it('right after a turn has ended leaves no lease and takes none again', async () => {
    let held = 0;
    let taken = 0;
    const made = world({
      script: { turns: [{ text: 'hello' }] },
      wrapStore: (store) => ({
        ...store,
        acquire: async (session) => {
          const lease = await store.acquire(session);
          held++;
          taken++;
          return {
            ...lease,
            release: async () => {
              // A store on a disk takes a while: what close does not wait for would go on behind its back.
              await new Promise((resolve) => setImmediate(resolve));
              await lease.release();
              held--;
            },
          };
        },
      }),
    });
    const { session } = await begin(made);
    await until(made, session, (event) => event.type === 'turn.completed');
    await made.engine.close();
    const takenAtClose = taken;
    expect(held).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(taken).toBe(takenAtClose);
  });
});

describe('interrupt', () => {
  it('that comes while the question is put still ends the turn', async () => {
    const script = { turns: [{ calls: [{ name: 'write', arguments: { path: 'a', text: 'new' } }] }] };
    const made = world({
      script,
      wrapStore: (store) => ({
        ...store,
        append: async (input) => {
          const events = await store.append(input);
          if (events.some((event) => event.type === 'approval.requested'))
            await made.engine.interrupt(input.session);
          return events;
        },
      }),
    });
    const settings = { model: 'm', cwd: '/memory', permissionMode: 'default' } as const;
    const { session } = await made.engine.createSession({ settings, title: '', actor: user });
    await made.engine.startTurn({ session, text: 'go', options: {}, actor: user });
    await made.engine.idle(session);
    expect((await viewOf(made.engine, session)).turns[0]?.status).toBe('interrupted');
    expect(made.workspace.files.has('a')).toBe(false);
  });
});
