import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const modules = join(import.meta.dirname, '../../../../node_modules');
const everything = join(modules, '@modelcontextprotocol/server-everything/dist/index.js');
const command = [process.execPath, everything, 'stdio'] as const;

const calls = (name: string, given: object) => ({
  toolCalls: [{ name: 'use_tool', arguments: { name, arguments: given } }],
});
const finds = (words: string) => ({ toolCalls: [{ name: 'find_tool', arguments: { words } }] });

/** A server of our own that writes a file where it is started. */
const writing = (machine: Machine): string => {
  const file = join(machine.home, 'writing.mjs');
  const sdk = join(modules, '@modelcontextprotocol/sdk/dist/esm/server');
  writeFileSync(
    file,
    `import { writeFileSync } from 'node:fs';
import { McpServer } from ${JSON.stringify(join(sdk, 'mcp.js'))};
import { StdioServerTransport } from ${JSON.stringify(join(sdk, 'stdio.js'))};
const server = new McpServer({ name: 'writing', version: '1' });
server.registerTool('touch', { description: 'Writes a.txt' }, () => {
  writeFileSync('a.txt', 'written by a server');
  return { content: [{ type: 'text', text: 'x'.repeat(100_000) }] };
});
await server.connect(new StdioServerTransport());
`,
  );
  return file;
};

describe("a person's servers", () => {
  const machine = new Machine();

  test('are added, listed, asked and removed, and other lines of the config stay', async () => {
    const config = join(machine.home, '.config/tandem/config.toml');
    mkdirSync(join(config, '..'), { recursive: true });
    writeFileSync(config, '# mine\nmax_turns = 20\n\n[[hooks.Stop]]\nhooks = []\n');
    const before = readFileSync(config, 'utf8');
    const added = await machine.run(['mcp', 'add', 'everything', '--env', 'A=b c', '--', ...command]);
    expect(added).toMatchObject({ code: 0, err: expect.stringContaining('config.toml') });
    expect((await machine.run(['mcp', 'add', 'web', '--url', 'http://127.0.0.1:9/mcp'])).code).toBe(0);
    expect((await machine.run(['mcp', 'add', 'web', '--url', 'http://a/mcp'])).code).toBe(2);
    const listed = JSON.parse((await machine.run(['mcp', 'list', '--json'])).out);
    expect(listed).toMatchObject([
      { name: 'everything', type: 'stdio', where: command.join(' '), owner: 'person', runs: true },
      { name: 'web', type: 'http', where: 'http://127.0.0.1:9/mcp', runs: true },
    ]);
    const tools = await machine.run(['mcp', 'tools']);
    expect(tools).toMatchObject({
      code: 1,
      err: expect.stringContaining('the MCP server web cannot be used'),
    });
    expect(tools.out).toMatch(/^everything\/echo {2}/m);
    for (const name of ['web', 'everything'])
      expect((await machine.run(['mcp', 'remove', name])).code).toBe(0);
    expect(readFileSync(config, 'utf8')).toBe(before);
    expect((await machine.run(['mcp', 'remove', 'web'])).code).toBe(1);
    expect((await machine.run(['mcp', 'list'])).out).toMatch(/^There are no MCP servers/);
  });

  test('serve a model that searches and calls; every call is asked about unless it is allowed by name', async () => {
    const config = join(machine.home, '.config/tandem/config.toml');
    await machine.run(['mcp', 'add', 'everything', '--', ...command]);
    const model = machine.script('mind', [
      finds('echo message'),
      { match: 'everything/echo: ', ...calls('everything/echo', { message: 'ping' }) },
      { match: '^Echo: ping$', text: 'It said ping.' },
    ]);
    const exec = ['exec', '--model', model, '--permission-mode'];
    for (const mode of ['default', 'auto']) {
      const asked = await machine.run([...exec, mode, 'Go']);
      expect({ mode, ...asked }).toMatchObject({
        code: 3,
        err: expect.stringMatching(
          /Use everything\/echo with \{"message":"ping"\}\? \(what this tool of another program does is not known\)/,
        ),
      });
    }
    expect(await machine.run([...exec, 'bypass', 'Go'])).toMatchObject({ code: 0, out: 'It said ping.\n' });
    writeFileSync(config, `${readFileSync(config, 'utf8')}allow = ["ec*"]\n`);
    expect(await machine.run([...exec, 'default', 'Go'])).toMatchObject({ code: 0, out: 'It said ping.\n' });
    const planned = machine.script('plan', [
      calls('everything/echo', { message: 'ping' }),
      { match: 'while planning nothing is changed', text: 'I see.' },
    ]);
    const ran = await machine.run(['exec', '--model', planned, '--permission-mode', 'plan', 'Go']);
    expect(ran).toMatchObject({ code: 0, out: 'I see.\n' });
  });

  test('what a server writes is undone with the call, and a long result is cut', async () => {
    const own = new Machine();
    await own.run(['mcp', 'add', 'writing', '--', process.execPath, writing(own)]);
    const model = own.script('mind', [
      calls('writing/touch', {}),
      { match: 'characters cut out', text: 'Done.' },
    ]);
    const ran = await own.run(['exec', '--model', model, '--permission-mode', 'bypass', 'Go']);
    expect(ran).toMatchObject({ code: 0 });
    expect(own.read('a.txt')).toBe('written by a server');
    expect((await own.run(['undo'])).code).toBe(0);
    expect(own.read('a.txt')).toBeNull();
  });
});

test("a workspace's servers run when it is trusted, or one by one as they were approved", async () => {
  const machine = new Machine();
  const define = (words: readonly string[]): void =>
    machine.write(
      '.mcp.json',
      JSON.stringify({ mcpServers: { own: { command: words[0], args: words.slice(1), allow: ['*'] } } }),
    );
  define(command);
  const model = machine.script('mind', [
    finds('echo'),
    { match: 'own/echo: ', text: 'Found.' },
    { match: 'There is no tool find_tool', text: 'None.' },
  ]);
  const exec = async (...words: string[]) => {
    const { code, out, err } = await machine.run(['exec', '--model', model, ...words, 'Go']);
    return { code, out: out.trim(), warned: err.includes('1 MCP server') };
  };
  expect(await exec()).toEqual({ code: 0, out: 'None.', warned: true });
  expect(await exec('--trust')).toEqual({ code: 0, out: 'Found.', warned: false });
  expect((await machine.run(['mcp', 'approve', 'own'])).err).toContain(everything);
  expect(await exec()).toEqual({ code: 0, out: 'Found.', warned: false });
  // Another command under the same name is another server.
  define([...command.slice(0, 2), 'stdio', '--else']);
  expect(await exec()).toEqual({ code: 0, out: 'None.', warned: true });
  expect((await machine.run(['mcp', 'list'])).out).toContain('does not run: neither trusted nor approved');
});
