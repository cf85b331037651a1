import type { GenerateRequest, Message, Model } from '@tandem/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScriptedTurn } from '../../src/scripted/script.ts';
import { modelConformance, readTool, request } from '../conformance.ts';
import { answerOf, type Dialect, dialects, refusal, type Saying } from '../dialects.ts';
import { type FakeServer, startFakeServer } from '../fake-server.ts';
import { createQuickClock, realClock } from '../test-clock.ts';

const signal = new AbortController().signal;
const tokens = { in: 50, cached: 0, out: 7 };
const ok: Saying = { text: ['all ', 'good'], tokens };

const sayingOf = (turn: ScriptedTurn): Saying => ({
  text: (turn.text ?? '').match(/\s*\S+\s*/g) ?? [],
  calls: (turn.toolCalls ?? []).map((call) => ({ ...call, id: call.id ?? 'call_x' })),
  ...(turn.stop === 'length' ? { stop: 'length' as const } : {}),
  tokens: { in: 40, cached: 0, out: 9, ...turn.usage },
});

for (const dialect of dialects) {
  modelConformance({
    name: dialect.name,
    keepsCallIds: dialect.keepsCallIds,
    open: async (turns) => {
      const server = await startFakeServer(dialect);
      server.push(...turns.map((turn) => answerOf(dialect, sayingOf(turn))));
      const transport = { clock: createQuickClock(), random: Math.random };
      const settings = { contextWindow: 8_192, maxOutput: 2_048 };
      const model = dialect.open(server.url, transport, settings);
      return { model, dispose: server.close };
    },
  });
}

describe.each(dialects)('over the wire: $name', (dialect: Dialect) => {
  const servers: FakeServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  const start = async (clock = createQuickClock() as typeof realClock, more = {}) => {
    const server = await startFakeServer(dialect);
    servers.push(server);
    const model = dialect.open(server.url, { clock, random: () => 0.5, ...more });
    return { server, model };
  };
  const timed = async (model: Model, abort: AbortController, reached: Promise<unknown>) => {
    const reason = new Error('enough');
    const result = model.generate(request('x'), { signal: abort.signal, onText: () => undefined });
    const settled = expect(result).rejects.toBe(reason);
    await reached;
    const from = performance.now();
    abort.abort(reason);
    await settled;
    expect(performance.now() - from).toBeLessThan(200);
  };

  it('reports usage and the cached part', async () => {
    const { server, model } = await start();
    server.push(answerOf(dialect, { ...ok, tokens: { in: 1_000, cached: 600, out: 20 } }));
    const { usage } = await model.generate(request('x'), { signal });
    expect(usage).toMatchObject({ in: 1_000, cached: dialect.reportsCache ? 600 : 0, out: 20 });
  });

  it('waits as long as a 429 asks, then goes on', async () => {
    const clock = createQuickClock();
    const { server, model } = await start(clock);
    const busy = { error: { message: 'rate limited', type: 'rate_limit_error' } };
    server.push(
      refusal(429, busy, { 'retry-after': '7' }),
      refusal(429, busy, { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }),
      refusal(503, busy, { 'retry-after': '86400' }),
      refusal(500, { error: 'oops' }),
      answerOf(dialect, ok),
    );
    expect((await model.generate(request('x'), { signal })).text).toBe('all good');
    expect(clock.slept).toEqual([7_000, 9_000, 60_000, 3_000]);
  });

  it('gives up after four retries', async () => {
    const { server, model } = await start();
    server.push(...Array.from({ length: 9 }, () => refusal(502, { error: 'bad gateway' })));
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject({ code: 'model_failed' });
    expect(server.seen.length).toBe(5);
  });

  it('never repeats an answer whose first token was shown, but one that broke off before', async () => {
    const { server, model } = await start();
    const pieces = dialect.say(ok);
    const first = pieces.findIndex((piece) => piece.includes('all '));
    const headers = { 'content-type': dialect.contentType };
    server.push({ headers, pieces: pieces.slice(0, first + 1), finish: 'cut' });
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject({ code: 'model_failed' });
    expect(server.seen.length).toBe(1);
    server.push({ headers, pieces: [], finish: 'cut' }, answerOf(dialect, ok));
    expect((await model.generate(request('x'), { signal })).text).toBe('all good');
    expect(server.seen.length).toBe(3);
  });

  it('takes a stream that ends early for broken, not for done', async () => {
    const { server, model } = await start();
    const pieces = dialect.say(ok);
    const last = pieces.findIndex((piece) => piece.includes('good'));
    server.push({ headers: { 'content-type': dialect.contentType }, pieces: pieces.slice(0, last + 1) });
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject({ code: 'model_failed' });
  });

  it('stops within 200 ms of an abort, before headers, in the stream and between retries', async () => {
    const { server, model } = await start(realClock);
    await model.facts(signal);
    server.push({ headers: { 'content-type': dialect.contentType }, pieces: [], finish: 'hang' });
    await timed(model, new AbortController(), seenBy(server, 1));
    await server.left();
    const begun = dialect.say(ok).slice(0, 3);
    server.push({ headers: { 'content-type': dialect.contentType }, pieces: begun, finish: 'hang' });
    await timed(model, new AbortController(), seenBy(server, 2));
    server.push(refusal(429, { error: 'slow down' }, { 'retry-after': '30' }));
    await timed(model, new AbortController(), seenBy(server, 3));
  });

  it('gives up on a server that says nothing for too long', async () => {
    const { server, model } = await start(realClock, { idleMs: 40, firstByteMs: 2_000 });
    const pieces = dialect.say(ok).slice(0, dialect.say(ok).findIndex((piece) => piece.includes('all ')) + 1);
    server.push({ headers: { 'content-type': dialect.contentType }, pieces, finish: 'hang' });
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject({
      message: expect.stringMatching(/sent nothing/),
    });
  });

  it('recognises a context that is too long and does not try again', async () => {
    const { server, model } = await start();
    server.push(refusal(dialect.overflow.status, dialect.overflow.body));
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject({ code: 'model_overflow' });
    expect(server.seen.length).toBe(1);
  });

  it('says what to do when the key is refused, the model unknown or nobody there', async () => {
    const { server, model } = await start();
    server.push(refusal(401, { error: { message: 'no' } }), refusal(404, { error: 'model not found' }));
    const refused = { code: 'model_unavailable', message: expect.stringMatching(/Check /) };
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject(refused);
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject({
      code: 'model_unavailable',
    });
    await server.close();
    const gone = dialect.open(server.url, { clock: createQuickClock(), random: () => 0.5 });
    await expect(gone.generate(request('x'), { signal })).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringMatching(/Nothing answers at http.*(Start|Check)/),
    });
  });

  it('sends each step with the bytes of the step before', async () => {
    const { server, model } = await start();
    for (let step = 0; step < 4; step += 1) {
      server.push(answerOf(dialect, ok));
      await model.generate(conversation(step), { signal });
    }
    const sent = server.seen.map((one) => dialect.conversation(one.body).replace(/[\]}]+$/, ''));
    for (const [index, earlier] of sent.slice(0, -1).entries()) {
      expect(sent[index + 1]!.startsWith(earlier)).toBe(true);
    }
    const heads = server.seen.map((one) => one.body.slice(0, one.body.search(/"(messages|input)":/)));
    expect(new Set(heads.slice(1)).size).toBe(1);
  });

  it('cancels the other samples when the loop is left', async () => {
    const { server, model } = await start();
    const hanging = { headers: { 'content-type': dialect.contentType }, pieces: [], finish: 'hang' as const };
    server.push(answerOf(dialect, ok), hanging, hanging, hanging);
    for await (const result of model.samples(request('x'), { seeds: [1, 2, 3, 4, 5, 6], signal })) {
      expect(result.text).toBe('all good');
      break;
    }
    await server.left();
    expect(server.seen.length).toBeLessThanOrEqual(5);
  });

  it('reads the same answer however its bytes are split', async () => {
    const call = { id: 'call_1', name: 'read', arguments: { path: 'ü/🌍.ts' } };
    const bytes = new TextEncoder().encode(
      dialect.say({ text: ['Grüße ', '🌍'], calls: [call], tokens }).join(''),
    );
    const read = async (cuts: readonly number[]) => {
      const fetch = splitFetch(dialect, bytes, cuts);
      const settings = { contextWindow: 8_192 };
      const model = dialect.open(
        'http://127.0.0.1:9',
        { clock: realClock, random: () => 0.5, fetch },
        settings,
      );
      return await model.generate(request('x', { tools: [readTool] }), { signal });
    };
    const whole = await read([]);
    expect(whole).toMatchObject({
      text: 'Grüße 🌍',
      toolCalls: [{ name: 'read', arguments: call.arguments }],
    });
    expect(await read(Array.from(bytes, (_byte, index) => index))).toEqual(whole);
    const cuts = fc.uniqueArray(fc.nat({ max: bytes.length - 1 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        expect(await read(places)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });
});

const seenBy = async (server: FakeServer, count: number): Promise<void> => {
  while (server.seen.length < count) await new Promise((resolve) => setImmediate(resolve));
};

/** A growing conversation: each step's messages begin with those of the step before. */
const conversation = (steps: number): GenerateRequest => {
  const messages: Message[] = [
    { role: 'system', text: 'You fix code.' },
    { role: 'user', text: 'Fix the test.' },
  ];
  for (let step = 0; step < steps; step += 1) {
    const id = `call_${step}`;
    messages.push(
      {
        role: 'assistant',
        text: step === 0 ? '' : 'Next.',
        toolCalls: [{ id, name: 'read', arguments: { path: 'a' } }],
      },
      { role: 'tool', callId: id, name: 'read', text: `line "${step}"\n`, isError: step === 2 },
    );
  }
  return { messages, tools: [readTool], maxTokens: 300 - steps };
};

const splitFetch =
  (dialect: Dialect, bytes: Uint8Array, cuts: readonly number[]): typeof globalThis.fetch =>
  async (url) => {
    const path = new URL(String(url)).pathname;
    if (path !== dialect.path) return Response.json(dialect.fixed[path] ?? {});
    const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const [index, place] of places.slice(0, -1).entries()) {
          controller.enqueue(bytes.slice(place, places[index + 1]));
        }
        controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': dialect.contentType } });
  };
