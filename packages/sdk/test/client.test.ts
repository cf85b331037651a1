import type { Event } from '@tandem/protocol';
import { expect, test } from 'vitest';
import { type Client, createClient, createTeamClient, type Followed } from '../src/index.ts';

const session = 'ses_000001';
const event = (seq: number): Event => ({
  v: 1,
  id: `evt_00000${seq}`,
  session,
  seq,
  at: '2026-01-01T00:00:00.000Z',
  actor: { type: 'agent', id: 'a' },
  type: 'turn.started',
  data: {},
});
const frame = (value: object): string =>
  `${'seq' in value ? `id: ${value.seq}\n` : ''}data: ${JSON.stringify(value)}\n\n`;
const caughtUp = { type: 'caught_up' };

/** Answers each request with the next response, and remembers what was asked. */
const scripted = (...responses: (() => Response)[]): { client: Client; asked: Request[] } => {
  const asked: Request[] = [];
  const client = createClient({
    baseUrl: 'http://door',
    token: 'key',
    fetch: (request) => {
      const respond = responses[asked.length];
      asked.push(request);
      if (respond === undefined) throw new TypeError('connection refused');
      return respond();
    },
  });
  return { client, asked };
};

const stream = (...chunks: string[]): Response =>
  new Response(new Blob(chunks).stream(), { headers: { 'content-type': 'text/event-stream' } });

const broken = (chunk: string): Response => {
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent) return controller.error(new Error('connection reset'));
      sent = true;
      controller.enqueue(new TextEncoder().encode(chunk));
    },
  });
  return new Response(body);
};

const take = async (followed: AsyncIterable<Followed>, until: number): Promise<Followed[]> => {
  const seen: Followed[] = [];
  for await (const one of followed) {
    seen.push(one);
    if ('seq' in one && one.seq === until) break;
  }
  return seen;
};

test('sends typed commands with the token and rebuilds refusals', async () => {
  const refusal = { code: 'busy', detail: 'Held by process 7.', details: { pid: 7 } };
  const { client, asked } = scripted(
    () => Response.json({ turn: 'trn_000001' }, { status: 202 }),
    () => Response.json(refusal, { status: 423 }),
    () => new Response('<html>bad gateway', { status: 502 }),
  );
  expect(await client.startTurn(session, { text: 'fix' })).toEqual({ turn: 'trn_000001' });
  expect([asked[0]!.method, asked[0]!.url, await asked[0]!.text()]).toEqual([
    'POST',
    `http://door/v1/sessions/${session}/turns`,
    '{"text":"fix"}',
  ]);
  expect(asked[0]!.headers.get('authorization')).toBe('Bearer key');
  await expect(client.interrupt(session)).rejects.toMatchObject({
    code: 'busy',
    message: 'Held by process 7.',
    details: { pid: 7 },
  });
  await expect(client.sessions()).rejects.toMatchObject({ code: 'internal', message: /502/ });
});

test('follow goes on after the last event when the connection breaks, and drops what it has seen', async () => {
  const delta = { type: 'item.delta', session, item: 'itm_000001', text: 'é' };
  const whole = frame(event(2)) + frame(caughtUp) + frame(delta);
  const cut = whole.length - 3;
  const { client, asked } = scripted(
    () => broken(frame(event(1)) + whole.slice(0, 40)),
    () => stream(frame(event(1)), whole.slice(0, cut), whole.slice(cut)),
    () => stream(frame(event(3))),
  );
  const seen = await take(client.follow(session, { after: 0, signal: AbortSignal.timeout(5000) }), 3);
  expect(seen).toEqual([event(1), event(2), caughtUp, delta, event(3)]);
  expect(asked.map((request) => request.headers.get('last-event-id'))).toEqual(['0', '1', '2']);
});

test('follow rejects at once for a refusal', async () => {
  const { client } = scripted(() => Response.json({ code: 'not_found', detail: 'No.' }, { status: 404 }));
  await expect(
    take(client.follow(session, { after: 0, signal: AbortSignal.timeout(5000) }), 1),
  ).rejects.toMatchObject({ code: 'not_found' });
});

test('follow ends quietly when the signal aborts, also while a read waits', async () => {
  const silent = new Response(new ReadableStream());
  const { client } = scripted(() => silent);
  const controller = new AbortController();
  const ended = take(client.follow(session, { after: 0, signal: controller.signal }), 1);
  setImmediate(() => controller.abort());
  expect(await ended).toEqual([]);
});

test("a team's lists are asked for with their limits, and the log of a task as that of a session", async () => {
  const asked: Request[] = [];
  const responses = [
    () => Response.json({ data: [], next: null }),
    () => Response.json({ data: [], next: null }),
    () => stream(frame(event(1)), frame(caughtUp), frame(event(2))),
  ];
  const client = createTeamClient({
    baseUrl: 'http://door',
    fetch: (request) => responses[asked.push(request) - 1]!(),
  });
  await client.repositories({ limit: 100 });
  await client.tasks({ state: 'waiting', limit: 5 });
  const { signal } = new AbortController();
  expect(await take(client.followLog('task_/1', { after: 0, signal }), 2)).toEqual([
    event(1),
    caughtUp,
    event(2),
  ]);
  expect(asked.map(({ url }) => url)).toEqual([
    'http://door/v1/repositories?limit=100',
    'http://door/v1/tasks?state=waiting&limit=5',
    'http://door/v1/tasks/task_%2F1/log',
  ]);
});
