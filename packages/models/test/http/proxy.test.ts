import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';

/** Setting the proxy is for a whole process, so each case has one of its own. */
const runFetch = async (input: { readonly env: object; readonly url: string }): Promise<string> => {
  const module = new URL('../../src/http/proxy.ts', import.meta.url).href;
  const code = `
    const { useProxy } = await import(${JSON.stringify(module)});
    useProxy(${JSON.stringify(input.env)});
    const response = await fetch(${JSON.stringify(input.url)}).catch((error) => ({ text: () => 'failed' }));
    process.stdout.write(await response.text());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (part) => {
    output += part;
  });
  await once(child, 'close');
  return output;
};

it('goes through the proxy, but to this machine always directly', async () => {
  const through: string[] = [];
  const proxy = createServer((_request, response) => response.end('proxied'));
  proxy.on('connect', (request, socket) => {
    through.push(request.url ?? '');
    socket.end('HTTP/1.1 502 no\r\n\r\n');
  });
  proxy.on('request', (request) => through.push(request.url ?? ''));
  const target = createServer((_request, response) => response.end('direct'));
  for (const server of [proxy, target]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, NO_PROXY: 'other.example' };
  const port = (target.address() as AddressInfo).port;
  expect(await runFetch({ env, url: `http://127.0.0.1:${port}/` })).toBe('direct');
  expect(await runFetch({ env, url: `http://localhost:${port}/` })).toBe('direct');
  expect(through).toEqual([]);
  await runFetch({ env, url: 'http://models.example/v1' });
  await runFetch({ env, url: 'https://models.example/v1' });
  expect(through.length).toBe(2);
  proxy.close();
  target.close();
});
