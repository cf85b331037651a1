import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';
import { expectFrame, Terminal } from './terminal.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');
const modules = join(import.meta.dirname, '../../../../node_modules');
const idle = '❯ Ask for a change';
const size = { small: { columns: 40, rows: 12 }, usual: { columns: 80, rows: 24 } };

/** A person's machine with a server whose tool asks where to put something. */
const machineWithAsking = async () => {
  const machine = new Machine();
  const file = join(machine.home, 'asking.mjs');
  const sdk = join(modules, '@modelcontextprotocol/sdk/dist/esm/server');
  writeFileSync(
    file,
    `import { McpServer } from ${JSON.stringify(join(sdk, 'mcp.js'))};
import { StdioServerTransport } from ${JSON.stringify(join(sdk, 'stdio.js'))};
const server = new McpServer({ name: 'shelf', version: '1' });
server.registerTool('put', { description: 'Puts something away' }, async () => {
  const said = await server.server.elicitInput({
    message: 'Where shall it go?',
    requestedSchema: {
      type: 'object',
      properties: {
        room: { type: 'string', title: 'Room', enum: ['attic', 'cellar'], default: 'cellar' },
        shelf: { type: 'integer', title: 'Shelf' },
      },
      required: ['shelf'],
    },
  });
  return { content: [{ type: 'text', text: JSON.stringify(said) }] };
});
await server.connect(new StdioServerTransport());
`,
  );
  await machine.run(['mcp', 'add', 'shelf', '--', process.execPath, file]);
  const use = { toolCalls: [{ name: 'use_tool', arguments: { name: 'shelf/put', arguments: {} } }] };
  const model = machine.script('mind', [
    use,
    { text: 'It lies there.', match: '"action":"accept","content":{"room":"attic","shelf":3}' },
    { text: 'You do not want it.', match: '"action":"decline"' },
    { text: 'Nobody was there.', match: 'does not support' },
  ]);
  const words = ['--model', model, '--permission-mode', 'bypass', 'put it away'];
  const env = { PATH: process.env.PATH, HOME: machine.home, LC_ALL: 'C.UTF-8' };
  const start = (options: object, ...more: string[]): Terminal =>
    new Terminal([bin, ...more, ...words], { cwd: machine.workspace, env, ...options });
  return { machine, start, words };
};

describe.each(['usual', 'small'] as const)('on a %s terminal', (name) => {
  test("a server's question is asked field by field", async () => {
    const { machine, start } = await machineWithAsking();
    const masked = (frame: string): string =>
      frame.replaceAll(machine.home, '<home>').replace(/ctx [\d.]+k?/g, 'ctx <n>');
    const terminal = start(size[name]);
    await terminal.shows('Where shall it go?');
    await terminal.shows('a or d');
    expectFrame(`tui-question-${name}`, masked(terminal.screen()));
    terminal.type('a');
    await terminal.shows('❯ cellar');
    terminal.type('\x15garage\r');
    await terminal.shows('it is one of attic, cellar');
    terminal.type('\x15attic\r');
    await terminal.shows('› Shelf');
    expectFrame(`tui-question-field-${name}`, masked(terminal.screen()));
    terminal.type('\r');
    await terminal.shows('it is needed');
    terminal.type('3\r');
    await terminal.shows('It lies there.');
    await terminal.shows(idle);
  });
});

test('a no is a no, and plain lines ask as well', async () => {
  const { start } = await machineWithAsking();
  const terminal = start({});
  await terminal.shows('a or d');
  terminal.type('d');
  await terminal.shows('You do not want it.');
  terminal.type('\x03\x03');
  const plain = start({}, '--screen-reader');
  await plain.shows('Type a to answer');
  plain.type('a\r');
  await plain.shows('Room (choice, usually cellar):');
  plain.type('attic\r');
  await plain.shows('Shelf (integer):');
  plain.type('x\r');
  await plain.shows('it is a whole number');
  plain.type('3\r');
  await plain.shows('It lies there.');
});

test('without a screen nobody is asked, and the work goes on', async () => {
  const { machine, words } = await machineWithAsking();
  expect(await machine.run(['exec', ...words])).toMatchObject({ code: 0, out: 'Nobody was there.\n' });
});
