import type { Engine, Followed } from '@tandem/core';
import { AppError, type Event } from '@tandem/protocol';

export const session = 'ses_000001';

export const event = (seq: number, text: string): Event => ({
  v: 1,
  id: `evt_00000${seq}`,
  session,
  seq,
  at: '2026-01-01T00:00:00.000Z',
  actor: { type: 'user', id: 'local' },
  type: 'turn.admitted',
  data: { text, options: {} },
});

/** An engine that holds one session with two events, one live delta and a third event, and records its calls. */
export const fakeEngine = (): { engine: Engine; calls: unknown[]; stopped: Promise<void> } => {
  const calls: unknown[] = [];
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const known = (id: string): void => {
    if (id !== session) throw new AppError('not_found', `No session ${id}; see tandem sessions.`);
  };
  const log = async <T>(name: string, input: unknown, result: T): Promise<T> => {
    calls.push([name, input]);
    return result;
  };
  async function* follow(
    id: string,
    { after, signal }: { after: number; signal: AbortSignal },
  ): AsyncGenerator<Followed> {
    known(id);
    try {
      yield* [event(1, 'one'), event(2, 'two')].filter(({ seq }) => seq > after);
      yield { type: 'caught_up' };
      yield { type: 'item.delta', session, item: 'itm_000001', text: 'li\nve' };
      yield event(3, 'three');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    } finally {
      stop();
    }
  }
  const engine: Engine = {
    createSession: (input) => log('createSession', input, { session }),
    startTurn: (input) => log('startTurn', input, { turn: 'trn_000001' }),
    interrupt: (id) => log('interrupt', id, undefined),
    resolveApproval: (input) => log('resolveApproval', input, undefined),
    follow,
    sessions: async () => [
      {
        id: session,
        title: 'first',
        cwd: '/w',
        createdAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-01-01T00:00:01.000Z',
        events: 2,
      },
    ],
    events: async (id) => {
      known(id);
      return [event(1, 'one'), event(2, 'two')];
    },
    configure: (input) => log('configure', input, undefined),
    files: (input) => log('files', input, ['a.ts', 'b.ts']),
    fork: (input) => log('fork', input, { session: 'ses_000002' }),
    undo: async () => {
      throw new AppError('conflict', 'Nothing to undo.', { details: { turns: 0 } });
    },
    redo: (input) => log('redo', input, { files: ['a'], refs: [] }),
    rewind: (input) => log('rewind', input, { files: [], refs: ['refs/heads/main'] }),
    acceptAttempt: (input) => log('acceptAttempt', input, { files: [{ path: 'a', added: 1, removed: 2 }] }),
    discardAttempts: (input) => log('discardAttempts', input, { discarded: ['attempt-1'] }),
    live: (cwd) => log('live', cwd, { sessions: [session], overlaps: [] }),
    recover: (id) => log('recover', id, undefined),
    idle: async () => {},
    close: async () => {},
  };
  return { engine, calls, stopped };
};
