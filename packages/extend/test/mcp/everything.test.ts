import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tool, ToolContext } from '@tandem/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readServers } from '../../src/mcp/read-servers.ts';
import { serverTools } from '../../src/mcp/server-tools.ts';
import { Servers } from '../../src/mcp/servers.ts';

const everything = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-everything/dist/index.js',
);
const cwd = mkdtempSync(join(tmpdir(), 'tandem-mcp-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const settings = (servers: object, owner: 'person' | 'workspace' = 'person') =>
  ({ file: '/settings', owner, hooks: undefined, servers }) as const;

const openServers = (servers: object, env: Record<string, string> = {}): Servers => {
  const read = readServers([settings(servers)], env);
  expect(read.problems).toEqual([]);
  return new Servers({ servers: read.servers, cwd, version: '0', tokensFile: join(cwd, 'tokens.json') });
};

const context = (signal = new AbortController().signal): ToolContext => ({ signal }) as ToolContext;

const toolsOf = (servers: Servers): { readonly find: Tool; readonly use: Tool } => {
  const [find, use] = serverTools(servers);
  if (find === undefined || use === undefined) throw new Error('there are no tools');
  return { find, use };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  return port;
};

const stdio = { command: process.execPath, args: [everything, 'stdio'] };

describe.each(['stdio', 'http'] as const)('the reference server over %s', (reach) => {
  let servers: Servers;
  let http: ReturnType<typeof spawn> | null = null;
  beforeAll(async () => {
    if (reach === 'stdio') {
      servers = openServers({ everything: { ...stdio, allow: ['echo', 'get-*'] } });
      return;
    }
    const port = await freePort();
    http = spawn(process.execPath, [everything, 'streamableHttp'], {
      env: { PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await new Promise<void>((resolve) => {
      const look = (chunk: Buffer): void => {
        if (chunk.toString().includes('listening')) resolve();
      };
      http?.stderr?.on('data', look);
      http?.stdout?.on('data', look);
    });
    servers = openServers({ everything: { type: 'http', url: `http://127.0.0.1:${port}/mcp` } });
  });
  afterAll(async () => {
    await servers.close();
    http?.kill('SIGKILL');
  });

  test('is searched by words, and what is found says how it is called', async () => {
    const { find } = toolsOf(servers);
    const found = await find.run({ words: 'add two numbers sum' }, context());
    expect(found).toMatchObject({ isError: false });
    expect(found.output).toMatch(/^everything\/get-sum: .*\narguments: \{"type":"object","properties":\{"a"/);
    expect(found.output.split('\n\n').length).toBeLessThanOrEqual(8);
    const names = (await find.run({}, context())).output.split('\n');
    expect(names).toContain('everything/echo');
    expect((await find.run({ words: 'zzzz' }, context())).output).toBe('No tool fits these words.');
  });

  test('is called, and what it gives is text, failures included', async () => {
    const { use } = toolsOf(servers);
    const call = async (name: string, given: object = {}) =>
      await use.run({ name: `everything/${name}`, arguments: given }, context());
    expect(await call('get-sum', { a: 2, b: 40 })).toMatchObject({ output: expect.stringContaining('42') });
    expect(await call('echo', { message: 'hi' })).toMatchObject({ output: 'Echo: hi', isError: false });
    expect((await call('get-tiny-image')).output).toContain('[image image/png, not shown]');
    expect(await call('get-sum', { a: 'x' })).toMatchObject({ isError: true });
    expect(await call('no-such-tool')).toMatchObject({ isError: true });
    expect(await use.run({ name: 'other/echo' }, context())).toMatchObject({ isError: true });
  });

  test('is left at once when the turn ends', async () => {
    const { use } = toolsOf(servers);
    const control = new AbortController();
    const given = { duration: 30, steps: 2 };
    const calling = use.run(
      { name: 'everything/trigger-long-running-operation', arguments: given },
      context(control.signal),
    );
    setImmediate(() => control.abort(new Error('enough')));
    await expect(calling).rejects.toThrow('enough');
  });
});

test('only what the person allows by name is known; all else is asked about', () => {
  const { find, use } = toolsOf(openServers({ everything: { ...stdio, allow: ['echo', 'get-*'] } }));
  const known = (name: string) => use.outside?.({ name });
  expect([known('everything/echo'), known('everything/get-sum')]).toEqual(['allowed', 'allowed']);
  expect([known('everything/echo2'), known('other/echo'), known('echo')]).toEqual(Array(3).fill('unknown'));
  expect([use.effect, use.replay, find.effect]).toEqual(['exec', 'never', 'read']);
  const ofWorkspace = readServers([settings({ a: { command: 'x', allow: ['*'] } }, 'workspace')], {});
  expect(ofWorkspace.servers[0]?.allow).toEqual([]);
});

test('a server that cannot start is a problem with what it said, and no other suffers', async () => {
  const servers = openServers({
    broken: { command: process.execPath, args: ['-e', 'console.error("no licence"); process.exit(3)'] },
    absent: { command: 'tandem-no-such-program' },
    everything: stdio,
  });
  const { tools, problems } = await servers.tools(new AbortController().signal);
  expect(tools.some(({ name }) => name === 'echo')).toBe(true);
  expect(problems).toEqual([
    expect.stringMatching(/MCP server broken cannot be used: .*it said: no licence/),
    expect.stringMatching(/MCP server absent cannot be used: .*ENOENT/),
  ]);
  await servers.close();
});

test('a server gets its own variables and none of our secrets, is ended with us, and started again when it died', async () => {
  process.env.SOME_TOKEN = 'hush';
  const log = join(cwd, 'log');
  const program = join(cwd, 'server.mjs');
  writeFileSync(
    program,
    `import { appendFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(log)}, JSON.stringify([process.pid, process.env.OWN, process.env.SOME_TOKEN ?? null]) + '\\n');
process.argv[2] = 'stdio';
await import(${JSON.stringify(everything)});\n`,
  );
  const servers = openServers(
    { own: { command: process.execPath, args: [program], env: { OWN: '${SECRET:-none}' } } },
    { SECRET: 'given' },
  );
  const { use } = toolsOf(servers);
  const echo = () => use.run({ name: 'own/echo', arguments: { message: 'x' } }, context());
  const starts = (): readonly [number, string, unknown][] =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const gone = async (pid: number): Promise<void> => {
    for (;;) {
      try {
        process.kill(pid, 0);
      } catch {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  expect((await echo()).isError).toBe(false);
  const first = starts()[0]?.[0] ?? 0;
  expect(starts()).toEqual([[expect.any(Number), 'given', null]]);
  process.kill(first, 'SIGKILL');
  await gone(first);
  // The end may be noticed only by the call that meets it.
  if ((await echo()).isError) expect((await echo()).isError).toBe(false);
  expect(starts()).toHaveLength(2);
  await servers.close();
  await gone(starts()[1]?.[0] ?? 0);
  delete process.env.SOME_TOKEN;
});
