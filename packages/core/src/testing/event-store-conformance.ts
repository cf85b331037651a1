import { type Event, isAppError, type NewEvent } from '@tandem/protocol';
import type { EventStore } from '../ports.ts';

type Expected = {
  readonly toEqual: (value: unknown) => void;
  readonly toBe: (value: unknown) => void;
};

/** What the suite needs of a test runner, and of the one store under test. */
export type ConformanceKit = {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: (name: string, body: () => Promise<void>) => void;
  readonly expect: (value: unknown) => Expected;
  /**
   * A new, empty store. `reopen` gives a second one over the same place, as after a restart; absent where nothing
   * outlives the process.
   */
  readonly open: () => Promise<{
    readonly store: EventStore;
    readonly reopen?: () => Promise<EventStore>;
    readonly close: () => Promise<void>;
  }>;
};

type Opened = Awaited<ReturnType<ConformanceKit['open']>>;
const session = 'ses_000001';

/** What every EventStore must do. */
export const eventStoreConformance = (name: string, kit: ConformanceKit): void => {
  const test = (title: string, body: (opened: Opened) => Promise<void>): void =>
    kit.it(title, async () => {
      const opened = await kit.open();
      try {
        await body(opened);
      } finally {
        await opened.close();
      }
    });
  kit.describe(`EventStore: ${name}`, () => {
    appendTests(kit, test);
    followTests(kit, test);
    leaseTests(kit, test);
    heldTests(kit, test);
    placeTests(kit, test);
  });
};

type Test = (title: string, body: (opened: Opened) => Promise<void>) => void;

const appendTests = ({ expect }: ConformanceKit, test: Test): void => {
  test('numbers events without a gap, from 1', async ({ store }) => {
    const first = await store.append({ session, expectedSeq: 0, events: [created('a'), admitted('b')] });
    const second = await store.append({ session, expectedSeq: 2, events: [admitted('c')] });
    expect([...first, ...second].map((event) => event.seq)).toEqual([1, 2, 3]);
    const read = await store.read(session);
    expect(read).toEqual([...first, ...second]);
    expect(await store.read(session, 2)).toEqual(second);
  });

  test('refuses to append when the log has moved on, and leaves it as it was', async ({ store }) => {
    await store.append({ session, expectedSeq: 0, events: [created('a')] });
    const again = store.append({ session, expectedSeq: 0, events: [created('b')] });
    expect(await codeOf(again)).toBe('conflict');
    expect((await store.read(session)).length).toBe(1);
  });

  test('lets one of two appends at the same place win', async ({ store }) => {
    await store.append({ session, expectedSeq: 0, events: [created('a')] });
    const both = await Promise.all(
      ['b', 'c'].map((id) => codeOf(store.append({ session, expectedSeq: 1, events: [admitted(id)] }))),
    );
    expect(both.toSorted()).toEqual(['conflict', 'none']);
    expect((await store.read(session)).length).toBe(2);
  });

  test('refuses to read a session that is not there', async ({ store }) => {
    expect(await codeOf(store.read('ses_999999'))).toBe('not_found');
  });

  test('keeps any text as it is', async ({ store }) => {
    const text = 'line one\nline "two" \\ \u2028 \u0000 \ud83d\ude80 ünï\r\n';
    await store.append({ session, expectedSeq: 0, events: [created('a'), admitted('b', text)] });
    const event = (await store.read(session))[1] as Event;
    expect(event.type === 'turn.admitted' && event.data.text).toBe(text);
  });
};

const followTests = ({ expect }: ConformanceKit, test: Test): void => {
  test('replays after a place, says caught_up, then goes on live', async ({ store }) => {
    await store.append({ session, expectedSeq: 0, events: [created('a'), admitted('b'), admitted('c')] });
    const control = new AbortController();
    const seen: (string | number)[] = [];
    for await (const event of store.follow(session, { after: 1, signal: control.signal })) {
      seen.push('seq' in event ? event.seq : event.type);
      if (event.type === 'caught_up')
        await store.append({ session, expectedSeq: 3, events: [admitted('d'), admitted('e')] });
      if (seen.length === 5) break;
    }
    control.abort();
    expect(seen).toEqual([2, 3, 'caught_up', 4, 5]);
  });

  test('ends when its signal aborts', async ({ store }) => {
    await store.append({ session, expectedSeq: 0, events: [created('a')] });
    const control = new AbortController();
    const seen: string[] = [];
    try {
      for await (const event of store.follow(session, { after: 0, signal: control.signal })) {
        seen.push(event.type);
        if (event.type === 'caught_up') control.abort();
      }
    } catch (error) {
      if (!control.signal.aborted) throw error;
    }
    expect(seen).toEqual(['session.created', 'caught_up']);
  });

  test('gives every event to each of two followers', async ({ store }) => {
    await store.append({ session, expectedSeq: 0, events: [created('a')] });
    const watch = async (): Promise<number[]> => {
      const control = new AbortController();
      const seen: number[] = [];
      for await (const event of store.follow(session, { after: 0, signal: control.signal })) {
        if ('seq' in event) seen.push(event.seq);
        if (seen.length === 3) break;
      }
      control.abort();
      return seen;
    };
    const both = Promise.all([watch(), watch()]);
    await store.append({ session, expectedSeq: 1, events: [admitted('b')] });
    await store.append({ session, expectedSeq: 2, events: [admitted('c')] });
    expect(await both).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
};

const leaseTests = ({ expect }: ConformanceKit, test: Test): void => {
  test('gives the lease to one holder at a time', async ({ store }) => {
    await store.append({ session, expectedSeq: 0, events: [created('a')] });
    const lease = await store.acquire(session);
    expect(await codeOf(store.acquire(session))).toBe('busy');
    await lease.release();
    const next = await store.acquire(session);
    expect(next.fence > lease.fence).toBe(true);
    await next.release();
  });

  test('refuses the fence of a lease that was given back and taken anew', async ({ store }) => {
    await store.append({ session, expectedSeq: 0, events: [created('a')] });
    const old = await store.acquire(session);
    await old.release();
    const lease = await store.acquire(session);
    const late = store.append({ session, expectedSeq: 1, events: [admitted('b')], fence: old.fence });
    expect(await codeOf(late)).toBe('conflict');
    await store.append({ session, expectedSeq: 1, events: [admitted('c')], fence: lease.fence });
    await lease.release();
    expect((await store.read(session)).map((event) => event.id)).toEqual(['a', 'c']);
  });
};

const heldTests = ({ expect }: ConformanceKit, test: Test): void => {
  test('tells whether somebody holds a session, and of one that is not there that nobody does', async ({
    store,
  }) => {
    await store.append({ session, expectedSeq: 0, events: [created('a')] });
    const held = async (): Promise<readonly boolean[]> => [
      await store.held(session),
      await store.held('ses_000009'),
    ];
    expect(await held()).toEqual([false, false]);
    const lease = await store.acquire(session);
    expect(await held()).toEqual([true, false]);
    await lease.release();
    expect(await held()).toEqual([false, false]);
  });
};

const placeTests = ({ expect }: ConformanceKit, test: Test): void => {
  test('lists sessions, the one written last first', async ({ store }) => {
    await store.append({ session, expectedSeq: 0, events: [created('a', '2026-01-01T00:00:00.000Z')] });
    const later = '2026-01-02T00:00:00.000Z';
    const other = { ...created('b', later), session: 'ses_000002' };
    await store.append({ session: 'ses_000002', expectedSeq: 0, events: [other] });
    const listed = await store.list();
    expect(listed.map((one) => one.id)).toEqual(['ses_000002', session]);
    expect(listed[0]).toEqual({
      id: 'ses_000002',
      title: 'work',
      cwd: '/somewhere',
      createdAt: later,
      updatedAt: later,
      events: 1,
    });
  });

  test('keeps blobs by their hash', async ({ store }) => {
    const bytes = Uint8Array.from('hello', (letter) => letter.charCodeAt(0));
    const hash = await store.putBlob(bytes);
    expect(hash).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
    expect(await store.putBlob(bytes)).toBe(hash);
    expect([...((await store.getBlob(hash)) ?? [])]).toEqual([...bytes]);
    expect(await store.getBlob('0'.repeat(64))).toBe(null);
  });

  test('gives the same log to whoever opens it next', async ({ store, reopen }) => {
    const events = await store.append({ session, expectedSeq: 0, events: [created('a'), admitted('b')] });
    const next = (await reopen?.()) ?? store;
    expect(await next.read(session)).toEqual(events);
    const more = await next.append({ session, expectedSeq: 2, events: [admitted('c')] });
    expect(await next.read(session)).toEqual([...events, ...more]);
  });
};

const envelope = (id: string, at: string): Pick<NewEvent, 'v' | 'id' | 'session' | 'at' | 'actor'> => ({
  v: 1,
  id,
  session,
  at,
  actor: { type: 'user', id: 'ada' },
});

const created = (id: string, at = '2026-01-01T00:00:00.000Z'): NewEvent => ({
  ...envelope(id, at),
  type: 'session.created',
  data: { model: 'scripted/x', cwd: '/somewhere', permissionMode: 'default', title: 'work' },
});

const admitted = (id: string, text = 'do it'): NewEvent => ({
  ...envelope(id, '2026-01-01T00:00:01.000Z'),
  type: 'turn.admitted',
  turn: 'trn_000001',
  data: { text, options: {} },
});

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  );
