import { errorCodes } from '@tandem/protocol';
import { describe, expect, test } from 'vitest';
import { createApi, statusOf } from '../src/index.ts';
import { event, fakeEngine, session } from './fake-engine.ts';

const post = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const settings = { model: 'scripted/x', cwd: '/w', permissionMode: 'default' };

describe('commands', () => {
  test('each one reaches the engine with the actor of the door and answers its status', async () => {
    const { engine, calls } = fakeEngine();
    const actor = { type: 'user', id: 'ada' } as const;
    const app = createApi(engine, { actor });
    const requests: [string, unknown][] = [
      ['/v1/sessions', { settings }],
      [`/v1/sessions/${session}/turns`, { text: 'fix it', options: { verify: 'npm test' } }],
      [`/v1/sessions/${session}/interrupt`, undefined],
      [`/v1/sessions/${session}/recover`, undefined],
      [`/v1/sessions/${session}/approvals/apr_000001`, { decision: 'deny', note: 'no' }],
      [`/v1/sessions/${session}/configure`, { permissionMode: 'plan' }],
      [`/v1/sessions/${session}/fork`, { seq: 2 }],
      [`/v1/sessions/${session}/attempts/accept`, { attempt: '2' }],
      [`/v1/sessions/${session}/attempts/discard`, { despite: ['ignored'] }],
    ];
    const answers = [];
    for (const [path, body] of requests) {
      const response = await app.request(path, body === undefined ? { method: 'POST' } : post(body));
      answers.push([response.status, await response.text()]);
    }
    expect(answers).toEqual([
      [201, `{"session":"${session}"}`],
      [202, '{"turn":"trn_000001"}'],
      [202, ''],
      [202, ''],
      [204, ''],
      [204, ''],
      [201, '{"session":"ses_000002"}'],
      [200, '{"files":[{"path":"a","added":1,"removed":2}]}'],
      [200, '{"discarded":["attempt-1"]}'],
    ]);
    expect(calls).toEqual([
      ['createSession', { settings, title: '', actor }],
      ['startTurn', { session, text: 'fix it', options: { verify: 'npm test' }, actor }],
      ['interrupt', session],
      ['recover', session],
      ['resolveApproval', { session, approval: 'apr_000001', decision: 'deny', note: 'no', actor }],
      ['configure', { session, permissionMode: 'plan', actor }],
      ['fork', { session, seq: 2, actor }],
      ['acceptAttempt', { session, attempt: '2', actor }],
      ['discardAttempts', { session, despite: ['ignored'], actor }],
    ]);
  });

  test('the log and the list are read whole', async () => {
    const app = createApi(fakeEngine().engine);
    const events = await (await app.request(`/v1/sessions/${session}/events`)).json();
    expect(events).toEqual({ events: [event(1, 'one'), event(2, 'two')] });
    expect(await (await app.request('/v1/files?cwd=%2Fw&limit=2')).json()).toEqual({
      files: ['a.ts', 'b.ts'],
    });
    expect(await (await app.request('/v1/live?cwd=%2Fw')).json()).toEqual({
      sessions: [session],
      overlaps: [],
    });
    const list = (await (await app.request('/v1/sessions')).json()) as { sessions: { id: string }[] };
    expect(list.sessions.map(({ id }) => id)).toEqual([session]);
  });
});

describe('refusals are problem details', () => {
  const problem = async (path: string, init?: RequestInit) => {
    const response = await createApi(fakeEngine().engine).request(path, init);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    return [response.status, await response.json()];
  };

  test('an AppError keeps code, message and details', async () => {
    expect(await problem(`/v1/sessions/${session}/undo`, post({}))).toEqual([
      409,
      {
        type: 'urn:tandem:error:conflict',
        title: 'conflict',
        status: 409,
        detail: 'Nothing to undo.',
        code: 'conflict',
        details: { turns: 0 },
      },
    ]);
  });

  test.each([
    ['a malformed body names the field', '/v1/sessions', post({ settings: {} }), /^settings\./],
    ['a body that is no JSON', '/v1/sessions', post('{'), /no JSON/],
    ['a body of another type', '/v1/sessions', { method: 'POST', body: 'x' }, /./],
    ['an empty prompt', `/v1/sessions/${session}/turns`, post({ text: '' }), /^text/],
    ['a bad cursor', `/v1/sessions/${session}/follow?after=-1`, undefined, /from 0/],
  ])('%s', async (_, path, init, detail) => {
    const [status, body] = await problem(path, init);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'usage', detail: expect.stringMatching(detail) });
  });

  test('an unknown session is found out before the stream begins', async () => {
    expect(await problem('/v1/sessions/ses_999999/follow')).toMatchObject([404, { code: 'not_found' }]);
  });

  test('an unknown path', async () => {
    expect(await problem('/nothing')).toMatchObject([404, { code: 'not_found' }]);
  });

  test('a bug shows no message of its own', async () => {
    const { engine } = fakeEngine();
    const broken = { ...engine, sessions: () => Promise.reject(new Error('secret path')) };
    const response = await createApi(broken).request('/v1/sessions');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  test('every code has an error status', () => {
    expect(errorCodes.filter((code) => !(statusOf[code] >= 400 && statusOf[code] < 600))).toEqual([]);
  });
});

describe('token', () => {
  test('is asked for on every route when set', async () => {
    const app = createApi(fakeEngine().engine, { token: 'right' });
    const statuses = [];
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Bearer right' }]) {
      statuses.push((await app.request('/v1/sessions', { headers })).status);
    }
    expect(statuses).toEqual([401, 401, 200]);
    expect((await app.request('/openapi.json')).status).toBe(401);
  });
});

describe('follow', () => {
  test('replays after Last-Event-ID, marks the present, then goes live; deltas have no id', async () => {
    const { engine, stopped } = fakeEngine();
    const response = await createApi(engine).request(`/v1/sessions/${session}/follow?after=0`, {
      headers: { 'last-event-id': '1' },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('three')) text += (await reader.read()).value ?? '';
    await reader.cancel();
    await stopped;
    const delta = { type: 'item.delta', session, item: 'itm_000001', text: 'li\nve' };
    expect(text).toBe(
      [
        `id: 2\nevent: turn.admitted\ndata: ${JSON.stringify(event(2, 'two'))}\n\n`,
        'event: caught_up\ndata: {"type":"caught_up"}\n\n',
        `event: item.delta\ndata: ${JSON.stringify(delta)}\n\n`,
        `id: 3\nevent: turn.admitted\ndata: ${JSON.stringify(event(3, 'three'))}\n\n`,
      ].join(''),
    );
  });

  test('a reader that goes away ends the iteration in the engine', async () => {
    const { engine, stopped } = fakeEngine();
    const response = await createApi(engine).request(`/v1/sessions/${session}/follow`);
    await response.body!.cancel();
    await expect(stopped).resolves.toBeUndefined();
  });
});

test('the OpenAPI document describes every route', async () => {
  const response = await createApi(fakeEngine().engine).request('/openapi.json');
  const document = (await response.json()) as { openapi: string; paths: Record<string, object> };
  expect(document.openapi).toBe('3.1.0');
  expect(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    ),
  ).toEqual([
    'post /v1/sessions',
    'get /v1/sessions',
    'get /v1/sessions/{id}/events',
    'get /v1/sessions/{id}/follow',
    'post /v1/sessions/{id}/configure',
    'get /v1/files',
    'post /v1/sessions/{id}/fork',
    'post /v1/sessions/{id}/undo',
    'post /v1/sessions/{id}/redo',
    'post /v1/sessions/{id}/rewind',
    'post /v1/sessions/{id}/turns',
    'post /v1/sessions/{id}/interrupt',
    'post /v1/sessions/{id}/recover',
    'post /v1/sessions/{id}/approvals/{approval}',
    'post /v1/sessions/{id}/attempts/accept',
    'post /v1/sessions/{id}/attempts/discard',
    'get /v1/live',
  ]);
});

describe('a request that no route takes', () => {
  test('an undeclared method is answered with those that are', async () => {
    const app = createApi(fakeEngine().engine);
    const response = await app.request(`/v1/sessions/${session}/turns`, { method: 'PUT' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('a body that does not say its length is counted all the same', async () => {
    const app = createApi(fakeEngine().engine);
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1_000_000).fill(32)),
    });
    const response = await app.request('/v1/sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...{ body, duplex: 'half' },
    });
    expect(response.status).toBe(413);
  });
});
