import { AppError, type Envelope, type Event } from '@tandem/protocol';
import type { EventStore, Lease } from '../ports.ts';
import { sha256 } from './sha256.ts';

type Logged = Event | Envelope;

export type MemoryStore = EventStore & {
  /** Puts a log in place as it is: what a kill left on disk. */
  readonly load: (session: string, events: readonly Logged[]) => void;
};

/** Events a follower may fall behind before it is cut. */
const QUEUE_LIMIT = 10_000;

/** An EventStore that lives and dies with the process. */
export const createMemoryStore = (): MemoryStore => {
  const logs = new Map<string, Logged[]>();
  const holders = new Map<string, number>();
  const fences = new Map<string, number>();
  const blobs = new Map<string, Uint8Array>();
  const followers = new Map<string, Set<(events: readonly Logged[]) => void>>();

  const append: EventStore['append'] = async ({ session, expectedSeq, events, fence }) => {
    const log = logs.get(session) ?? [];
    if ((log.at(-1)?.seq ?? 0) !== expectedSeq)
      throw new AppError('conflict', `the log of ${session} has moved on; read it again`);
    if (fence !== undefined && fence !== fences.get(session))
      throw new AppError('conflict', `the right to write to ${session} was taken over`);
    const committed = structuredCloneOf(events).map((event, index) => ({
      ...event,
      seq: expectedSeq + 1 + index,
    })) as Event[];
    logs.set(session, [...log, ...committed]);
    for (const notify of followers.get(session) ?? []) notify(committed);
    return committed;
  };

  const read: EventStore['read'] = async (session, after = 0) => {
    const log = logs.get(session);
    if (log === undefined) throw new AppError('not_found', `there is no session ${session}`);
    return log.filter((event) => event.seq > after);
  };

  const acquire = async (session: string): Promise<Lease> => {
    if (holders.has(session))
      throw new AppError('busy', `session ${session} is held by this process; close it there first`);
    const fence = (fences.get(session) ?? 0) + 1;
    fences.set(session, fence);
    holders.set(session, fence);
    const release = async (): Promise<void> => {
      if (holders.get(session) === fence) holders.delete(session);
    };
    return { session, fence, release };
  };

  return {
    append,
    read,
    acquire,
    follow: (session, { after, signal }) => followLog({ logs, followers, session, after, signal }),
    list: async () =>
      [...logs.values()]
        .filter((log) => log.length > 0)
        .map(summary)
        .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt) || b.id.localeCompare(a.id)),
    held: async (session) => holders.has(session),
    putBlob: async (bytes) => {
      const hash = sha256(bytes);
      blobs.set(hash, bytes.slice());
      return hash;
    },
    getBlob: async (hash) => blobs.get(hash)?.slice() ?? null,
    load: (session, events) => {
      logs.set(session, [...events]);
    },
  };
};

/** Through JSON, so that a test sees what a file would give back. */
const structuredCloneOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const summary = (log: readonly Logged[]): Awaited<ReturnType<EventStore['list']>>[number] => {
  const first = log[0] as Event;
  const created = first.type === 'session.created' ? first.data : { title: '', cwd: '', parent: undefined };
  return {
    id: first.session,
    title: created.title,
    cwd: created.cwd,
    createdAt: first.at,
    updatedAt: log.at(-1)?.at ?? first.at,
    events: log.length,
    ...(created.parent === undefined ? {} : { parent: created.parent }),
  };
};

type FollowInput = {
  readonly logs: ReadonlyMap<string, readonly Logged[]>;
  readonly followers: Map<string, Set<(events: readonly Logged[]) => void>>;
  readonly session: string;
  readonly after: number;
  readonly signal: AbortSignal;
};

async function* followLog(input: FollowInput): AsyncGenerator<Logged | { readonly type: 'caught_up' }> {
  const { logs, followers, session, after, signal } = input;
  if (!logs.has(session)) throw new AppError('not_found', `there is no session ${session}`);
  const queue: (Logged | { readonly type: 'caught_up' })[] = [];
  let wake: () => void = () => {};
  let overflow = false;
  const notify = (events: readonly Logged[]): void => {
    if (queue.length + events.length > QUEUE_LIMIT) overflow = true;
    else queue.push(...events);
    wake();
  };
  const abort = (): void => wake();
  const mine = followers.get(session) ?? new Set();
  followers.set(session, mine.add(notify));
  signal.addEventListener('abort', abort);
  try {
    yield* (logs.get(session) ?? []).filter((event) => event.seq > after);
    yield { type: 'caught_up' };
    while (!signal.aborted) {
      const next = queue.shift();
      if (next !== undefined) yield next;
      else if (overflow) throw new AppError('conflict', 'the follower was too slow; follow again');
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    mine.delete(notify);
    signal.removeEventListener('abort', abort);
  }
}
