import { afterEach, describe, expect, it } from 'vitest';
import { retryDelayMs } from '../../src/http/retry.ts';
import { type HttpRequest, requestJson } from '../../src/http/transport.ts';
import { type FakeServer, startFakeServer } from '../fake-server.ts';
import { createQuickClock } from '../test-clock.ts';

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const start = async () => {
  const server = await startFakeServer({ path: '/x' });
  servers.push(server);
  const request: HttpRequest = {
    peer: {
      model: 'm',
      url: server.url,
      whenUnreachable: 'Start it.',
      whenRefused: 'Check the key.',
      whenUnknown: 'Check the name.',
    },
    url: `${server.url}/x`,
    body: '{"a":1}',
    signal: new AbortController().signal,
  };
  const clock = createQuickClock();
  return { server, request, transport: { clock, random: () => 0 }, clock };
};

describe('requestJson', () => {
  it('sends the bytes it was given and reads the answer', async () => {
    const { server, request, transport } = await start();
    server.push({ pieces: ['{"ok":', 'true}'] });
    expect(await requestJson(transport, request)).toEqual({ ok: true });
    expect(server.seen[0]).toMatchObject({ method: 'POST', body: '{"a":1}' });
  });

  it('follows no redirect, which would carry the key elsewhere', async () => {
    const { server, request, transport } = await start();
    server.push({ status: 307, headers: { location: `${server.url}/elsewhere` }, pieces: [] });
    await expect(requestJson(transport, request)).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringMatching(/moved to .*elsewhere/),
    });
    expect(server.probes).toEqual([]);
  });

  it('keeps only the beginning of a long error', async () => {
    const { server, request, transport } = await start();
    server.push({ status: 400, pieces: Array.from({ length: 40 }, () => 'x'.repeat(10_000)) });
    const error = await requestJson(transport, request).catch((reason: unknown) => reason as Error);
    expect((error as Error).message.length).toBeLessThan(600);
  });

  it('doubles its waits', async () => {
    const { server, request, transport, clock } = await start();
    server.push(...Array.from({ length: 5 }, () => ({ status: 500, pieces: ['{}'] })));
    await expect(requestJson(transport, request)).rejects.toMatchObject({ code: 'model_failed' });
    expect(clock.slept).toEqual([250, 500, 1_000, 2_000]);
  });
});

describe('retryDelayMs', () => {
  it('never waits longer than its caps', () => {
    expect(retryDelayMs({ attempt: 20, random: () => 1 })).toBe(8_000);
    expect(retryDelayMs({ attempt: 0, random: () => 0, retryAfterMs: 1e9 })).toBe(60_000);
  });
});
