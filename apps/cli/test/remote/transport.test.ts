import { createServer, Socket } from 'node:net';
import { speakOn } from '@tandem/api/stream';
import { expect, test } from 'vitest';
import { carryOver } from '../../src/remote/transport.ts';

const sockets = (): Promise<readonly [Socket, Socket]> =>
  new Promise((resolve) => {
    const server = createServer((ours) => {
      server.close();
      resolve([ours, theirs]);
    }).listen(0, '127.0.0.1', () => theirs.connect(server.address() as { readonly port: number }));
    const theirs = new Socket();
  });

const over = async (fetch: (request: Request) => Response | Promise<Response>) => {
  const [ours, theirs] = await sockets();
  const speaking = speakOn(fetch, ours, { pingMs: 60_000 });
  return { speaking, ours, ...carryOver(theirs, 'gone') };
};
const asked = (path: string, given: RequestInit = {}): Request =>
  new Request(`http://tandem.local${path}`, given);
const post = (body: string): RequestInit => ({ method: 'POST', body });

test('bodies of megabytes and answers without one come over as they are', async () => {
  const { transport, close } = await over(async (request) =>
    request.method === 'POST' ? new Response(await request.text()) : new Response(null, { status: 202 }),
  );
  const long = 'ä'.repeat(2_000_000);
  const echoed = await transport(asked('/echo', post(long)));
  expect(await echoed.text()).toBe(long);
  const empty = await transport(asked('/empty'));
  expect(empty.status).toBe(202);
  expect(await empty.text()).toBe('');
  close();
});

test('a follower does not hold up other requests, and is ended by its signal on the other side too', async () => {
  let ended: () => void = () => {};
  const isEnded = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const { transport, close } = await over((request) => {
    if (!request.url.endsWith('/follow')) return new Response('at once');
    return new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
        cancel: () => ended(),
      }),
    );
  });
  const stop = new AbortController();
  const following = await transport(asked('/follow', { signal: stop.signal }));
  const reader = following.body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
  expect(await (await transport(asked('/other'))).text()).toBe('at once');
  stop.abort();
  await expect(reader.read()).rejects.toThrow();
  await isEnded;
  close();
});

test('a line that ends breaks what is under way, and refuses what comes after', async () => {
  const { transport, speaking, ours, ended } = await over(() => new Response(new ReadableStream({})));
  const answer = await transport(asked('/never'));
  const rest = answer.text();
  rest.catch(() => {});
  ours.destroy();
  await speaking;
  await ended;
  await expect(rest).rejects.toThrow();
  await expect(transport(asked('/after'))).rejects.toMatchObject({ code: 'offline', message: 'gone' });
});
