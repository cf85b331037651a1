import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSignIn, signOut } from '../../src/index.ts';
import { readServers } from '../../src/mcp/read-servers.ts';
import { Servers } from '../../src/mcp/servers.ts';

/** The SDK's own example, with an authorization server beside it. */
const example = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/sdk/examples/server/simpleStreamableHttp.js',
);
const cwd = mkdtempSync(join(tmpdir(), 'tandem-sign-in-'));
const tokensFile = join(cwd, 'data', 'tokens.json');
let child: ChildProcess;
let url = '';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  return port;
};

beforeAll(async () => {
  const [port, authPort] = [await freePort(), await freePort()];
  url = `http://localhost:${port}/mcp`;
  child = spawn(process.execPath, [example, '--oauth'], {
    env: { MCP_PORT: String(port), MCP_AUTH_PORT: String(authPort), NODE_ENV: 'test' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('MCP Streamable HTTP Server listening') && said.includes(`port ${authPort}`))
        resolve();
    });
  });
});
afterAll(() => {
  child.kill('SIGKILL');
  rmSync(cwd, { recursive: true, force: true });
});

const signal = new AbortController().signal;
const about = () => ({ cwd, version: '0', tokensFile });

const tools = async () => {
  const settings = { file: 'f', owner: 'person', hooks: undefined, servers: { own: { url } } } as const;
  const { servers } = readServers([settings], {});
  const open = new Servers({ servers, ...about() });
  const found = await open.tools(signal);
  await open.close();
  return { server: servers[0]!, found };
};

test('a server that wants to know who one is says how to sign in; then it is used, until the sign-out', async () => {
  const { server, found } = await tools();
  expect(found).toEqual({ tools: [], problems: [expect.stringContaining('tandem mcp login own')] });

  const signIn = await loadSignIn();
  // The person's browser: it follows where it is sent, and a stranger who knocks first is not believed.
  const visits: Promise<unknown>[] = [];
  const visit = async (address: string): Promise<void> => {
    const back = new URL(address).searchParams.get('redirect_uri') ?? '';
    expect((await fetch(`${back}?code=stolen&state=guessed`)).status).toBe(404);
    expect((await fetch(address)).status).toBe(200);
  };
  const isNew = await signIn(server, {
    ...about(),
    signal,
    open: (address) => void visits.push(visit(address)),
  });
  await Promise.all(visits);
  expect(isNew).toBe(true);
  expect(statSync(tokensFile).mode & 0o777).toBe(0o600);
  expect(readFileSync(tokensFile, 'utf8')).toContain('access_token');

  const after = await tools();
  expect(after.found.problems).toEqual([]);
  expect(after.found.tools.map(({ name }) => name)).toContain('greet');

  expect([signOut(tokensFile, url), signOut(tokensFile, url)]).toEqual([true, false]);
  expect((await tools()).found.problems).toHaveLength(1);
});

test('a sign-in that is given up ends at once', async () => {
  const { server } = await tools();
  const control = new AbortController();
  const signIn = await loadSignIn();
  const open = (): void => {
    setImmediate(() => control.abort(new Error('enough')));
  };
  await expect(signIn(server, { ...about(), signal: control.signal, open })).rejects.toThrow('enough');
});
